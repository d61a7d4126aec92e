package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"valse/store"
)

// dayCount is what is counted.
type dayCount struct {
	day  store.Day
	item int64
	kind store.EventType
}

// dayCounts is how often, gathered over a batch.
type dayCounts map[dayCount]int64

// addCounts adds to the stored counts, in the order in which they lie.
func (t *tx) addCounts(counts dayCounts) error {
	keys := make([]dayCount, 0, len(counts))
	yesterday, old := store.DayOf(t.now)-1, false
	for c := range counts {
		keys = append(keys, c)
		old = old || c.day < yesterday
	}
	slices.SortFunc(keys, func(a, b dayCount) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.item, b.item), cmp.Compare(a.kind, b.kind))
	})
	rows := t.into("day_counts (day, item, type, n)", 4, " ON CONFLICT (day, item, type) DO UPDATE SET n = n + excluded.n")
	for _, c := range keys {
		if err := rows.add(int64(c.day), c.item, int64(c.kind), counts[c]); err != nil {
			return err
		}
	}
	if err := rows.flush(); err != nil || !old {
		return err
	}
	return t.add("counts", 1)
}

// Counts calls f with the day counts from a day on.
func (s *Store) Counts(ctx context.Context, from store.Day, f func(store.Count) error) error {
	err := s.read.each(ctx, func(row scanner) error {
		var c store.Count
		if err := row.Scan(&c.Day, &c.ProductID, &c.Type, &c.N); err != nil {
			return err
		}
		return f(c)
	}, "SELECT c.day, p.id, c.type, c.n FROM day_counts c CROSS JOIN items p ON p.key = c.item WHERE c.day >= ? AND c.n <> 0", int64(from))
	if err != nil {
		return fmt.Errorf("read counts: %w", err)
	}
	return nil
}
