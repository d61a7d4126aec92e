package sqlite

import (
	"context"
	"fmt"

	"valse/store"
)

// Shards is 1: one writer, one log.
func (s *Store) Shards() int { return 1 }

// logChunk is how many entries one statement reads: those of a chunk share
// their users' and items' names.
const logChunk = 20_000

// ReadLog returns up to limit interactions after a sequence number. An entry
// becomes visible with all before it, since one transaction at a time gives
// numbers.
func (s *Store) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	if shard != 0 {
		return nil, &store.Invalid{Field: "shard", Value: fmt.Sprint(shard), Want: "0, the only shard"}
	}
	log, err := s.readLog(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log after %d: %w", after, err)
	}
	return log, nil
}

func (s *Store) readLog(ctx context.Context, after int64, limit int) ([]store.Interaction, error) {
	end, err := s.counter(ctx, "log")
	if err != nil {
		return nil, err
	}
	log := make([]store.Interaction, 0, max(0, min(int64(limit), end-after)))
	for len(log) < limit {
		chunk, err := s.logChunk(ctx, after, min(limit-len(log), logChunk))
		if err != nil || len(chunk) == 0 {
			return log, err
		}
		after = chunk[len(chunk)-1].Seq
		if log, err = s.appendNamed(ctx, log, chunk); err != nil {
			return nil, err
		}
	}
	return log, nil
}

// logChunk reads entries with the keys of their users and items.
func (s *Store) logChunk(ctx context.Context, after int64, limit int) ([]entry, error) {
	chunk := make([]entry, 0, limit)
	interactions := make([]store.Interaction, limit) // one allocation for all
	err := s.read.each(ctx, func(row scanner) error {
		e := entry{Interaction: &interactions[len(chunk)]}
		var kind, at, recorded int64
		err := row.Scan(&e.Seq, &e.user, &e.item, &kind, &e.Value, &at, &e.EventID, &e.Basket, &e.RecommendationID, &recorded)
		e.Type, e.Time, e.RecordedAt = store.EventType(kind), timeOf(at), timeOf(recorded)
		chunk = append(chunk, e)
		return err
	}, "SELECT seq, user, item, type, value, time, event, basket, recommendation, recorded FROM interactions WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	return chunk, err
}

// appendNamed names the users and items of a chunk and appends its entries to
// the log, but for those of users being erased, who have no name any more.
func (s *Store) appendNamed(ctx context.Context, log []store.Interaction, chunk []entry) ([]store.Interaction, error) {
	users, items := map[int64]string{}, map[int64]string{}
	for _, e := range chunk {
		users[e.user], items[e.item] = "", ""
	}
	if err := s.names(ctx, "users", users); err != nil {
		return nil, err
	}
	if err := s.names(ctx, "items", items); err != nil {
		return nil, err
	}
	for _, e := range chunk {
		e.UserID, e.ProductID = users[e.user], items[e.item]
		if e.UserID != "" {
			log = append(log, *e.Interaction)
		}
	}
	return log, nil
}

// names fills in the ids behind keys of a table, users or items. A key that
// the table lacks keeps the empty id.
func (s *Store) names(ctx context.Context, table string, ids map[int64]string) error {
	keys := make([]int64, 0, len(ids))
	for key := range ids {
		keys = append(keys, key)
	}
	return s.read.each(ctx, func(row scanner) error {
		var key int64
		var id string
		if err := row.Scan(&key, &id); err != nil {
			return err
		}
		ids[key] = id
		return nil
	}, "SELECT key, id FROM (SELECT value FROM json_each(?)) j CROSS JOIN "+table+" ON key = j.value", jsonArray(keys))
}

// LogEpoch is 0: what was committed stays.
func (s *Store) LogEpoch(context.Context) (int64, error) { return 0, nil }

// LogEnd returns the last sequence number given.
func (s *Store) LogEnd(ctx context.Context) ([]int64, error) {
	end, err := s.counter(ctx, "log")
	if err != nil {
		return nil, fmt.Errorf("read log end: %w", err)
	}
	return []int64{end}, nil
}
