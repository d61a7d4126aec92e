package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"valse/store"
)

// leases has one lease, by the clock.
type leases struct {
	mu   sync.Mutex
	held store.Lease
}

func (s *leases) Acquire(_ context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held.Owner != owner && s.held.Expires.After(time.Now()) {
		return store.Lease{}, store.ErrHeld
	}
	s.held = store.Lease{Name: name, Owner: owner, Token: 1, Expires: time.Now().Add(ttl)}
	return s.held, nil
}

func (s *leases) Release(context.Context, store.Lease) error { return nil }

func TestALeaseIsHeldForAsLongAsTheWorkTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &leases{}
		lease, _ := s.Acquire(t.Context(), "work", "one", time.Minute)
		err := store.WhileHeld(t.Context(), s, lease, time.Minute, func(ctx context.Context) error {
			for range 10 {
				time.Sleep(time.Minute)
				if _, err := s.Acquire(ctx, "work", "another", time.Minute); !errors.Is(err, store.ErrHeld) {
					t.Errorf("Acquire by another = %v, want %v", err, store.ErrHeld)
				}
			}
			return ctx.Err()
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestWorkEndsWhenItsLeaseIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &leases{}
		lease, _ := s.Acquire(t.Context(), "work", "one", time.Minute)
		err := store.WhileHeld(t.Context(), s, lease, time.Minute, func(ctx context.Context) error {
			s.mu.Lock()
			s.held = store.Lease{Owner: "another", Expires: time.Now().Add(time.Hour)}
			s.mu.Unlock()
			<-ctx.Done()
			return nil
		})
		if !errors.Is(err, store.ErrHeld) {
			t.Errorf("WhileHeld = %v, want %v", err, store.ErrHeld)
		}
	})
}
