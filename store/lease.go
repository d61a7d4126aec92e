package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// WhileHeld calls f while it renews a lease that was just taken for ttl. The
// context that f gets ends when the lease is lost, which WhileHeld then reports;
// f must then write nothing that the lease's token does not guard. Giving the
// lease back is left to the caller.
func WhileHeld(ctx context.Context, s Leases, l Lease, ttl time.Duration, f func(context.Context) error) error {
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
				if _, err := s.Acquire(work, l.Name, l.Owner, ttl); err != nil && work.Err() == nil {
					cancel(fmt.Errorf("lost the lease %s: %w", l.Name, err))
				}
			}
		}
	}()
	err := f(work)
	if cause := context.Cause(work); cause != nil && ctx.Err() == nil {
		err = errors.Join(cause, err)
	}
	cancel(nil)
	<-renewed
	return err
}
