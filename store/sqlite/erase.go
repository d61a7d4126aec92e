package sqlite

import (
	"context"
	"errors"
	"fmt"

	"valse/store"
)

// eraseChunk is how many interactions one transaction deletes: somebody's
// million must not hold up everybody's next one.
const eraseChunk = 5_000

// EraseUser removes a user; see [store.Users]. The first transaction leaves the
// tombstone and takes the user's row, without which no interaction of theirs is
// found any more; then their interactions are deleted bit by bit. A crash in
// between is made good when the file is opened next, or by calling again.
func (s *Store) EraseUser(ctx context.Context, id string) (interactions int, err error) {
	var key int64
	err = s.write(ctx, func(t *tx) (err error) {
		key, err = t.bury(id)
		return err
	})
	if err == nil {
		interactions, err = s.deleteInteractions(ctx, key)
	}
	if err != nil {
		return interactions, fmt.Errorf("erase user %q: %w", id, err)
	}
	return interactions, nil
}

// bury leaves a tombstone, removes the user and their lists, and returns the
// key under which their interactions wait for deletion; 0 when there are none.
func (t *tx) bury(id string) (key int64, err error) {
	err = t.get([]any{&key}, "SELECT pending FROM erasures WHERE user = ?", id)
	if !errors.Is(err, store.ErrNotFound) {
		return key, err // erased before
	}
	users := 1
	switch err := t.get([]any{&key}, "SELECT key FROM users WHERE id = ?", id); {
	case errors.Is(err, store.ErrNotFound):
		users = 0
	case err != nil:
		return 0, err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"INSERT INTO erasures (seq, user, time, pending) SELECT coalesce(max(seq), 0) + 1, ?, ?, ? FROM erasures", []any{id, micros(t.now), key}},
		{"DELETE FROM users WHERE id = ?", []any{id}},
		{"DELETE FROM lists WHERE model IN (SELECT key FROM models) AND user = ?", []any{id}},
	} {
		if _, err := t.exec(step.query, step.args...); err != nil {
			return 0, err
		}
	}
	t.ring(store.NoticeUser, id)
	return key, t.usersChanged(-users, 1)
}

// deleteInteractions deletes what lies under the key of an erased user and
// returns how many interactions went.
func (s *Store) deleteInteractions(ctx context.Context, key int64) (deleted int, err error) {
	for left := key != 0; left; {
		var n int
		err := s.write(ctx, func(t *tx) (err error) {
			n, err = t.deleteSome(key)
			return err
		})
		if err != nil {
			return deleted, err
		}
		deleted += n
		left = n == eraseChunk
	}
	return deleted, nil
}

// deleteSome deletes one chunk and takes it out of the counts; the last chunk
// ends the erasure.
func (t *tx) deleteSome(key int64) (int, error) {
	var seqs []int64
	counts := dayCounts{}
	err := t.each(func(row scanner) error {
		var seq, at int64
		var c dayCount
		if err := row.Scan(&seq, &at, &c.item, &c.kind); err != nil {
			return err
		}
		c.day = store.DayOf(timeOf(at))
		counts[c]--
		seqs = append(seqs, seq)
		return nil
	}, "SELECT seq, time, item, type FROM interactions WHERE user = ? LIMIT ?", key, eraseChunk)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec("DELETE FROM interactions WHERE seq IN (SELECT value FROM json_each(?))", jsonArray(seqs)); err != nil {
		return 0, err
	}
	if err := t.addCounts(counts); err != nil {
		return 0, err
	}
	if len(seqs) < eraseChunk {
		_, err = t.exec("UPDATE erasures SET pending = 0 WHERE pending = ?", key)
	}
	return len(seqs), err
}

// finishErasures goes on where a crash ended one.
func (s *Store) finishErasures(ctx context.Context) error {
	pending, err := list(ctx, s.read, func(row scanner) (key int64, err error) {
		err = row.Scan(&key)
		return key, err
	}, "SELECT pending FROM erasures WHERE pending <> 0")
	if err != nil {
		return fmt.Errorf("find unfinished erasures: %w", err)
	}
	for _, key := range pending {
		if _, err := s.deleteInteractions(ctx, key); err != nil {
			return fmt.Errorf("finish erasure: %w", err)
		}
	}
	return nil
}

// erasedAmong returns which of these users were erased.
func (t *tx) erasedAmong(ids []string) (map[string]bool, error) {
	erased := map[string]bool{}
	err := t.each(func(row scanner) error {
		var id string
		err := row.Scan(&id)
		erased[id] = true
		return err
	}, "SELECT user FROM json_each(?) j CROSS JOIN erasures ON user = j.value", jsonArray(ids))
	return erased, err
}

// Erased lists tombstones with a sequence number above after.
func (s *Store) Erased(ctx context.Context, after int64) ([]store.Erasure, error) {
	erasures, err := list(ctx, s.read, func(row scanner) (store.Erasure, error) {
		var e store.Erasure
		var at int64
		err := row.Scan(&e.Seq, &e.UserID, &at)
		e.Time = timeOf(at)
		return e, err
	}, "SELECT seq, user, time FROM erasures WHERE seq > ? ORDER BY seq", after)
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	return erasures, nil
}
