package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"valse/internal/experiment"
	"valse/internal/rulebook"
	"valse/store"
)

// Experiments returns the partition's experiments.
func (p *Pipeline) Experiments() experiment.Registry {
	return experiment.Registry{Store: p.store, Clock: p.o.Clock}
}

// StartExperiment starts an experiment whose models are kept and whose rule
// books exist; see [experiment.Registry.Start].
func (p *Pipeline) StartExperiment(ctx context.Context, e experiment.Experiment) (*experiment.Experiment, error) {
	books := rulebook.New(p.store, p.o.Clock)
	for i, arm := range e.Arms {
		if arm.ModelID != "" {
			if _, err := p.Info(ctx, arm.ModelID); errors.Is(err, store.ErrNotFound) {
				return nil, &store.Invalid{Field: fmt.Sprintf("arms[%d].modelId", i), Value: arm.ModelID, Want: "a kept model"}
			} else if err != nil {
				return nil, err
			}
		}
		if _, err := books.Book(ctx, arm.Rules); errors.Is(err, store.ErrNotFound) {
			return nil, &store.Invalid{Field: fmt.Sprintf("arms[%d].rules", i), Value: strconv.FormatInt(arm.Rules, 10), Want: "a version of the rule book"}
		} else if err != nil {
			return nil, err
		}
	}
	return p.Experiments().Start(ctx, e)
}

// inExperiment answers store.ErrConflict for a model that a running experiment
// shows.
func (p *Pipeline) inExperiment(ctx context.Context, modelID string) error {
	e, err := p.Experiments().Running(ctx)
	if err != nil || e == nil {
		return err
	}
	for _, arm := range e.Arms {
		if arm.ModelID == modelID {
			return fmt.Errorf("model %s is in experiment %d (%s): %w", modelID, e.ID, e.Name, store.ErrConflict)
		}
	}
	return nil
}
