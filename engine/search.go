package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"valse/engine/eval"
	"valse/store"
)

// Grid lists the values to try; every combination is one point. An empty list
// stands for the base settings' own value.
type Grid = eval.Grid

// maxTrials bounds the number of points of a grid.
const maxTrials = 1000

// Search tries every point of the grid on held-out events, keeps the best by
// validation (RMSE for stars, NDCG@20 else), and trains its settings on all
// events. Points whose result is not finite are skipped and say so. The model's
// Info.Grid lists the trials, best first. Errors are as those of [Train].
func Search(ctx context.Context, e *Events, base Settings, g Grid, o TrainOptions) (*Model, error) {
	base = base.WithDefaults()
	trials, err := search(ctx, e, base, g, o)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	m, err := Train(ctx, e, trials[0].Settings, o)
	if err != nil {
		return nil, err
	}
	m.Info.Grid = trials
	return m, nil
}

// search returns the trials, best first.
func search(ctx context.Context, e *Events, base Settings, g Grid, o TrainOptions) ([]Trial, error) {
	if base.Feedback == Explicit {
		g.UnobservedWeights = nil
	}
	size, err := checkGrid(g, base)
	if err != nil {
		return nil, err
	}
	v, err := e.read(base)
	if err != nil {
		return nil, err
	}
	split, err := v.splitForSearch()
	if err != nil {
		return nil, err
	}
	done := 0
	onTrial := func(t eval.Trial) error {
		done++
		return o.progress(Progress{
			Phase: PhaseSearch, Step: done, Of: size, Series: pointName(base.at(t)), Metric: t.Validation,
		})
	}
	h := eval.Holdout{Train: v.matrix(split.Train)}
	var best eval.Trial
	var found []eval.Trial
	if base.Feedback == Explicit {
		h.Validation, h.Test = v.matrix(split.Validation), v.matrix(split.Test)
		_, best, found, err = g.Explicit(ctx, h, base.explicit(), onTrial)
	} else {
		h.Validation, h.Test = v.warm(split.Validation, h.Train, h.Train), v.warm(split.Test, h.Train, h.Train)
		_, best, found, err = g.Implicit(ctx, h, base.implicit(), qualityCut, onTrial)
	}
	if err != nil {
		return nil, err
	}
	return leaderboard(found, best, base), nil
}

// leaderboard orders the trials: the best, the others by validation, the
// skipped ones.
func leaderboard(found []eval.Trial, best eval.Trial, base Settings) []Trial {
	trials := make([]Trial, len(found))
	for i, t := range found {
		trials[i] = Trial{
			Settings: base.at(t), Validation: finite(t.Validation), Test: finite(t.Test),
			Skipped: t.Skipped, Best: t == best,
		}
	}
	worse := func(t Trial) float64 {
		if base.Feedback == Explicit {
			return t.Validation
		}
		return -t.Validation
	}
	rank := func(t Trial) int {
		switch {
		case t.Best:
			return 0
		case t.Skipped == "":
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(trials, func(a, b Trial) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(worse(a), worse(b)))
	})
	return trials
}

// at returns the settings of one trial.
func (s Settings) at(t eval.Trial) Settings {
	s.Rank, s.Iterations, s.Reg = t.Rank, t.Iterations, t.Reg
	if s.Feedback != Explicit {
		s.UnobservedWeight = t.UnobservedWeight
	}
	return s
}

// pointName names a point of a search, like "rank=64 reg=0.01 w0=0.1 sweeps=12".
func pointName(s Settings) string {
	name := fmt.Sprintf("rank=%d reg=%g", s.Rank, s.Reg)
	if s.Feedback != Explicit {
		name += fmt.Sprintf(" w0=%g", s.UnobservedWeight)
	}
	return name + fmt.Sprintf(" sweeps=%d", s.Iterations)
}

// checkGrid validates every value of the grid and returns its number of points.
func checkGrid(g Grid, base Settings) (size int, err error) {
	lists := []struct {
		name string
		len  int
		set  func(s *Settings, i int)
	}{
		{"ranks", len(g.Ranks), func(s *Settings, i int) { s.Rank = g.Ranks[i] }},
		{"regs", len(g.Regs), func(s *Settings, i int) { s.Reg = g.Regs[i] }},
		{"iterations", len(g.Iterations), func(s *Settings, i int) { s.Iterations = g.Iterations[i] }},
		{"unobservedWeights", len(g.UnobservedWeights), func(s *Settings, i int) { s.UnobservedWeight = g.UnobservedWeights[i] }},
	}
	if err := base.Validate(); err != nil {
		return 0, err
	}
	size = 1
	for _, l := range lists {
		for i := range l.len {
			point := base
			l.set(&point, i)
			if err := point.Validate(); err != nil {
				return 0, fmt.Errorf("grid %s[%d]: %w", l.name, i, err)
			}
		}
		size *= max(1, l.len)
		if size > maxTrials {
			return 0, &store.Invalid{Field: "grid", Value: fmt.Sprint(size), Want: fmt.Sprintf("at most %d points", maxTrials)}
		}
	}
	return size, nil
}

// finite makes a number fit for JSON.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
