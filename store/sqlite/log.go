package sqlite

import (
	"context"
	"fmt"

	"valse/store"
)

// Shards is 1: one writer, one log.
func (s *Store) Shards() int { return 1 }

// ReadLog returns up to limit interactions after a sequence number. An entry
// becomes visible with all before it, since one transaction at a time gives
// numbers.
func (s *Store) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	if shard != 0 {
		return nil, &store.Invalid{Field: "shard", Value: fmt.Sprint(shard), Want: "0, the only shard"}
	}
	entries, err := list(ctx, s.read, func(row scanner) (store.Interaction, error) { return scanInteraction(row) },
		"SELECT "+interactionColumns+` FROM interactions i
			CROSS JOIN users u ON u.key = i.user
			CROSS JOIN items p ON p.key = i.item
			WHERE i.seq > ? ORDER BY i.seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log after %d: %w", after, err)
	}
	return entries, nil
}

// LogEnd returns the last sequence number given.
func (s *Store) LogEnd(ctx context.Context) ([]int64, error) {
	end, err := s.counter(ctx, "log")
	if err != nil {
		return nil, fmt.Errorf("read log end: %w", err)
	}
	return []int64{end}, nil
}
