package graph

import (
	"context"

	"valse/graph/generated"
	"valse/graph/model"
)

func (r *experimentResolver) Verdict(ctx context.Context, obj *model.Experiment) (*model.Verdict, error) {
	return r.verdict(ctx, obj.Kept)
}

func (r *mutationResolver) StartExperiment(ctx context.Context, input model.ExperimentInput) (*model.ExperimentPayload, error) {
	e, err := decodeExperiment(input)
	if err != nil {
		return newExperimentPayload(nil, err)
	}
	started, err := r.Pipeline.StartExperiment(ctx, e)
	return newExperimentPayload(started, err)
}

func (r *mutationResolver) StopExperiment(ctx context.Context) (*model.ExperimentPayload, error) {
	return newExperimentPayload(r.Live.Experiments().Stop(ctx))
}

func (r *queryResolver) Experiment(ctx context.Context, number int) (*model.Experiment, error) {
	return r.experiment(ctx, number)
}

func (r *queryResolver) Experiments(ctx context.Context, first int) ([]model.Experiment, error) {
	return r.listExperiments(ctx, first)
}

func (r *Resolver) Experiment() generated.ExperimentResolver { return &experimentResolver{r} }

type experimentResolver struct{ *Resolver }
