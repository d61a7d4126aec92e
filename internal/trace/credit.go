package trace

import (
	"context"
	"fmt"
	"time"

	"valse/store"
)

// Window is how long after a click a purchase is still its list's doing.
const Window = 7 * 24 * time.Hour

// clicksRead bounds how many of a user's newest clicks a purchase may refer to.
const clicksRead = 200

// Clicks reads what users clicked: the part of the store that last touch needs.
type Clicks interface {
	History(ctx context.Context, userID string, q store.HistoryQuery) (store.HistoryPage, error)
}

// Credit enters into each event what it counts for, for the store to count
// when it is appended. Events that no list of ours led to count for nothing.
func (s *Sealer) Credit(ctx context.Context, clicks Clicks, batch []store.Interaction) error {
	touches := map[string][]store.Interaction{} // by user, newest first, those of the batch before
	for i := range batch {
		e := &batch[i]
		if o, ok := s.Open(e.RecommendationID); ok {
			e.Credit = o.merit(e.UserID).Credit()
			continue
		}
		if e.Type != store.Cart && e.Type != store.Purchase {
			continue
		}
		if _, read := touches[e.UserID]; !read {
			found, err := clicksOf(ctx, clicks, batch, e.UserID)
			if err != nil {
				return err
			}
			touches[e.UserID] = found
		}
		if o, ok := s.lastTouch(touches[e.UserID], e); ok {
			e.Credit = o.merit(e.UserID).Credit()
		}
	}
	return nil
}

// clicksOf returns a user's clicks: those stored and those of the batch.
func clicksOf(ctx context.Context, clicks Clicks, batch []store.Interaction, userID string) ([]store.Interaction, error) {
	var found []store.Interaction
	for _, e := range batch {
		if e.Type == store.Click && e.UserID == userID {
			found = append(found, e)
		}
	}
	page, err := clicks.History(ctx, userID, store.HistoryQuery{Types: []store.EventType{store.Click}, Limit: clicksRead})
	if err != nil {
		return nil, fmt.Errorf("clicks of user %q: %w", userID, err)
	}
	return append(found, page.Interactions...), nil
}

// lastTouch is the origin of the list in which the product was last clicked
// before the event and within the window.
func (s *Sealer) lastTouch(clicks []store.Interaction, e *store.Interaction) (last Origin, found bool) {
	var at time.Time
	for _, click := range clicks {
		age := e.Time.Sub(click.Time)
		if click.ProductID != e.ProductID || age < 0 || age > Window || found && !click.Time.After(at) {
			continue
		}
		if o, ok := s.Open(click.RecommendationID); ok {
			last, at, found = o, click.Time, true
		}
	}
	return last, found
}
