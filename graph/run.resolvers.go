package graph

import (
	"context"
	"errors"

	"valse/graph/model"
	"valse/store"
)

func (r *mutationResolver) CancelRun(ctx context.Context, id string) (*model.RunPayload, error) {
	run, err := r.Pipeline.Cancel(ctx, model.LocalID(model.KindRun, id))
	return newRunPayload(run, err)
}

func (r *queryResolver) Run(ctx context.Context, id string) (*model.Run, error) {
	run, err := r.Store.Run(ctx, model.LocalID(model.KindRun, id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &model.Run{Run: run}, err
}

func (r *queryResolver) Runs(ctx context.Context, kind *store.RunKind, first int, after *string) ([]model.Run, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	runs, err := r.Store.RunList(ctx, value(kind), model.LocalID(model.KindRun, value(after)), first)
	return model.NewRuns(runs), err
}

func (r *subscriptionResolver) Run(ctx context.Context, id string) (<-chan *model.Run, error) {
	return r.watchRun(ctx, model.LocalID(model.KindRun, id))
}

func (r *subscriptionResolver) Runs(ctx context.Context) (<-chan *model.Run, error) {
	return r.watchRuns(ctx)
}
