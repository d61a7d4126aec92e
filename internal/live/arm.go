package live

import (
	"context"

	"valse/engine"
	"valse/internal/experiment"
	"valse/internal/trace"
	"valse/store"
)

// renewExperiment looks which experiment is running, and loads its arms before
// anyone is shown them.
func (k *keeper) renewExperiment(ctx context.Context) (changed bool, err error) {
	e, err := k.experiments.Running(ctx)
	if err != nil {
		return false, err
	}
	before := k.experiment
	if st := k.state.Load(); e != nil && st != nil {
		for arm := range e.Arms {
			if _, err := k.arm(ctx, st, e, arm); err != nil {
				k.experiment = nil // nobody takes part until both can be shown
				return before != nil, err
			}
		}
	}
	k.experiment = e
	return (e == nil) != (before == nil) || e != nil && e.ID != before.ID, nil
}

// Experiments returns the partition's experiments.
func (s *Service) Experiments() experiment.Registry { return s.experiments }

// answering returns what a user's request is answered from: the arm that the
// user is in, else what is published. A model or rules that are asked for by
// name come before, and outside of, any experiment.
func (s *Service) answering(ctx context.Context, userID string, q Request) (*state, error) {
	if q.AsOf != "" || q.RuleVersion != nil {
		return s.plain(ctx, q.AsOf)
	}
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	arm, in := st.experiment.Arm(userID)
	switch {
	case !in:
		return st.alone(), nil
	case st.experiment.Kind == experiment.Interleave:
		return st, nil
	default:
		return s.arm(ctx, st, st.experiment, arm)
	}
}

// plain returns a kept model, or for an empty id the published one, outside of
// any experiment.
func (s *Service) plain(ctx context.Context, modelID string) (*state, error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	if st, err = s.archive.under(ctx, st, modelID); err != nil {
		return nil, err
	}
	return st.alone(), nil
}

// alone is the state outside of any experiment.
func (st *state) alone() *state {
	if st.experiment == nil {
		return st
	}
	made := *st
	made.experiment = nil
	return &made
}

// arm returns what one arm answers from.
func (s *Service) arm(ctx context.Context, st *state, e *experiment.Experiment, arm int) (*state, error) {
	under, err := s.archive.under(ctx, st, e.Arms[arm].ModelID)
	if err != nil {
		return nil, err
	}
	made := *under
	made.experiment, made.part = nil, part{e, arm}
	if version := e.Arms[arm].Rules; version != 0 {
		made.rules, err = made.library.version(ctx, version)
	}
	return &made, err
}

// part is the part that a state takes in an experiment; the zero value is none.
type part struct {
	of  *experiment.Experiment
	arm int
}

// origin enters the part into the origin of a list.
func (p part) origin(o trace.Origin) trace.Origin {
	if p.of != nil {
		o.Experiment, o.Arm = p.of.ID, p.arm
	}
	return o
}

// interleave drafts a user's list from both arms.
func (s *Service) interleave(ctx context.Context, st *state, userID string, q engine.Request) (engine.List, error) {
	e := st.experiment
	var lists [2]engine.List
	for i := range lists {
		arm, err := s.arm(ctx, st, e, i)
		if err != nil {
			return engine.List{}, err
		}
		// Rules are prepared for a catalogue, and each model numbers its own.
		q.Policy, q.Kept = arm.rules.Policy(ShelfForYou, s.o.Clock()), nil
		if lists[i], err = s.recommend(ctx, arm, userID, q); err != nil {
			return engine.List{}, err
		}
	}
	n := q.N
	if n <= 0 {
		n = engine.DefaultListLength
	}
	return engine.Interleave(lists[0], lists[1], n, e.Coin(userID, newest(q.History))), nil
}

// newest is the id of the newest event: as long as it stays, so does a draft.
func newest(history []store.Interaction) string {
	if len(history) == 0 {
		return ""
	}
	return history[0].EventID
}
