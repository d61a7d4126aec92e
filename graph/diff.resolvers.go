package graph

import (
	"context"

	"valse/graph/model"
)

func (r *queryResolver) ModelDiff(ctx context.Context, a string, b string, users []string, sample int, k int) (*model.ModelDiff, error) {
	return r.modelDiff(ctx, a, b, users, sample, k)
}
