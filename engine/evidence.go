package engine

import (
	"fmt"
	"math"

	"valse/engine/als"
	"valse/store"
)

// evidence is what events say about interest: one entry for each event that
// counts, in order of user, product and time, over the users and products that
// have any.
type evidence struct {
	settings        Settings
	users, products []string
	user, product   []int32
	weight          []float32 // stars, or confidence before decay
	time            []int64
}

// read takes the evidence out of events. The error is a store.Invalid or wraps
// [ErrNoData].
func (e *Events) read(s Settings) (*evidence, error) {
	if err := e.checkValues(); err != nil {
		return nil, err
	}
	v := &evidence{settings: s}
	r := newReader(s, 0)
	order := e.byPair()
	v.user, v.product = make([]int32, 0, e.Len()), make([]int32, 0, e.Len())
	v.weight, v.time = make([]float32, 0, e.Len()), make([]int64, 0, e.Len())
	var pair []occurrence
	var counts []float32
	for lo, hi := range runs(order, e.samePair) {
		pair = pair[:0]
		for _, i := range order[lo:hi] {
			pair = append(pair, occurrence{e.Type[i], e.Value[i], e.Time[i]})
		}
		counts = append(counts[:0], make([]float32, len(pair))...)
		r.read(counts, pair)
		for k, c := range counts {
			if c > 0 {
				v.user = append(v.user, e.User[order[lo]])
				v.product = append(v.product, e.Product[order[lo]])
				v.weight = append(v.weight, c)
				v.time = append(v.time, pair[k].Time)
			}
		}
	}
	if len(v.user) == 0 {
		return nil, e.explainNone(s)
	}
	v.users = compact(e.UserIDs, v.user)
	v.products = compact(e.ProductIDs, v.product)
	return v, nil
}

func (e *Events) checkValues() error {
	for i, value := range e.Value {
		if v := float64(value); math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return &store.Invalid{Field: fmt.Sprintf("events[%d].value", i), Value: fmt.Sprint(value), Want: "a finite number from 0"}
		}
	}
	return nil
}

// explainNone says why there is no evidence among the events.
func (e *Events) explainNone(s Settings) error {
	switch {
	case e.Len() == 0:
		return noDataf("no events: import or record some first")
	case s.Feedback == Explicit:
		return noDataf("no ratings among %s events: explicit feedback needs RATING events", thousands(e.Len()))
	default:
		return noDataf("no interest among %s events: implicit feedback with weights %s found nothing to count", thousands(e.Len()), s.Weights)
	}
}

// compact renumbers a column so that it names only ids that occur, in their old
// order, and returns those ids.
func compact(ids []string, column []int32) []string {
	number := make([]int32, len(ids))
	for _, i := range column {
		number[i] = 1
	}
	var kept []string
	for i, used := range number {
		if used != 0 {
			number[i] = int32(len(kept))
			kept = append(kept, ids[i])
		}
	}
	for k, i := range column {
		column[k] = number[i]
	}
	return kept
}

// len is the number of entries.
func (v *evidence) len() int { return len(v.user) }

// newest is the time of the newest entry among positions.
func (v *evidence) newest(positions []int32) int64 {
	newest := int64(math.MinInt64)
	for _, i := range positions {
		newest = max(newest, v.time[i])
	}
	return newest
}

// all returns every position.
func (v *evidence) all() []int32 {
	positions := make([]int32, v.len())
	for i := range positions {
		positions[i] = int32(i)
	}
	return positions
}

// pick returns the numbers of a column at some positions.
func pick[T any](column []T, positions []int32) []T {
	picked := make([]T, len(positions))
	for k, i := range positions {
		picked[k] = column[i]
	}
	return picked
}

// matrix builds the matrix of some entries, users × products, their confidence
// decayed relative to the newest of them. The positions ascend.
func (v *evidence) matrix(positions []int32) *als.Matrix {
	return v.matrixAt(positions, v.newest(positions))
}

// matrixAt is matrix with confidence decayed relative to a time of its own.
func (v *evidence) matrixAt(positions []int32, newest int64) *als.Matrix {
	r := newReader(v.settings, newest)
	user, product := v.user, v.product
	if len(positions) < v.len() {
		user, product = pick(user, positions), pick(product, positions)
	}
	var weight []float32
	if !r.binary || r.explicit {
		weight = pick(v.weight, positions)
		for k, i := range positions {
			weight[k] *= r.decay(v.time[i])
		}
	}
	if r.explicit {
		return als.NewRatings(len(v.users), len(v.products), user, product, weight)
	}
	return als.NewMatrix(len(v.users), len(v.products), user, product, weight)
}
