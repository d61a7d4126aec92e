package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"valse/store"
)

// holding waits for a lease, calls f while renewing it, and gives it back. The
// context that f gets ends when the lease is lost; f must then write nothing
// that the lease's token does not guard.
func (p *Pipeline) holding(ctx context.Context, name string, ttl time.Duration, f func(context.Context, store.Lease) error) error {
	// Two goroutines of one process exclude each other like two processes do.
	owner := p.o.Owner + "/" + uuid.NewString()[:8]
	if err := p.giveBack(ctx); err != nil {
		return err
	}
	lease, err := p.awaitLease(ctx, name, owner, ttl)
	if err != nil {
		return err
	}
	work, cancel := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		tick := time.NewTicker(ttl / 4)
		defer tick.Stop()
		for {
			select {
			case <-work.Done():
				return
			case <-tick.C:
				if _, err := p.store.Acquire(work, name, owner, ttl); err != nil && work.Err() == nil {
					cancel(fmt.Errorf("lost the lease %s: %w", name, err))
				}
			}
		}
	}()
	err = f(work, lease)
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = errors.Join(cause, err)
	}
	cancel(nil)
	<-renewed
	return errors.Join(err, p.giveBack(context.WithoutCancel(ctx), lease))
}

// giveBack releases a lease. One that cannot be released, since the store is
// away, is released by the next call, rather than kept until it expires.
func (p *Pipeline) giveBack(ctx context.Context, leases ...store.Lease) error {
	p.kept.Lock()
	defer p.kept.Unlock()
	leases, p.kept.leases = append(leases, p.kept.leases...), nil
	var failed error
	for _, lease := range leases {
		if err := p.store.Release(ctx, lease); err != nil {
			failed = err
			p.kept.leases = append(p.kept.leases, lease)
		}
	}
	return failed
}

// awaitLease takes a lease as soon as it is free.
func (p *Pipeline) awaitLease(ctx context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	for {
		lease, err := p.store.Acquire(ctx, name, owner, ttl)
		if !errors.Is(err, store.ErrHeld) {
			return lease, err
		}
		select {
		case <-ctx.Done():
			return store.Lease{}, errors.Join(err, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
