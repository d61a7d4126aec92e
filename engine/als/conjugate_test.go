package als

import (
	"math"
	"testing"

	"valse/engine/internal/kernel"
)

// objective computes a row's value from its definition, in float64.
func objective(x []float32, p row, d []float32) float64 {
	value := 0.0
	for k, v := range x {
		value += float64(d[k]) * float64(v) * float64(v)
	}
	for e, i := range p.index {
		diff := float64(p.targetAt(e)) - float64(kernel.Dot(x, p.factors.Row(int(i))))
		value += float64(p.weightAt(e)) * diff * diff
	}
	return value
}

func TestConjugateLowersTheObjectiveItReports(t *testing.T) {
	const items, rank = 500, 24
	fixed := randomFactors(items, rank, 3)
	h := halfOf(t, fixed)
	h.power = meanSquare(fixed, make([]float64, items))
	h.pairs = newPairs(items, rank)
	if err := h.pairs.pack(t.Context(), fixed, 1); err != nil {
		t.Fatal(err)
	}
	w := newRowSolver(h, rank)
	for _, n := range []int{1, 17, 100, 499} {
		index, weight := history(items, n)
		for name, p := range map[string]row{
			"binary":   {factors: fixed, pairs: h.pairs, index: index},
			"weighted": {factors: fixed, pairs: h.pairs, index: index, weight: weight},
		} {
			total := total(index, p.weight)
			reg := w.regularize(total)
			w.fast.precondition(h.spectrum, h.power, reg, total)
			p.root = w.root
			best := make([]float32, rank)
			least := w.ridge.solve(best, p)

			x := make([]float32, rank)
			last := objective(x, p, w.fast.d)
			for range 6 {
				value := w.fast.solve(x, p)
				if want := objective(x, p, w.fast.d); math.Abs(value-want) > 1e-3*want {
					t.Errorf("%s, %d columns: value %v, want %v", name, n, value, want)
				}
				if value > last*(1+1e-5) || value < least*(1-1e-3) {
					t.Errorf("%s, %d columns: value %v after %v, least is %v", name, n, value, last, least)
				}
				last = value
			}
			if last > least*1.01 {
				t.Errorf("%s, %d columns: value %v after twelve steps, least is %v", name, n, last, least)
			}
		}
	}
}
