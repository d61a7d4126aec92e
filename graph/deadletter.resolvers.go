package graph

import (
	"context"

	"valse/graph/model"
	"valse/store"
)

func (r *mutationResolver) ReplayDeadLetter(ctx context.Context, letterID string) (*model.DeadLetterPayload, error) {
	problems, err := userErrors(r.Pipeline.ReplayDeadLetter(ctx, letterID))
	return &model.DeadLetterPayload{UserErrors: problems}, err
}

func (r *mutationResolver) DropDeadLetter(ctx context.Context, letterID string) (*model.DeadLetterPayload, error) {
	problems, err := userErrors(store.DropDeadLetter(ctx, r.Store, letterID))
	return &model.DeadLetterPayload{UserErrors: problems}, err
}

func (r *queryResolver) DeadLetters(ctx context.Context) ([]model.DeadLetter, error) {
	letters, err := store.DeadLetters(ctx, r.Store)
	views := make([]model.DeadLetter, len(letters))
	for i, l := range letters {
		e := l.Interaction
		views[i] = model.DeadLetter{
			LetterID: l.ID, Reason: l.Reason, Time: l.Time,
			EventID: e.EventID, UserID: e.UserID, ProductID: e.ProductID, Type: e.Type, Value: e.Value,
		}
	}
	return views, err
}
