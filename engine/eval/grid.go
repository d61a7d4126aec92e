package eval

import (
	"context"

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
// stars (lower is better) and NDCG at Grid's cut for lists (higher is better).
type Trial struct {
	Rank             int     `json:"rank"`
	Iterations       int     `json:"iterations"`
	Reg              float64 `json:"reg"`
	UnobservedWeight float64 `json:"unobservedWeight,omitempty"`
	Validation       float64 `json:"validation"`
	Test             float64 `json:"test"`
	Skipped          string  `json:"skipped,omitempty"` // why it does not count, such as a result that is not finite
}

// Holdout is what a grid search trains, chooses and reports on.
type Holdout struct {
	Train, Validation, Test *als.Matrix
}

// Explicit trains each combination on stars and returns the model with the
// lowest validation RMSE, its trial, and all trials in order. onTrial, when not
// nil, sees each; an error from there stops the search. It is an error when no
// trial counts.
func (g Grid) Explicit(ctx context.Context, h Holdout, base als.ExplicitSettings, onTrial func(Trial) error) (*als.ExplicitResult, Trial, []Trial, error) {
	panic("eval: not yet")
}

// Implicit is Explicit for lists: the model with the highest validation NDCG
// at k wins.
func (g Grid) Implicit(ctx context.Context, h Holdout, base als.Settings, k int, onTrial func(Trial) error) (*als.Result, Trial, []Trial, error) {
	panic("eval: not yet")
}
