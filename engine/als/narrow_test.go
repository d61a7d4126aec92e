package als

import (
	"math"
	"math/rand/v2"
	"testing"

	"valse/engine/internal/kernel"
)

// randomSide returns rows of no to sixty entries each.
func randomSide(random *rand.Rand, n, cols int, kind string) *rows {
	var row, col []int32
	var value []float32
	for r := range n {
		for _, c := range random.Perm(cols)[:random.IntN(61)] {
			row, col = append(row, int32(r)), append(col, int32(c))
			switch kind {
			case "weights":
				value = append(value, float32(random.ExpFloat64()))
			case "huge weights":
				value = append(value, 1e8*float32(random.ExpFloat64()))
			case "stars":
				value = append(value, 5*random.Float32()-2)
			}
		}
	}
	if kind != "stars" {
		return newRows(NewMatrix(n, cols, row, col, value)).weighed()
	}
	side := newRows(NewRatings(n, cols, row, col, value)).counted()
	side.base = make([]float32, cols)
	return side
}

func TestRowsOfAFewNumbersAreSolvedAsDefined(t *testing.T) {
	t.Logf("sixteen rows side by side: %v", kernel.HasNarrow())
	random := rand.New(rand.NewPCG(31, 32))
	const users, items = 53, 80
	for _, rank := range []int{1, 7, 15, 16, 17} {
		for _, kind := range []string{"ones", "weights", "stars", "huge weights"} {
			tolerance := 1e-3
			if kind == "huge weights" {
				tolerance = 1e-2
			}
			fixed, side := randomFactors(items, rank, random.Uint64()), randomSide(random, users, items, kind)
			b, err := new(decomposition).turn(t.Context(), fixed, 1)
			if err != nil {
				t.Fatal(err)
			}
			h := newHalf(fixed, b.values, Settings{RegExponent: -1}.WithDefaults())
			out := NewFactors(users, rank)
			got, err := h.solve(t.Context(), side, []task{{0, 19}, {19, users}}, out, make(crew, 2))
			if err != nil {
				t.Fatal(err)
			}
			want, w := sum{}, newRowSolver(h, rank)
			for i := range users {
				p := side.problem(w, i)
				reg := w.regularize(side.count[i])
				p.factors, p.root = fixed, w.root
				x, value := p.definition()
				want.value += value
				for _, v := range x {
					want.penalty += reg * v * v
				}
				if !near(out.Row(i), x, tolerance) {
					t.Errorf("rank %d, %s: row %d with %d entries = %v, want %v", rank, kind, i, len(p.index), out.Row(i), x)
				}
			}
			compare := func(what string, got, want float64) {
				if math.Abs(got-want) > tolerance*(1+math.Abs(want)) {
					t.Errorf("rank %d, %s: %s %v, want %v", rank, kind, what, got, want)
				}
			}
			compare("value", got.value, want.value)
			compare("penalty", got.penalty, want.penalty)
		}
	}
}
