package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"valse/store"
)

// Acquire takes or renews a lease; see [store.Leases]. The clock is that of
// this machine, which all processes that open the file share.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	var l store.Lease
	err := s.write(ctx, func(t *tx) (err error) {
		l, err = t.acquire(name, owner, ttl)
		return err
	})
	if err != nil {
		return store.Lease{}, fmt.Errorf("acquire lease %q: %w", name, err)
	}
	return l, nil
}

func (t *tx) acquire(name, owner string, ttl time.Duration) (store.Lease, error) {
	l := store.Lease{Name: name}
	var expires int64
	err := t.get([]any{&l.Owner, &l.Token, &expires}, "SELECT owner, token, expires FROM leases WHERE name = ?", name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return l, err
	}
	running := expires > micros(t.now)
	if running && l.Owner != owner {
		return l, fmt.Errorf("held by %q until %v: %w", l.Owner, timeOf(expires), store.ErrHeld)
	}
	if !running {
		l.Token++
	}
	l.Owner, l.Expires = owner, timeOf(micros(t.now.Add(ttl)))
	_, err = t.exec(`INSERT INTO leases (name, owner, token, expires) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, token = excluded.token, expires = excluded.expires`,
		l.Name, l.Owner, l.Token, micros(l.Expires))
	return l, err
}

// Release gives a lease back; one already lost is not an error.
func (s *Store) Release(ctx context.Context, l store.Lease) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE leases SET expires = 0 WHERE name = ? AND owner = ? AND token = ?", l.Name, l.Owner, l.Token)
		return err
	})
	if err != nil {
		return fmt.Errorf("release lease %q: %w", l.Name, err)
	}
	return nil
}
