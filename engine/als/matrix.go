package als

import (
	"fmt"
	"math"
	"slices"
)

// Matrix is a sparse matrix in compressed rows. The columns of a row ascend and
// none occurs twice. A Matrix is not changed once built and may be shared.
type Matrix struct {
	Rows, Cols int
	Ptr        []int64   // Rows+1 offsets: row i is Index[Ptr[i]:Ptr[i+1]]
	Index      []int32   // column of each entry
	Weight     []float32 // weight of each entry; nil means that all are one
}

// NewMatrix builds a matrix from parallel slices of entries in any order.
// Weights of one pair are added up; with nil weight the matrix is binary and
// repeated pairs collapse into one. It panics when the slices differ in length
// or an entry lies outside rows × cols.
func NewMatrix(rows, cols int, row, col []int32, weight []float32) *Matrix {
	return compress(rows, cols, row, col, weight, func(sum, w float32) float32 { return sum + w })
}

// NewRatings is NewMatrix for values that replace each other, such as stars:
// the last entry of a pair counts, earlier ones are forgotten.
func NewRatings(rows, cols int, row, col []int32, rating []float32) *Matrix {
	return compress(rows, cols, row, col, rating, func(_, last float32) float32 { return last })
}

// NNZ returns the number of stored entries.
func (m *Matrix) NNZ() int { return len(m.Index) }

// Row returns the columns and weights of row i; weight is nil for a binary
// matrix. Both alias the matrix and must not be changed.
func (m *Matrix) Row(i int) (index []int32, weight []float32) {
	lo, hi := m.Ptr[i], m.Ptr[i+1]
	if m.Weight == nil {
		return m.Index[lo:hi:hi], nil
	}
	return m.Index[lo:hi:hi], m.Weight[lo:hi:hi]
}

// Transpose returns the matrix with rows and columns exchanged.
func (m *Matrix) Transpose() *Matrix {
	t := newMatrix(m.Cols, m.Rows, m.Index, m.Weight != nil)
	next := slices.Clone(t.Ptr[:t.Rows])
	for i := range m.Rows {
		for e := m.Ptr[i]; e < m.Ptr[i+1]; e++ {
			at := next[m.Index[e]]
			next[m.Index[e]]++
			t.Index[at] = int32(i)
			if m.Weight != nil {
				t.Weight[at] = m.Weight[e]
			}
		}
	}
	return t
}

// newMatrix allocates a matrix whose row i has room for as many entries as
// there are i among the rows of its entries.
func newMatrix(rows, cols int, entryRow []int32, weighted bool) *Matrix {
	m := &Matrix{Rows: rows, Cols: cols, Ptr: make([]int64, rows+1), Index: make([]int32, len(entryRow))}
	if weighted {
		m.Weight = make([]float32, len(entryRow))
	}
	for _, r := range entryRow {
		m.Ptr[r+1]++
	}
	for i := range rows {
		m.Ptr[i+1] += m.Ptr[i]
	}
	return m
}

// compress sorts the entries by two counting sorts, first by column, then
// stably by row, and merges neighbours that name the same pair.
func compress(rows, cols int, row, col []int32, weight []float32, merge func(old, new float32) float32) *Matrix {
	checkEntries(rows, cols, row, col, weight)
	columns := newMatrix(cols, rows, col, weight != nil)
	next := slices.Clone(columns.Ptr[:cols])
	for e, c := range col {
		at := next[c]
		next[c]++
		columns.Index[at] = row[e]
		if weight != nil {
			columns.Weight[at] = weight[e]
		}
	}
	m := columns.Transpose()
	m.mergeRepeats(merge)
	return m
}

// mergeRepeats folds neighbouring entries of one row and column into one.
func (m *Matrix) mergeRepeats(merge func(old, new float32) float32) {
	kept, lo := int64(0), int64(0)
	for i := range m.Rows {
		start, hi := kept, m.Ptr[i+1]
		for e := lo; e < hi; e++ {
			if kept > start && m.Index[kept-1] == m.Index[e] {
				if m.Weight != nil {
					m.Weight[kept-1] = merge(m.Weight[kept-1], m.Weight[e])
				}
				continue
			}
			m.Index[kept] = m.Index[e]
			if m.Weight != nil {
				m.Weight[kept] = m.Weight[e]
			}
			kept++
		}
		m.Ptr[i+1], lo = kept, hi
	}
	m.Index = m.Index[:kept]
	if m.Weight != nil {
		m.Weight = m.Weight[:kept]
	}
}

func checkEntries(rows, cols int, row, col []int32, weight []float32) {
	if len(row) != len(col) || weight != nil && len(weight) != len(row) {
		panic(fmt.Sprintf("als: %d rows, %d columns and %d weights of entries", len(row), len(col), len(weight)))
	}
	for e := range row {
		if r, c := row[e], col[e]; r < 0 || int(r) >= rows || c < 0 || int(c) >= cols {
			panic(fmt.Sprintf("als: entry (%d, %d) outside %d × %d", r, c, rows, cols))
		}
	}
}

// check panics when the matrix is not what its type promises, and returns an
// error that names the first weight that is NaN, infinite or below least.
func (m *Matrix) check(least float64) error {
	if len(m.Ptr) != m.Rows+1 || m.Weight != nil && len(m.Weight) != len(m.Index) {
		panic(fmt.Sprintf("als: %d rows with %d offsets, %d columns with %d weights",
			m.Rows, len(m.Ptr), len(m.Index), len(m.Weight)))
	}
	for i := range m.Rows {
		index, weight := m.Row(i)
		for _, c := range index {
			if c < 0 || int(c) >= m.Cols {
				panic(fmt.Sprintf("als: entry (%d, %d) outside %d × %d", i, c, m.Rows, m.Cols))
			}
		}
		for e, w := range weight {
			if w64 := float64(w); math.IsNaN(w64) || math.IsInf(w64, 0) || w64 < least {
				return fmt.Errorf("als: value %v in row %d, column %d", w, i, index[e])
			}
		}
	}
	return nil
}
