package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"valse/store"
)

// interactionColumns are those of interactions i, users u and items p.
const interactionColumns = "i.event, u.id, p.id, i.type, i.value, i.time, i.basket, i.recommendation, i.seq, i.recorded"

// scanInteraction reads interactionColumns and what stands before them.
func scanInteraction(row scanner, before ...any) (store.Interaction, error) {
	var i store.Interaction
	var at, recorded int64
	err := row.Scan(append(before, &i.EventID, &i.UserID, &i.ProductID, &i.Type, &i.Value, &at,
		&i.Basket, &i.RecommendationID, &i.Seq, &recorded)...)
	i.Time, i.RecordedAt = timeOf(at), timeOf(recorded)
	return i, err
}

// History returns a part of one user's history; see [store.Interactions]. It
// reads as many rows as it returns and one more of each type.
func (s *Store) History(ctx context.Context, userID string, q store.HistoryQuery) (store.HistoryPage, error) {
	limit, err := pageLimit(q.Limit, store.MaxHistory, store.MaxHistory)
	if err != nil {
		return store.HistoryPage{}, err
	}
	query := queryHash("history")
	before, seq := cursor{number: 1<<63 - 1}, int64(0)
	if q.Before != "" {
		if before, err = decodeCursor("before", q.Before, query); err != nil {
			return store.HistoryPage{}, err
		}
		if seq, err = strconv.ParseInt(before.id, 10, 64); err != nil {
			return store.HistoryPage{}, &store.Invalid{Field: "before", Value: q.Before, Want: "a cursor of a history"}
		}
	}
	types := store.EventTypes()
	if len(q.Types) > 0 {
		types = slices.Compact(slices.Sorted(slices.Values(q.Types)))
	}
	interactions, err := list(ctx, s.read, func(row scanner) (store.Interaction, error) { return scanInteraction(row) },
		historyQuery(types), userID, before.number, seq, limit+1)
	if err != nil {
		return store.HistoryPage{}, fmt.Errorf("read history of %q: %w", userID, err)
	}
	page := store.HistoryPage{HasNext: len(interactions) > limit, Interactions: interactions[:min(limit, len(interactions))]}
	for _, i := range page.Interactions {
		page.Cursors = append(page.Cursors, cursor{number: micros(i.Time), id: strconv.FormatInt(i.Seq, 10)}.encode(query))
	}
	return page, nil
}

// historyQuery merges the ordered runs of the types, so that a rare type is
// found without reading the others.
func historyQuery(types []store.EventType) string {
	runs := make([]string, len(types))
	for n, kind := range types {
		runs[n] = fmt.Sprintf("SELECT seq, time FROM interactions WHERE user = (SELECT key FROM users WHERE id = ?1) AND type = %d AND (time, seq) < (?2, ?3)", kind)
	}
	return "SELECT " + interactionColumns + " FROM (" + strings.Join(runs, " UNION ALL ") + ` ORDER BY time DESC, seq DESC LIMIT ?4) h
		CROSS JOIN interactions i ON i.seq = h.seq
		CROSS JOIN users u ON u.key = i.user
		CROSS JOIN items p ON p.key = i.item
		ORDER BY h.time DESC, h.seq DESC`
}
