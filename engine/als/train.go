package als

import "context"

// Sweep tells how training stands after both sides were solved once more.
type Sweep struct {
	N    int     `json:"n"`              // 1 for the first sweep
	Loss float64 `json:"loss"`           // the whole objective
	RMSE float64 `json:"rmse,omitempty"` // over the training ratings; TrainExplicit only
}

// Result is a trained implicit model: the score of a pair is the dot product
// of their factors. A user or item without interactions has a factor of zeros.
type Result struct {
	Users, Items Factors
	Sweeps       []Sweep
}

// Train factorises m, whose rows are users and whose columns are items.
//
// After each sweep it calls onSweep, when not nil; an error from there, or the
// end of ctx, stops training and is returned. Weights must be finite and not
// negative. An empty matrix trains to zeros.
func Train(ctx context.Context, m *Matrix, s Settings, onSweep func(Sweep) error) (*Result, error) {
	panic("als: not yet")
}
