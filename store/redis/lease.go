package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"valse/store"
)

// Acquire takes or renews a lease for ttl, by the server's clock. ErrHeld when
// another owner holds it.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (store.Lease, error) {
	answer, err := s.runOne(ctx, acquireScript, []string{s.control.key("lease:" + name)}, owner, ttl.Microseconds())
	if err != nil {
		return store.Lease{}, err
	}
	list, _ := answer.([]any)
	if len(list) != 2 {
		return store.Lease{}, fmt.Errorf("redis: acquire answered %v", answer)
	}
	token, _ := list[0].(int64)
	digits, _ := list[1].(string)
	expires, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return store.Lease{}, fmt.Errorf("lease %q expires %q: %w", name, digits, errPacked)
	}
	if token == 0 {
		return store.Lease{}, fmt.Errorf("lease %q: %w", name, store.ErrHeld)
	}
	return store.Lease{Name: name, Owner: owner, Token: token, Expires: time.UnixMicro(expires).UTC()}, nil
}

// Release gives a lease back; one already lost is not an error.
func (s *Store) Release(ctx context.Context, l store.Lease) error {
	_, err := s.runOne(ctx, releaseScript, []string{s.control.key("lease:" + l.Name)}, l.Owner, l.Token)
	return err
}
