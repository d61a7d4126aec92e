package graph

import (
	"context"
	"errors"
	"strconv"

	"valse/graph/model"
	"valse/internal/experiment"
	"valse/store"
)

func decodeExperiment(in model.ExperimentInput) (experiment.Experiment, error) {
	e := experiment.Experiment{Name: in.Name, Kind: in.Kind, Goal: in.Goal, MinimumEffect: in.MinimumEffect}
	if len(in.Arms) != len(e.Arms) {
		return e, &store.Invalid{Field: "arms", Value: strconv.Itoa(len(in.Arms)), Want: "exactly two"}
	}
	for i, a := range in.Arms {
		e.Arms[i] = experiment.Arm{ModelID: model.LocalID(model.KindModel, value(a.ModelID)), Rules: a.Rules, Share: a.Share}
	}
	return e, nil
}

func newExperimentPayload(e *experiment.Experiment, err error) (*model.ExperimentPayload, error) {
	payload := &model.ExperimentPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Experiment = newExperiment(e)
	}
	return payload, err
}

func newExperiment(e *experiment.Experiment) *model.Experiment {
	view := &model.Experiment{
		Number: e.ID, Name: e.Name, Kind: e.Kind, Goal: e.Goal, MinimumEffect: e.MinimumEffect, StartedAt: e.StartedAt,
		Kept: e,
	}
	for _, a := range e.Arms {
		arm := model.ExperimentArm{Rules: a.Rules, Share: a.Share}
		if a.ModelID != "" {
			arm.ModelID = &a.ModelID
		}
		view.Arms = append(view.Arms, arm)
	}
	if !e.Running() {
		view.StoppedAt = &e.StoppedAt
	}
	return view
}

// experiment answers nil for a number that was never given.
func (r *Resolver) experiment(ctx context.Context, number int) (*model.Experiment, error) {
	e, err := r.Live.Experiments().Get(ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return newExperiment(e), nil
}

func (r *Resolver) listExperiments(ctx context.Context, first int) ([]model.Experiment, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	list, err := r.Live.Experiments().List(ctx, first)
	views := make([]model.Experiment, len(list))
	for i, e := range list {
		views[i] = *newExperiment(e)
	}
	return views, err
}

// verdict reads the counts of an experiment.
func (r *Resolver) verdict(ctx context.Context, e *experiment.Experiment) (*model.Verdict, error) {
	v, err := r.Live.Experiments().Verdict(ctx, e)
	if err != nil {
		return nil, err
	}
	view := &model.Verdict{At: v.At, Decision: v.Decision, SecondIsBetter: v.SecondIsBetter}
	for _, arm := range v.Arms {
		view.Arms = append(view.Arms, model.ArmOutcome{Funnel: newFunnel(arm.Funnel), Rate: arm.Rate, DesignEffect: arm.DesignEffect})
	}
	if v.Lift != (experiment.Estimate{}) {
		view.Lift = &v.Lift
	}
	if e.Kind == experiment.Split {
		view.Difference = &v.Difference
	}
	if v.Needed >= 0 {
		view.Needed = &v.Needed
	}
	return view, nil
}
