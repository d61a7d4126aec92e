package journal

import (
	"context"
	"errors"
	"time"
)

// Echo is the store's own, where it has one: how long a bare message takes
// through it and back.
func (s *Store) Echo(ctx context.Context, times int) ([]time.Duration, error) {
	if backend, ok := s.Backend.(interface {
		Echo(ctx context.Context, times int) ([]time.Duration, error)
	}); ok {
		return backend.Echo(ctx, times)
	}
	return nil, errors.ErrUnsupported
}
