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
	events, err := r.events(ctx, userID)
	return events[eventID], err
}

// events are the newest events of a user by their ids.
func (r *Resolver) events(ctx context.Context, userID string) (map[string]*store.Interaction, error) {
	page, err := r.Store.History(ctx, userID, store.HistoryQuery{})
	if err != nil {
		return nil, err
	}
	events := make(map[string]*store.Interaction, len(page.Interactions))
	for i := range page.Interactions {
		events[page.Interactions[i].EventID] = &page.Interactions[i]
	}
	return events, nil
}

// decideRetries decides on events that were sent without a time and whose ids
// are taken: sent again they are given another time and are still the same. It
// reads the history of each of their users once.
func (r *Resolver) decideRetries(ctx context.Context, inputs []model.InteractionInput, events []store.Interaction, outcomes []store.Outcome) error {
	histories := map[string]map[string]*store.Interaction{}
	for i, e := range events {
		if outcomes[i] != store.Conflict || inputs[i].Time != nil {
			continue
		}
		history, known := histories[e.UserID]
		if !known {
			var err error
			if history, err = r.events(ctx, e.UserID); err != nil {
				return err
			}
			histories[e.UserID] = history
		}
		if stored := history[e.EventID]; stored != nil {
			e.Time = stored.Time
			if e.Same(stored) {
				outcomes[i] = store.Exists
			}
		}
	}
	return nil
}
