package pipeline

import (
	"context"
	"errors"
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
	err = store.WhileHeld(ctx, p.store, lease, ttl, func(ctx context.Context) error { return f(ctx, lease) })
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
