package graph

import (
	"context"
	"errors"
	"fmt"

	"valse/engine"
	"valse/graph/model"
	"valse/internal/pipeline"
	"valse/store"
)

// trainingTitle says in a few words what is trained.
func trainingTitle(t pipeline.TrainInput) string {
	if t.Incremental {
		return "Continue the published model"
	}
	s := t.Settings.WithDefaults()
	kind := "implicit"
	if s.Feedback == engine.Explicit {
		kind = "explicit"
	}
	if t.Grid != nil || t.Tune > 0 {
		return "Search " + kind + " settings"
	}
	return fmt.Sprintf("Train %s, rank %d, %d sweeps", kind, s.Rank, s.Iterations)
}

// decodeSchedule is nil for an empty expression, which stops the schedule.
func decodeSchedule(cron string, training *model.TrainingInput) (*pipeline.Schedule, error) {
	if cron == "" {
		return nil, nil
	}
	if training == nil {
		training = &model.TrainingInput{Feedback: engine.Implicit, Evaluate: true, Publish: true}
	}
	input, err := decodeTraining(*training)
	return &pipeline.Schedule{Cron: cron, Training: input}, err
}

// newSchedule shows a schedule; nil for none.
func (r *Resolver) newSchedule(s *pipeline.Schedule) *model.Schedule {
	if s == nil {
		return nil
	}
	next := s.Next(r.Clock())
	return &model.Schedule{Cron: s.Cron, Next: &next, Training: s.Training}
}

// publishedID is the id of the published model, empty before the first.
func (r *Resolver) publishedID(ctx context.Context) (string, error) {
	p, err := r.Store.Published(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return p.ModelID, err
}
