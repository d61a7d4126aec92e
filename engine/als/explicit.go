package als

import "context"

// ExplicitResult is a trained model of stars:
// r ≈ Mean + UserBias[u] + ItemBias[i] + Users.Row(u)·Items.Row(i).
type ExplicitResult struct {
	Mean               float32
	UserBias, ItemBias []float32
	Users, Items       Factors
	Sweeps             []Sweep
}

// Predict returns the model's rating of an item by a user, which may lie
// outside the scale of the stars.
func (r *ExplicitResult) Predict(user, item int32) float32 {
	panic("als: not yet")
}

// TrainExplicit fits the stars of a ratings matrix (users × items, the weight
// of an entry is its rating; see NewRatings). It calls onSweep and stops like
// Train. Ratings must be finite.
func TrainExplicit(ctx context.Context, ratings *Matrix, s ExplicitSettings, onSweep func(Sweep) error) (*ExplicitResult, error) {
	panic("als: not yet")
}
