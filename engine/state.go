package engine

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"valse/engine/als"
	"valse/store"
)

// State is what a model makes of one history: the normal equations that the
// user's factor solves. It answers why products score as they do and how little
// is known about their scores. It is safe for concurrent use.
type State struct {
	r       *Recommender
	history []store.Interaction
	w       weighed

	mu  sync.Mutex
	als *als.State
}

// State makes the state of the request's history, from what q.Kept holds where
// it helps. It is store.ErrNotFound without a model. A history that shows the
// model nothing has a state too: that of a stranger.
func (r *Recommender) State(q Request) (*State, error) {
	if r.ranker == nil {
		return nil, fmt.Errorf("the state of a user without a model: %w", store.ErrNotFound)
	}
	p := r.catalogue.past(q.History, q.Without)
	s := &State{r: r, history: q.History, w: p.weigh(&r.ranker.reader, len(r.ranker.ProductIDs()), true)}
	if q.Kept != nil {
		s.als = q.Kept.copy(r.ranker, s.w)
	} else {
		s.als = r.ranker.folder.state(s.w.index, s.w.weight)
	}
	return s, nil
}

// Explain says why a product scores as it does; see [Recommender.Explain].
func (s *State) Explain(productID string) (Explanation, error) {
	product, err := s.product(productID)
	if err != nil {
		return Explanation{}, err
	}
	s.mu.Lock()
	values, base, score := s.als.Explain(product)
	s.mu.Unlock()
	e := Explanation{ProductID: productID, Score: score, Base: base}
	for _, part := range s.w.parts {
		e.Contributions = append(e.Contributions, Contribution{s.history[part.at], values[part.pair] * part.share})
	}
	slices.SortStableFunc(e.Contributions, func(a, b Contribution) int { return cmp.Compare(b.Value, a.Value) })
	return e, nil
}

// Uncertainty is the width of a product's score: with the model's calibration,
// two times in three the score that all of a user's history leads to lies no
// further than this from the one it has now. It is store.ErrNotFound where the
// model does not know the product.
func (s *State) Uncertainty(productID string) (float64, error) {
	product, err := s.product(productID)
	if err != nil {
		return 0, err
	}
	var variance [1]float64
	s.mu.Lock()
	s.als.Variance(variance[:], []int32{product})
	s.mu.Unlock()
	return s.r.ranker.scale() * math.Sqrt(variance[0]), nil
}

// product is the model's number of a product.
func (s *State) product(id string) (int32, error) {
	n, known := s.r.catalogue.number[id]
	if !known || int(n) >= len(s.r.ranker.ProductIDs()) {
		return 0, fmt.Errorf("product %q: no model knows it: %w", id, store.ErrNotFound)
	}
	return n, nil
}

// Kept keeps a user's normal equations from one request to the next, which then
// follow what changed in the history step by step. It is worth it for histories
// of more products than the model's rank; shorter ones are solved anew in less.
// The zero value is empty. It is safe for concurrent use.
type Kept struct {
	mu     sync.Mutex
	ranker *Ranker
	state  *als.State
}

// worth reports whether keeping the state of so many products saves work.
func (k *Ranker) worth(products int) bool { return k != nil && products > k.model.Y.Rank }

// WorthKeeping reports whether a [Kept] may save work for a history of so many
// events, and about how much memory one takes.
func (r *Recommender) WorthKeeping(events int) (bytes int, worth bool) {
	if !r.ranker.worth(events) {
		return 0, false
	}
	rank := r.ranker.model.Y.Rank
	return 4 * (2*rank*rank + 4*events), true // two matrices, and the history in numbers
}

// sync brings what is kept to a history. The caller holds the lock.
func (k *Kept) sync(r *Ranker, w weighed) *als.State {
	if k.state == nil || k.ranker != r {
		k.ranker, k.state = r, r.folder.state(w.index, w.weight)
		return k.state
	}
	k.state.Sync(w.index, w.weight)
	return k.state
}

// solve writes the factor of a history to dst and returns the user's bias. When
// events are left out for this once, what is kept stays with all of them.
func (k *Kept) solve(r *Ranker, w weighed, once bool, dst []float32) (bias float32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if once && k.ranker == r && k.state != nil {
		s := k.state.Clone()
		s.Sync(w.index, w.weight)
		return s.Solve(dst)
	}
	return k.sync(r, w).Solve(dst)
}

// copy returns the state of a history, which the caller owns.
func (k *Kept) copy(r *Ranker, w weighed) *als.State {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ranker != r || k.state == nil {
		return r.folder.state(w.index, w.weight)
	}
	s := k.state.Clone()
	s.Sync(w.index, w.weight)
	return s
}
