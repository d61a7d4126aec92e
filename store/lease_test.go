package store_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"valse/store"
	"valse/store/storetest"
)

func TestALeaseIsHeldForAsLongAsTheWorkTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &storetest.OneLease{}
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
		s := &storetest.OneLease{}
		lease, _ := s.Acquire(t.Context(), "work", "one", time.Minute)
		err := store.WhileHeld(t.Context(), s, lease, time.Minute, func(ctx context.Context) error {
			s.Lose()
			<-ctx.Done()
			return nil
		})
		if !errors.Is(err, store.ErrHeld) {
			t.Errorf("WhileHeld = %v, want %v", err, store.ErrHeld)
		}
	})
}
