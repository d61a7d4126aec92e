package engine

import (
	"fmt"

	"valse/store"
)

// Explanation splits a product's score for a user into parts that add up to it.
type Explanation struct {
	ProductID string
	Score     float32
	// Base is what the product would score for anyone: mean and bias of an
	// explicit model, 0 of an implicit one.
	Base float32
	// Contributions are those of past interactions, the largest first.
	// Score = Base + their sum.
	Contributions []Contribution
}

// Contribution is what one past interaction adds to a score.
type Contribution struct {
	Interaction store.Interaction
	Value       float32
}

// Explain says why a product scores for a history as it does. Without are
// events to leave out, as in [Request]. It is store.ErrNotFound when there is
// no model or the model does not know the product.
//
// The contribution of a product in the history is that of its term in the
// normal equations; events with one product share it by their confidence.
func (r *Recommender) Explain(history []store.Interaction, productID string, without ...string) (Explanation, error) {
	s, err := r.State(Request{History: history, Without: without})
	if err != nil {
		return Explanation{}, fmt.Errorf("explain product %q: %w", productID, err)
	}
	return s.Explain(productID)
}

// FoldIn solves the factor that the model would give a user with this history.
// It reports false when there is no model or the history shows it nothing.
func (r *Recommender) FoldIn(history []store.Interaction) (Factor, bool) {
	return r.ranker.fold(r.catalogue.past(history, nil), Request{})
}
