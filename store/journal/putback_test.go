package journal

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"valse/internal/disk"
	"valse/store"
	"valse/store/storetest"
)

// bare is a backend that lost everything, whose tombstones are asked for by do.
type bare struct {
	Backend
	lease storetest.OneLease
	do    func(context.Context) error
}

func (b *bare) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	return b.lease.Acquire(ctx, name, owner, ttl)
}

func (b *bare) Release(ctx context.Context, l store.Lease) error { return b.lease.Release(ctx, l) }

func (b *bare) Erased(ctx context.Context, _ int64) ([]store.Erasure, error) { return nil, b.do(ctx) }

func (b *bare) Published(context.Context) (store.Publication, error) {
	return store.Publication{}, store.ErrNotFound
}

func putBackTo(t *testing.T, ctx context.Context, b *bare) error {
	t.Helper()
	control, err := openControl(disk.OS{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return (&applier{Store: &Store{Backend: b, control: control}, name: "here"}).putBack(ctx)
}

func TestOneProcessPutsBackHoweverLongItTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bare{}
		b.do = func(ctx context.Context) error {
			time.Sleep(time.Hour)
			if _, err := b.Acquire(ctx, putBackLease, "there", time.Minute); !errors.Is(err, store.ErrHeld) {
				t.Errorf("Acquire by another while one puts back = %v, want %v", err, store.ErrHeld)
			}
			return nil
		}
		if err := putBackTo(t, t.Context(), b); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoIsStoppedWhilePuttingBackLeavesItToOthers(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := &bare{do: func(ctx context.Context) error { cancel(); return ctx.Err() }}
	if err := putBackTo(t, ctx, b); !errors.Is(err, context.Canceled) {
		t.Errorf("putBack = %v, want %v", err, context.Canceled)
	}
	if _, err := b.Acquire(t.Context(), putBackLease, "there", time.Minute); err != nil {
		t.Errorf("Acquire by another = %v", err)
	}
}
