package graph

import (
	"context"

	"valse/graph/model"
)

// question chooses what to ask a user next.
func (r *Resolver) question(ctx context.Context, userID string, skip []string) (*model.Question, error) {
	ids := make([]string, len(skip))
	for i, id := range skip {
		ids[i] = model.LocalID(model.KindProduct, id)
	}
	q, err := r.Live.NextQuestion(ctx, userID, ids)
	if err != nil {
		return nil, err
	}
	view := &model.Question{Answer: q.Answer, Knowledge: q.Knowledge}
	if q.ProductID != "" {
		view.Product, err = r.product(ctx, q.ProductID)
	}
	return view, err
}
