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
	var erasure int64
	if err := s.read.get(ctx, []any{&erasure}, "SELECT coalesce(max(seq), 0) FROM erasures"); err != nil {
		return nil, err
	}
	if log, known := s.writer.tail.after(after, limit, end, erasure); known {
		return log, nil
	}
	return s.readLogFile(ctx, after, int(max(0, min(int64(limit), end-after))))
}

// readLogFile reads up to limit entries from the file.
func (s *Store) readLogFile(ctx context.Context, after int64, limit int) ([]store.Interaction, error) {
	log := make([]store.Interaction, 0, limit)
	for len(log) < limit {
		room := log[len(log):min(len(log)+logChunk, limit)]
		keys, err := s.logChunk(ctx, room, after)
		if err != nil || len(keys) == 0 {
			return log, err
		}
		after = room[len(keys)-1].Seq
		chunk, err := s.named(ctx, room[:len(keys)], keys)
		if err != nil {
			return nil, err
		}
		log = log[:len(log)+len(chunk)]
	}
	return log, nil
}

// rowKeys are the keys of an entry's user and item.
type rowKeys struct{ user, item int64 }

// logChunk fills room with the next entries, without the ids of their users and
// items, and returns the keys of both, one pair for each entry.
func (s *Store) logChunk(ctx context.Context, room []store.Interaction, after int64) ([]rowKeys, error) {
	keys := make([]rowKeys, 0, len(room))
	err := s.read.each(ctx, func(row scanner) error {
		i := &room[len(keys)]
		var key rowKeys
		var kind, at, recorded int64
		err := row.Scan(&i.Seq, &key.user, &key.item, &kind, &i.Value, &at, &i.EventID, &i.Basket, &i.RecommendationID, &recorded)
		i.Type, i.Time, i.RecordedAt = store.EventType(kind), timeOf(at), timeOf(recorded)
		keys = append(keys, key)
		return err
	}, "SELECT seq, user, item, type, value, time, event, basket, recommendation, recorded FROM interactions WHERE seq > ? ORDER BY seq LIMIT ?", after, len(room))
	return keys, err
}

// named names the users and items of a chunk and returns, in the same place, its
// entries but for those of users being erased, who have no name any more.
func (s *Store) named(ctx context.Context, chunk []store.Interaction, keys []rowKeys) ([]store.Interaction, error) {
	users, items := map[int64]string{}, map[int64]string{}
	for _, key := range keys {
		users[key.user], items[key.item] = "", ""
	}
	if err := s.names(ctx, "users", users); err != nil {
		return nil, err
	}
	if err := s.names(ctx, "items", items); err != nil {
		return nil, err
	}
	named := chunk[:0]
	for n, key := range keys {
		if id := users[key.user]; id != "" {
			i := chunk[n]
			i.UserID, i.ProductID = id, items[key.item]
			named = append(named, i)
		}
	}
	return named, nil
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
