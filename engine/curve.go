package engine

import (
	"context"
	"fmt"
	"slices"

	"valse/engine/als"
	"valse/engine/eval"
)

// FoldPoint is how well people are served of whom so much is known.
type FoldPoint struct {
	Name       string  `json:"name"`
	Users      int     `json:"users"`
	Recall     float64 `json:"recall"`     // Recall@20
	Popularity float64 `json:"popularity"` // the same of the most popular products
}

// Times is the ratio to popularity.
func (p FoldPoint) Times() float64 { return p.Recall / max(p.Popularity, 1e-12) }

// FoldCurve holds a fifth of the users out of the training and folds them in
// from their first products: one, five, twenty and all but the last fifth. Each
// list is asked for the products of their last fifth, and never holds any of
// those before, so that all are asked the same. The last point is the same users
// in the training instead.
func FoldCurve(ctx context.Context, e *Events, s Settings) ([]FoldPoint, error) {
	s = s.WithDefaults()
	v, err := e.read(s)
	if err != nil {
		return nil, fmt.Errorf("fold-in curve: %w", err)
	}
	split := eval.ByUser(v.user, 0, 0.2, s.Seed)
	history, test := v.splitHistories(split.Test, 0.8)
	fitted, seen := v.matrix(split.Train), v.matrix(merge(split.Train, history))
	relevant := v.warm(v.relevant(test), fitted, seen)
	m, err := fit(ctx, fitted, s, nil)
	if err != nil {
		return nil, err
	}
	var points []FoldPoint
	for _, k := range []int{1, 5, 20, 0} {
		known := v.matrixAt(merge(split.Train, v.first(history, k)), v.newest(split.Train))
		few := &Model{Y: m.Y, X: als.Factors{Rows: m.X.Rows, Rank: m.X.Rank, Data: slices.Clone(m.X.Data)}, Mean: m.Mean, ProductBias: m.ProductBias, UserBias: slices.Clone(m.UserBias)}
		if err := few.foldRows(ctx, s, fitted, known); err != nil {
			return nil, err
		}
		name := fmt.Sprintf("after %d products", k)
		switch k {
		case 0:
			name = "after all but the last fifth"
		case 1:
			name = "after 1 product"
		}
		points = append(points, few.foldPoint(name, fitted, seen, longEnough(relevant, seen, k)))
	}
	trained, err := fit(ctx, seen, s, nil)
	if err != nil {
		return nil, err
	}
	return append(points, trained.foldPoint("in the training", fitted, seen, relevant)), nil
}

// first returns the positions of each user's first products, in order of time;
// all when n is 0.
func (v *evidence) first(positions []int32, n int) []int32 {
	if n == 0 {
		return positions
	}
	var kept []int32
	for lo, hi := range runs(positions, func(a, b int32) bool { return v.user[a] == v.user[b] }) {
		products := map[int32]bool{}
		for _, i := range positions[lo:hi] { // by time
			if len(products) < n || products[v.product[i]] {
				products[v.product[i]] = true
				kept = append(kept, i)
			}
		}
	}
	slices.Sort(kept)
	return kept
}

// longEnough leaves out the users who have fewer than n products.
func longEnough(test, seen *als.Matrix, n int) *als.Matrix {
	var user, product []int32
	for u := range test.Rows {
		if past, _ := seen.Row(u); len(past) < n {
			continue
		}
		index, _ := test.Row(u)
		for _, p := range index {
			user, product = append(user, int32(u)), append(product, p)
		}
	}
	return als.NewMatrix(test.Rows, test.Cols, user, product, nil)
}

func (m *Model) foldPoint(name string, fitted, seen, test *als.Matrix) FoldPoint {
	ks := []int{20}
	mine := eval.Rank(m.recommender(), seen, test, ks, 0)
	popular := eval.Rank(eval.NewPopularity(fitted), seen, test, ks, 0)
	return FoldPoint{Name: name, Users: mine.Users, Recall: mine.At[0].Recall, Popularity: popular.At[0].Recall}
}
