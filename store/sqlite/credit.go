package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"valse/store"
)

// creditCount is what is credited.
type creditCount struct {
	day    store.Day
	credit string
	kind   store.EventType
}

// addCredits counts what the entries are credited to, in the order in which
// the counts lie.
func (t *tx) addCredits(entries []entry) error {
	counts := map[creditCount]int64{}
	for _, e := range entries {
		if e.Credit != "" {
			counts[creditCount{store.DayOf(e.Time), e.Credit, e.Type}]++
		}
	}
	if len(counts) == 0 {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b creditCount) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.credit, b.credit), cmp.Compare(a.kind, b.kind))
	})
	rows := t.into("credit_counts (day, credit, type, n)", 4, " ON CONFLICT (day, credit, type) DO UPDATE SET n = n + excluded.n")
	for _, c := range keys {
		if err := rows.add(int64(c.day), c.credit, int64(c.kind), counts[c]); err != nil {
			return err
		}
	}
	return rows.flush()
}

// Credits calls f with the counts of credited events of some days.
func (s *Store) Credits(ctx context.Context, from, to store.Day, f func(store.CreditCount) error) error {
	err := s.read.each(ctx, func(row scanner) error {
		var c store.CreditCount
		if err := row.Scan(&c.Day, &c.Credit, &c.Type, &c.N); err != nil {
			return err
		}
		return f(c)
	}, "SELECT day, credit, type, n FROM credit_counts WHERE day BETWEEN ? AND ?", int64(from), int64(to))
	if err != nil {
		return fmt.Errorf("read credits: %w", err)
	}
	return nil
}
