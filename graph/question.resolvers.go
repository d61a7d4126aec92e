package graph

import (
	"context"

	"valse/graph/model"
)

func (r *queryResolver) Question(ctx context.Context, userID *string, skip []string) (*model.Question, error) {
	user, err := subject(ctx, userID)
	if err != nil {
		return nil, err
	}
	return r.question(ctx, user, skip)
}
