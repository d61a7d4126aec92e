package live

import (
	"context"
	"fmt"

	"valse/store"
)

// telling are the types of event that say something about taste: all but
// impressions, of which there are many.
var telling = []store.EventType{
	store.View, store.Cart, store.Purchase, store.Rating, store.Like, store.Dislike, store.Hide, store.Click,
}

// remembered is a history with the moment before it was read.
type remembered struct {
	moment  Moment
	history []store.Interaction
}

// history returns the newest interactions of a user, which nobody may change;
// none for nobody.
func (s *Service) history(ctx context.Context, userID string) ([]store.Interaction, error) {
	if userID == "" {
		return nil, nil
	}
	m, dated := MomentOf(ctx)
	if m = m.history(); dated && m.userID == userID {
		if r, ok := s.histories.Get(userID); ok && r.moment == m {
			return r.history, nil
		}
	}
	page, err := s.store.History(ctx, userID, store.HistoryQuery{Types: telling})
	if err != nil {
		return nil, fmt.Errorf("history of user %q: %w", userID, err)
	}
	if dated && m.userID == userID {
		s.histories.Put(userID, remembered{m, page.Interactions}, 1+len(page.Interactions))
	}
	return page.Interactions, nil
}
