package eval

import (
	"context"
	"errors"
	"math"

	"valse/engine/als"
)

// Grid lists the settings to try; every combination is one trial. An empty
// list stands for the base settings' own value.
type Grid struct {
	Ranks             []int     `json:"ranks,omitempty"`
	Regs              []float64 `json:"regs,omitempty"`
	Iterations        []int     `json:"iterations,omitempty"`
	UnobservedWeights []float64 `json:"unobservedWeights,omitempty"` // implicit only
}

// Trial is one combination and how it fared. Validation and Test are RMSE for
// stars (lower is better) and NDCG for lists (higher is better).
type Trial struct {
	Rank             int     `json:"rank"`
	Iterations       int     `json:"iterations"`
	Reg              float64 `json:"reg"`
	UnobservedWeight float64 `json:"unobservedWeight,omitempty"`
	Validation       float64 `json:"validation"`
	Test             float64 `json:"test"`
	Skipped          string  `json:"skipped,omitempty"` // why it does not count, such as a result that is not finite
}

// Holdout is what a grid search trains on, chooses by and reports on.
type Holdout struct {
	Train, Validation, Test *als.Matrix
}

// ErrNoTrial says that no trial of a grid gave a finite result.
var ErrNoTrial = errors.New("eval: no trial of the grid gave a finite result")

// Explicit trains each combination on stars and returns the model with the
// lowest validation RMSE, its trial, and all trials in order. Trials that are
// not finite are skipped. onTrial, when not nil, sees each trial; an error from
// there stops the search.
func (g Grid) Explicit(ctx context.Context, h Holdout, base als.ExplicitSettings, onTrial func(Trial) error) (*als.ExplicitResult, Trial, []Trial, error) {
	base = base.WithDefaults()
	fit := func(t *Trial) (*als.ExplicitResult, error) {
		s := base
		s.Rank, s.Iterations, s.Reg = t.Rank, t.Iterations, t.Reg
		r, err := als.TrainExplicit(ctx, h.Train, s, nil)
		if err != nil {
			return nil, err
		}
		t.Validation, t.Test = RMSE(r.Predict, h.Validation), RMSE(r.Predict, h.Test)
		return r, nil
	}
	lower := func(a, b float64) bool { return a < b }
	start := Trial{Rank: base.Rank, Iterations: base.Iterations, Reg: base.Reg}
	return search(ctx, g.trials(start), fit, lower, onTrial)
}

// Implicit is Explicit for lists: the model with the highest validation NDCG
// at k wins.
func (g Grid) Implicit(ctx context.Context, h Holdout, base als.Settings, k int, onTrial func(Trial) error) (*als.Result, Trial, []Trial, error) {
	base = base.WithDefaults()
	data, err := als.NewData(h.Train)
	if err != nil {
		return nil, Trial{}, nil, err
	}
	fit := func(t *Trial) (*als.Result, error) {
		s := base
		s.Rank, s.Iterations, s.Reg, s.UnobservedWeight = t.Rank, t.Iterations, t.Reg, t.UnobservedWeight
		r, err := data.Train(ctx, s, nil)
		if err != nil {
			return nil, err
		}
		m := NewModel(r.Users, r.Items)
		t.Validation = Rank(m, h.Train, h.Validation, []int{k}, s.Threads).At[0].NDCG
		t.Test = Rank(m, h.Train, h.Test, []int{k}, s.Threads).At[0].NDCG
		return r, nil
	}
	higher := func(a, b float64) bool { return a > b }
	start := Trial{Rank: base.Rank, Iterations: base.Iterations, Reg: base.Reg, UnobservedWeight: base.UnobservedWeight}
	return search(ctx, g.trials(start), fit, higher, onTrial)
}

// trials returns every combination of the grid, the settings listed first
// varying slowest.
func (g Grid) trials(base Trial) []Trial {
	trials := []Trial{base}
	trials = vary(trials, g.Ranks, func(t *Trial, v int) { t.Rank = v })
	trials = vary(trials, g.Regs, func(t *Trial, v float64) { t.Reg = v })
	trials = vary(trials, g.Iterations, func(t *Trial, v int) { t.Iterations = v })
	return vary(trials, g.UnobservedWeights, func(t *Trial, v float64) { t.UnobservedWeight = v })
}

// vary returns each trial once for each value.
func vary[T any](trials []Trial, values []T, set func(*Trial, T)) []Trial {
	if len(values) == 0 {
		return trials
	}
	var varied []Trial
	for _, t := range trials {
		for _, v := range values {
			set(&t, v)
			varied = append(varied, t)
		}
	}
	return varied
}

// search fits every trial and keeps the best model only. A trial whose fit
// fails, or whose figures are not finite, says so in Skipped.
func search[M any](ctx context.Context, trials []Trial, fit func(*Trial) (*M, error), better func(a, b float64) bool, onTrial func(Trial) error) (best *M, won Trial, all []Trial, err error) {
	for _, t := range trials {
		m, err := fit(&t)
		if ctx.Err() != nil {
			return nil, Trial{}, nil, ctx.Err()
		}
		switch {
		case err != nil:
			t.Validation, t.Test, t.Skipped = 0, 0, err.Error()
		case !finite(t.Validation) || !finite(t.Test):
			t.Validation, t.Test, t.Skipped = 0, 0, "the result is not finite"
		case best == nil || better(t.Validation, won.Validation):
			best, won = m, t
		}
		all = append(all, t)
		if onTrial == nil {
			continue
		}
		if err := onTrial(t); err != nil {
			return nil, Trial{}, nil, err
		}
	}
	if best == nil {
		return nil, Trial{}, all, ErrNoTrial
	}
	return best, won, all, nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
