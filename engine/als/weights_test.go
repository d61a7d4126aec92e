package als

import (
	"math"
	"runtime"
	"slices"
	"testing"
)

func TestWeightsAreExactAndAsShortAsTheyCanBe(t *testing.T) {
	for _, c := range []struct{ different, bytes int }{{0, 1}, {1, 1}, {256, 1}, {257, 2}, {65536, 2}} {
		values := make([]float32, 2*c.different)
		for e := range values {
			values[e] = float32(e*7%max(1, c.different)) / 3
		}
		want := slices.Clone(values)
		w := NewWeights(values)
		if got := w.Append(nil, 0, int64(len(values))); !slices.Equal(got, want) || w.AllOne() {
			t.Errorf("%d different weights are not what was put in", c.different)
		}
		if w.Bytes() != c.bytes {
			t.Errorf("each of %d different weights takes %d bytes, want %d", c.different, w.Bytes(), c.bytes)
		}
	}
	var none Weights
	if got := none.Append(nil, 3, 5); !none.AllOne() || none.Bytes() != 0 || !slices.Equal(got, []float32{1, 1}) {
		t.Errorf("the zero value's weights = %v", got)
	}
}

func TestTooManyDifferentWeightsAreRounded(t *testing.T) {
	values := make([]float32, 300_000)
	for e := range values {
		values[e] = float32(math.Exp2(-20 * float64(e) / float64(len(values)))) // twenty half-lives
	}
	want := slices.Clone(values)
	w := NewWeights(values)
	if w.Bytes() != 2 {
		t.Errorf("each weight takes %d bytes, want 2", w.Bytes())
	}
	for e, got := range w.Append(nil, 0, int64(len(want))) {
		if math.Abs(float64(got/want[e]-1)) > 0x1p-11 {
			t.Fatalf("weight %d of %v became %v", e, want[e], got)
		}
	}
	nan := float32(math.NaN())
	for _, v := range []float32{nan, float32(math.Inf(1)), 0, -1} {
		if got := shorten(v, 11); got != v && v == v || v != v && got == got {
			t.Errorf("%v shortened = %v", v, got)
		}
	}
}

func TestMatricesOfEachKindOfWeightsTranspose(t *testing.T) {
	for _, different := range []int{3, 1000, 70000} {
		const rows, cols, n = 300, 500, 80000
		row, col, weight := make([]int32, n), make([]int32, n), make([]float32, n)
		for e := range row {
			row[e], col[e], weight[e] = int32(e*37%rows), int32(e/rows), float32(e*11%different)
		}
		m := NewMatrix(rows, cols, row, col, weight)
		want := NewMatrix(cols, rows, col, row, weight)
		if got := m.Transpose(); !slices.Equal(entries(got), entries(want)) || got.Weight.Bytes() != m.Weight.Bytes() {
			t.Errorf("transpose of a matrix with %d different weights is not as built", different)
		}
	}
}

// heap returns the bytes that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // sweeps what the first one marked
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

func TestTrainingTakesTenBytesAnInteractionBesidesFactors(t *testing.T) {
	for name, values := range map[string]int{"binary": 0, "weighted": 200, "of many weights": 5000} {
		before := heap()
		m := powerLaw(3000, 2000, 1_000_000, values > 0, 3)
		if values > 0 {
			few := make([]float32, m.NNZ())
			for e := range few {
				few[e] = float32(e%values) / 8
			}
			m.Weight = NewWeights(few)
		}
		tr := trainerOf(t, m, Settings{Rank: 8})
		factors := 4 * (len(tr.factors[0].Data) + len(tr.factors[1].Data))
		each := float64(heap()-before-int64(factors)) / float64(m.NNZ())
		runtime.KeepAlive(tr)
		if most := 8.0 + map[bool]float64{true: 2}[values > 0]; each > most+0.5 {
			t.Errorf("%s: %.2f bytes an interaction, want %v and the rows' own", name, each, most)
		}
		if _, err := Train(t.Context(), m, Settings{Rank: 8, Iterations: 1}, nil); err != nil {
			t.Error(err)
		}
	}
}
