package sqlite

import (
	"context"
	"fmt"

	"valse/store"
)

// latest is the newest rating by user u of item p: the end of its run in the
// index. 4 is RATING, as in the index.
const latest = `(SELECT seq FROM interactions WHERE user = u.key AND item = p.key AND type = 4 ORDER BY time DESC, seq DESC LIMIT 1)`

func scanRating(row scanner) (store.UserRating, error) {
	var r store.UserRating
	var at int64
	err := row.Scan(&r.ProductID, &r.Stars, &at)
	r.Time = timeOf(at)
	return r, err
}

// Ratings returns the user's latest ratings; see [store.Interactions].
func (s *Store) Ratings(ctx context.Context, userID string, productIDs []string) (ratings []store.UserRating, err error) {
	if productIDs == nil {
		ratings, err = list(ctx, s.read, scanRating, `SELECT p.id, i.value, i.time FROM users u
			CROSS JOIN interactions i ON i.user = u.key AND i.type = 4
			CROSS JOIN items p ON p.key = i.item
			WHERE u.id = ? AND i.value > 0 AND i.seq = `+latest+`
			ORDER BY i.time DESC, i.seq DESC LIMIT ?`, userID, store.MaxHistory)
	} else {
		ratings, err = list(ctx, s.read, scanRating, `SELECT p.id, i.value, i.time FROM users u
			CROSS JOIN (SELECT DISTINCT value FROM json_each(?)) j
			CROSS JOIN items p ON p.id = j.value
			CROSS JOIN interactions i ON i.seq = `+latest+`
			WHERE u.id = ? AND i.value > 0`, jsonArray(productIDs), userID)
	}
	if err != nil {
		return nil, fmt.Errorf("read ratings of %q: %w", userID, err)
	}
	return ratings, nil
}
