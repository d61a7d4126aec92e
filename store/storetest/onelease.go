package storetest

import (
	"context"
	"sync"
	"time"

	"valse/store"
)

// OneLease are the leases of a store that has one, by the clock: also by that of
// a synctest bubble. The zero value is free.
type OneLease struct {
	mu   sync.Mutex
	held store.Lease
}

var _ store.Leases = (*OneLease)(nil)

// Acquire takes or renews the lease. store.ErrHeld while another holds it.
func (l *OneLease) Acquire(_ context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held.Owner != owner && l.held.Expires.After(time.Now()) {
		return store.Lease{}, store.ErrHeld
	}
	l.held = store.Lease{Name: name, Owner: owner, Token: 1, Expires: time.Now().Add(ttl)}
	return l.held, nil
}

// Release gives the lease back, unless the context has ended.
func (l *OneLease) Release(ctx context.Context, _ store.Lease) error {
	if ctx.Err() == nil {
		l.set(store.Lease{})
	}
	return ctx.Err()
}

// Lose takes the lease from whoever holds it, for an hour.
func (l *OneLease) Lose() { l.set(store.Lease{Owner: "another", Expires: time.Now().Add(time.Hour)}) }

func (l *OneLease) set(held store.Lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = held
}
