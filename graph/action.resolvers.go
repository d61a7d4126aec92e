package graph

import (
	"context"

	"valse/graph/model"
)

func (r *queryResolver) Actions(ctx context.Context, first int, after *string) ([]model.Action, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	list, err := r.Store.ActionList(ctx, value(after), first)
	actions := make([]model.Action, len(list))
	for i, a := range list {
		actions[i] = model.Action{ID: a.ID, At: a.Time, Actor: a.Actor, Address: a.Address, Name: a.Name, Detail: a.Detail, Outcome: a.Outcome}
	}
	return actions, err
}
