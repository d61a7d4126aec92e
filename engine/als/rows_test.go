package als

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestColumnsAreThoseOfTheTransposeInTenBytesAnInteraction(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for _, different := range []int{2, 200, 5000} {
		const rows, cols, entries = 700, 400, 20000
		row, col, weight := make([]int32, entries), make([]int32, entries), make([]float32, entries)
		for e := range row {
			row[e], col[e] = random.Int32N(rows/3)*3, random.Int32N(cols/5)*5 // most have none
			weight[e] = float32(random.IntN(different))
		}
		m := NewRatings(rows, cols, row, col, weight)
		want, got := m.Transpose(), newColumns(m).weighed()
		w := new(rowSolver)
		for i := range want.Rows {
			wantIndex, wantWeight := want.Row(i)
			if index, weight := got.row(w, i); !slices.Equal(index, wantIndex) || !slices.Equal(weight, wantWeight) {
				t.Fatalf("%d different weights: row %d = %v, %v, want %v, %v", different, i, index, weight, wantIndex, wantWeight)
			}
			if sum := total(wantIndex, wantWeight); got.count[i] != sum {
				t.Errorf("%d different weights: row %d weighs %v, want %v", different, i, got.count[i], sum)
			}
		}
		bytes := 4*len(m.Index) + 4*len(got.Index) + 4*len(got.rowAt) + (m.Weight.Bytes()+got.Weight.Bytes())*m.NNZ()
		if each := float64(bytes) / float64(m.NNZ()); each > 10.1 {
			t.Errorf("%d different weights: an interaction takes %.2f bytes, want 10 at most", different, each)
		}
	}
}
