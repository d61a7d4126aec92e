package sqlite

import (
	"cmp"
	"context"
	"errors"
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

// addCounts adds to the stored counts, day by day.
//
// A day lies there as few packed pieces that are to be added up. What is added
// becomes the last piece, together with those pieces before it that are less
// than twice as large: so sizes halve from piece to piece, a day of n counts has
// at most log n pieces, and a count is written anew at most log n times. A batch
// writes one row a day, where a row for each count would be as many as its
// events.
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
	var today []itemCount
	for n, c := range keys {
		today = append(today, itemCount{c.item, c.kind, counts[c]})
		if n+1 < len(keys) && keys[n+1].day == c.day {
			continue
		}
		if err := t.addDay(c.day, today); err != nil {
			return fmt.Errorf("day %s: %w", c.day, err)
		}
		today = today[:0]
	}
	if !old {
		return nil
	}
	return t.add("counts", 1)
}

// addDay adds counts, in order, to those of a day.
func (t *tx) addDay(day store.Day, counts []itemCount) error {
	added := packCounts(counts)
	for {
		var piece int64
		var last []byte
		err := t.get([]any{&piece, &last}, "SELECT piece, counts FROM day_counts WHERE day = ? ORDER BY piece DESC LIMIT 1", int64(day))
		if errors.Is(err, store.ErrNotFound) || err == nil && len(last) >= 2*len(added) {
			_, err = t.exec("INSERT INTO day_counts (day, piece, counts) VALUES (?, ?, ?)", int64(day), piece+1, added)
			return err
		}
		if err != nil {
			return err
		}
		before, err := unpackCounts(last)
		if err != nil {
			return err
		}
		counts = addUp(before, counts)
		added = packCounts(counts)
		if _, err := t.exec("DELETE FROM day_counts WHERE day = ? AND piece = ?", int64(day), piece); err != nil {
			return err
		}
	}
}

// Counts calls f with the day counts from a day on.
func (s *Store) Counts(ctx context.Context, from store.Day, f func(store.Count) error) error {
	if err := s.eachCount(ctx, from, f); err != nil {
		return fmt.Errorf("read counts: %w", err)
	}
	return nil
}

// countsChunk is about how many pieces are read at a time: the days of so many,
// each whole, since pieces of one day are merged when counts are added.
const countsChunk = 512

func (s *Store) eachCount(ctx context.Context, from store.Day, f func(store.Count) error) error {
	for {
		items := map[int64]string{}
		pieces, err := list(ctx, s.read, func(row scanner) (dayPiece, error) {
			p, err := scanPiece(row)
			for _, c := range p.counts {
				items[c.item] = ""
			}
			return p, err
		}, `SELECT day, counts FROM day_counts WHERE day >= ? AND day <=
			(SELECT max(day) FROM (SELECT day FROM day_counts WHERE day >= ? ORDER BY day LIMIT ?)) ORDER BY day`, int64(from), int64(from), countsChunk)
		if err != nil || len(pieces) == 0 {
			return err
		}
		if err := s.names(ctx, "items", items); err != nil {
			return err
		}
		for _, p := range pieces {
			for _, c := range p.counts {
				if err := f(store.Count{Day: p.day, ProductID: items[c.item], Type: c.kind, N: c.n}); err != nil {
					return err
				}
			}
		}
		from = pieces[len(pieces)-1].day + 1
	}
}

// dayPiece is one stored piece of a day's counts.
type dayPiece struct {
	day    store.Day
	counts []itemCount
}

func scanPiece(row scanner) (p dayPiece, err error) {
	var packed []byte
	if err := row.Scan(&p.day, &packed); err != nil {
		return p, err
	}
	p.counts, err = unpackCounts(packed)
	return p, err
}
