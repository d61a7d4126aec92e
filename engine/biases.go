package engine

import (
	"math"

	"valse/engine/als"
)

// fitBiases fits r ≈ μ + bᵤ + bᵢ alone, by the same alternation and with the
// same regulariser λ n^ν as the full model: what its factors have to beat.
func fitBiases(ratings *als.Matrix, s Settings) *als.ExplicitResult {
	r := &als.ExplicitResult{
		UserBias: make([]float32, ratings.Rows), ItemBias: make([]float32, ratings.Cols),
		Users: als.NewFactors(ratings.Rows, 1), Items: als.NewFactors(ratings.Cols, 1),
	}
	var sum float64
	for i := range ratings.Rows {
		_, stars := ratings.Row(i)
		for _, r := range stars {
			sum += float64(r)
		}
	}
	r.Mean = float32(sum / float64(max(1, ratings.NNZ())))
	columns := ratings.Transpose()
	for range s.Iterations {
		solveBiases(r.UserBias, ratings, r.ItemBias, r.Mean, s)
		solveBiases(r.ItemBias, columns, r.UserBias, r.Mean, s)
	}
	return r
}

// solveBiases sets each row's bias to its optimum given the other side's.
func solveBiases(bias []float32, m *als.Matrix, other []float32, mean float32, s Settings) {
	for i := range bias {
		index, weight := m.Row(i)
		if len(index) == 0 {
			continue
		}
		var rest float64
		for k, j := range index {
			rest += float64(weight[k] - mean - other[j])
		}
		n := float64(len(index))
		bias[i] = float32(rest / (n + s.Reg*math.Pow(n, s.RegExponent)))
	}
}
