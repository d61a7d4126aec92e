package live

import (
	"context"

	"valse/internal/trace"
	"valse/store"
)

// Credit enters into events what they count for, by the lists that led to them,
// before they are appended.
func (s *Service) Credit(ctx context.Context, events []store.Interaction) error {
	sealer, err := s.sealer(ctx)
	if err != nil {
		return err
	}
	return sealer.Credit(ctx, s.store, events)
}

// sealer returns the partition's sealer, loading its key when it is first
// needed.
func (s *Service) sealer(ctx context.Context) (*trace.Sealer, error) {
	if sealer := s.seal.Load(); sealer != nil {
		return sealer, nil
	}
	sealer, err := trace.NewSealer(ctx, s.store)
	if err == nil {
		s.seal.Store(sealer)
	}
	return sealer, err
}
