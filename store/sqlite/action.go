package sqlite

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"valse/store"
)

// RecordAction appends to the audit log.
func (s *Store) RecordAction(ctx context.Context, a store.Action) error {
	err := s.write(ctx, func(t *tx) error {
		if a.Time.IsZero() {
			a.Time = t.now
		}
		_, err := t.exec("INSERT INTO actions (time, actor, address, name, detail, outcome) VALUES (?, ?, ?, ?, ?, ?)",
			micros(a.Time), a.Actor, a.Address, a.Name, a.Detail, a.Outcome)
		return err
	})
	if err != nil {
		return fmt.Errorf("record action %s: %w", a.Name, err)
	}
	return nil
}

// ActionList returns the newest actions before one; see [store.Actions].
func (s *Store) ActionList(ctx context.Context, before string, limit int) ([]store.Action, error) {
	if limit <= 0 {
		return nil, nil
	}
	end := int64(math.MaxInt64)
	if before != "" {
		var err error
		if end, err = strconv.ParseInt(before, 10, 64); err != nil {
			return nil, &store.Invalid{Field: "after", Value: before, Want: "the id of an action"}
		}
	}
	actions, err := list(ctx, s.read, scanAction,
		"SELECT seq, time, actor, address, name, detail, outcome FROM actions WHERE seq < ? ORDER BY seq DESC LIMIT ?", end, min(limit, store.MaxPage))
	if err != nil {
		return nil, fmt.Errorf("list actions: %w", err)
	}
	return actions, nil
}

func scanAction(row scanner) (store.Action, error) {
	var a store.Action
	var seq, at int64
	err := row.Scan(&seq, &at, &a.Actor, &a.Address, &a.Name, &a.Detail, &a.Outcome)
	a.ID, a.Time = strconv.FormatInt(seq, 10), timeOf(at)
	return a, err
}
