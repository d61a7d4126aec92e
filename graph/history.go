package graph

import (
	"context"

	"valse/graph/model"
	"valse/store"
)

// history is a page of what a user did.
func (r *Resolver) history(ctx context.Context, userID string, types []store.EventType, first int, after *string) (*model.InteractionConnection, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	page, err := r.Store.History(ctx, userID, store.HistoryQuery{Types: types, Before: value(after), Limit: first})
	if err != nil {
		return nil, err
	}
	return newInteractionConnection(page, after), nil
}

// event finds one event of a user; nil when there is none.
func (r *Resolver) event(ctx context.Context, userID, eventID string) (*store.Interaction, error) {
	page, err := r.Store.History(ctx, userID, store.HistoryQuery{})
	if err != nil {
		return nil, err
	}
	for i := range page.Interactions {
		if page.Interactions[i].EventID == eventID {
			return &page.Interactions[i], nil
		}
	}
	return nil, nil
}

// retried decides on an event that was sent without a time and whose id is
// taken: sent again it is given another time and is still the same event.
func (r *Resolver) retried(ctx context.Context, e store.Interaction) (store.Outcome, error) {
	stored, err := r.event(ctx, e.UserID, e.EventID)
	if err != nil || stored == nil {
		return store.Conflict, err
	}
	e.Time = stored.Time
	if e.Same(stored) {
		return store.Exists, nil
	}
	return store.Conflict, nil
}
