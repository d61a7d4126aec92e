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
	Ptr        []int64 // Rows+1 offsets: row i is Index[Ptr[i]:Ptr[i+1]]
	Index      []int32 // column of each entry
	Weight     Weights // weight of each entry; the zero value for a binary matrix
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
// matrix. They may alias the matrix and must not be changed.
func (m *Matrix) Row(i int) (index []int32, weight []float32) {
	return m.RowInto(nil, i)
}

// RowInto is Row with the weights in room, which is grown as needed.
func (m *Matrix) RowInto(room []float32, i int) (index []int32, weight []float32) {
	lo, hi := m.Ptr[i], m.Ptr[i+1]
	if !m.Weight.AllOne() {
		weight = m.Weight.Append(slices.Grow(room[:0], int(hi-lo)), lo, hi)
	}
	return m.Index[lo:hi:hi], weight
}

// Transpose returns the matrix with rows and columns exchanged.
func (m *Matrix) Transpose() *Matrix {
	weight := m.Weight.like()
	t := m.transpose(func(at, place int64, row int) int32 {
		weight.set(at, &m.Weight, place)
		return int32(row)
	})
	t.Weight = weight
	return t
}

// transpose is Transpose without weights, and with what index returns of each
// entry, whose place and row it is given, and its place in the transpose.
func (m *Matrix) transpose(index func(at, place int64, row int) int32) *Matrix {
	t := newMatrix(m.Cols, m.Rows, m.Index)
	next := slices.Clone(t.Ptr[:t.Rows])
	for row := range m.Rows {
		for place := m.Ptr[row]; place < m.Ptr[row+1]; place++ {
			at := next[m.Index[place]]
			next[m.Index[place]]++
			t.Index[at] = index(at, place, row)
		}
	}
	return t
}

// newMatrix allocates a binary matrix whose row i has room for as many entries
// as there are i among the rows of its entries.
func newMatrix(rows, cols int, entryRow []int32) *Matrix {
	m := &Matrix{Rows: rows, Cols: cols, Ptr: make([]int64, rows+1), Index: make([]int32, len(entryRow))}
	for _, r := range entryRow {
		m.Ptr[r+1]++
	}
	for i := range rows {
		m.Ptr[i+1] += m.Ptr[i]
	}
	return m
}

// compress puts each entry into its row, in the order in which they come, sorts
// the rows that do not ascend, and merges entries that name the same pair.
func compress(rows, cols int, row, col []int32, weight []float32, merge func(old, new float32) float32) *Matrix {
	checkEntries(rows, cols, row, col, weight)
	m := newMatrix(rows, cols, row)
	var values []float32 // of the entries, in the order of the matrix
	if weight != nil {
		values = make([]float32, len(weight))
	}
	next := slices.Clone(m.Ptr[:rows])
	for e, r := range row {
		at := next[r]
		next[r]++
		m.Index[at] = col[e]
		if weight != nil {
			values[at] = weight[e]
		}
	}
	var s sorter
	for i := range rows {
		lo, hi := m.Ptr[i], m.Ptr[i+1]
		if weight == nil {
			slices.Sort(m.Index[lo:hi])
		} else if !slices.IsSorted(m.Index[lo:hi]) {
			s.sort(m.Index[lo:hi], values[lo:hi])
		}
	}
	kept := m.mergeRepeats(values, merge)
	if weight != nil {
		m.Weight = NewWeights(values[:kept])
	}
	return m
}

// sorter sorts a row by column and keeps the order of entries in the same one.
type sorter struct {
	keys   []uint64 // column, and the place it was in
	values []float32
}

func (s *sorter) sort(index []int32, value []float32) {
	s.keys = s.keys[:0]
	for e, c := range index {
		s.keys = append(s.keys, uint64(c)<<32|uint64(e))
	}
	slices.Sort(s.keys)
	s.values = append(s.values[:0], value...)
	for e, key := range s.keys {
		index[e], value[e] = int32(key>>32), s.values[uint32(key)]
	}
}

// mergeRepeats folds neighbouring entries of one row and column, and their
// values where there are any, into one and returns how many are left.
func (m *Matrix) mergeRepeats(value []float32, merge func(old, new float32) float32) (kept int64) {
	lo := int64(0)
	for i := range m.Rows {
		start, hi := kept, m.Ptr[i+1]
		for e := lo; e < hi; e++ {
			if kept > start && m.Index[kept-1] == m.Index[e] {
				if value != nil {
					value[kept-1] = merge(value[kept-1], value[e])
				}
				continue
			}
			m.Index[kept] = m.Index[e]
			if value != nil {
				value[kept] = value[e]
			}
			kept++
		}
		m.Ptr[i+1], lo = kept, hi
	}
	if m.Index = m.Index[:kept]; kept < lo-lo/8 {
		m.Index = slices.Clone(m.Index) // gives the rest back
	}
	return kept
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
	if len(m.Ptr) != m.Rows+1 {
		panic(fmt.Sprintf("als: %d rows with %d offsets", m.Rows, len(m.Ptr)))
	}
	m.Weight.check(len(m.Index))
	for i := range m.Rows {
		for _, c := range m.Index[m.Ptr[i]:m.Ptr[i+1]] {
			if c < 0 || int(c) >= m.Cols {
				panic(fmt.Sprintf("als: entry (%d, %d) outside %d × %d", i, c, m.Rows, m.Cols))
			}
		}
	}
	bad := func(w float32) bool {
		w64 := float64(w)
		return math.IsNaN(w64) || math.IsInf(w64, 0) || w64 < least
	}
	fine := true
	m.Weight.each(func(w float32) { fine = fine && !bad(w) })
	for i := 0; i < m.Rows && !fine; i++ {
		for e := m.Ptr[i]; e < m.Ptr[i+1]; e++ {
			if w := m.Weight.at(e); bad(w) {
				return fmt.Errorf("als: value %v in row %d, column %d", w, i, m.Index[e])
			}
		}
	}
	return nil
}
