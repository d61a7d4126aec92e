package als

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNewMatrixAddsUpRepeatedPairs(t *testing.T) {
	m := NewMatrix(3, 4, []int32{2, 0, 2, 0, 2}, []int32{3, 1, 0, 1, 3}, []float32{1, 2, 3, 4, 5})
	want := &Matrix{
		Rows: 3, Cols: 4,
		Ptr:    []int64{0, 1, 1, 3},
		Index:  []int32{1, 0, 3},
		Weight: NewWeights([]float32{6, 3, 6}),
	}
	if diff := cmp.Diff(want, m, cmp.AllowUnexported(Weights{})); diff != "" {
		t.Errorf("NewMatrix (-want +got):\n%s", diff)
	}
}

func TestNewMatrixWithoutWeightsCollapsesRepeatedPairs(t *testing.T) {
	m := NewMatrix(2, 2, []int32{1, 1, 0, 1}, []int32{0, 0, 1, 1}, nil)
	want := &Matrix{Rows: 2, Cols: 2, Ptr: []int64{0, 1, 3}, Index: []int32{1, 0, 1}}
	if diff := cmp.Diff(want, m, cmp.AllowUnexported(Weights{})); diff != "" {
		t.Errorf("NewMatrix (-want +got):\n%s", diff)
	}
}

func TestNewRatingsKeepsTheLastOfRepeatedPairs(t *testing.T) {
	m := NewRatings(1, 2, []int32{0, 0, 0, 0}, []int32{1, 0, 1, 1}, []float32{5, 2, 1, 3})
	if _, rating := m.Row(0); !slices.Equal(rating, []float32{2, 3}) {
		t.Errorf("ratings = %v, want [2 3]", rating)
	}
}

func TestNewMatrixRefusesEntriesOutside(t *testing.T) {
	for name, entry := range map[string][2]int32{
		"row below": {-1, 0}, "row above": {2, 0}, "column below": {0, -1}, "column above": {0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("NewMatrix took entry %v in 2 × 3", entry)
				}
			}()
			NewMatrix(2, 3, []int32{entry[0]}, []int32{entry[1]}, nil)
		})
	}
}

// entries returns what a matrix holds, whatever the numbers in its book.
func entries(m *Matrix) (all [][3]float32) {
	for i := range m.Rows {
		index, weight := m.Row(i)
		for e, c := range index {
			all = append(all, [3]float32{float32(i), float32(c), weight[e]})
		}
	}
	return all
}

func TestTransposeHoldsTheSameEntriesInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 9).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "cols")
		n := rapid.IntRange(0, 40).Draw(t, "entries")
		row := rapid.SliceOfN(rapid.Int32Range(0, int32(rows-1)), n, n).Draw(t, "row")
		col := rapid.SliceOfN(rapid.Int32Range(0, int32(cols-1)), n, n).Draw(t, "col")
		weight := rapid.SliceOfN(rapid.Float32Range(0, 9), n, n).Draw(t, "weight")

		want := NewMatrix(cols, rows, col, row, weight)
		got := NewMatrix(rows, cols, row, col, weight).Transpose()
		if diff := cmp.Diff(entries(want), entries(got)); diff != "" {
			t.Fatalf("Transpose (-want +got):\n%s", diff)
		}
		for i := range got.Rows {
			if index, _ := got.Row(i); !slices.IsSorted(index) {
				t.Fatalf("row %d = %v, want ascending columns", i, index)
			}
		}
	})
}
