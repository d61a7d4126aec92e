package graph

import (
	"context"

	"valse/graph/model"
)

func (r *queryResolver) Results(ctx context.Context, from *string, to *string, by model.ResultsBy) (*model.Results, error) {
	return r.results(ctx, from, to, by)
}
