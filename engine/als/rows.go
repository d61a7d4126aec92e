package als

import (
	"math"
	"slices"
)

// rows is one side's data: what a half sweep solves for.
type rows struct {
	*Matrix
	count []float64 // total weight of each row
	// base, when not nil, is what the targets lack of the matrix's values: a
	// number for each column. Then these are no weights, all of which are one.
	base []float32
	// other, when not nil, is the matrix that this one is the transpose of. Then
	// it has no weights, and for each entry's column the entry's place in other,
	// where both are found.
	other *Matrix
	rowAt []int32 // of other: the row that its entry 0 lies in, and each sixty-fourth after it
}

// every is the number of entries between two of rowAt.
const every = 64

// newRows returns the side of m's rows.
func newRows(m *Matrix) *rows { return &rows{Matrix: m, count: make([]float64, m.Rows)} }

// newColumns returns the side of m's columns. With weights of two bytes, places
// in m take less room than columns and weights again: so an interaction takes ten
// bytes at most in all.
func newColumns(m *Matrix) *rows {
	if m.Weight.Bytes() < 2 || m.NNZ() > math.MaxInt32 {
		return newRows(m.Transpose())
	}
	t := m.transpose(func(_, place int64, _ int) int32 { return int32(place) })
	r := newRows(t)
	r.other, r.rowAt = m, make([]int32, (m.NNZ()+every-1)/every)
	row := 0
	for b := range r.rowAt {
		for m.Ptr[row+1] <= int64(b*every) {
			row++
		}
		r.rowAt[b] = int32(row)
	}
	return r
}

// weighed sets each row's count to the sum of its weights.
func (r *rows) weighed() *rows {
	w := new(rowSolver)
	for i := range r.count {
		r.count[i] = total(r.row(w, i))
	}
	return r
}

// counted sets each row's count to the number of its entries.
func (r *rows) counted() *rows {
	for i := range r.count {
		r.count[i] = float64(r.Ptr[i+1] - r.Ptr[i])
	}
	return r
}

// row is RowInto with room of w's.
func (r *rows) row(w *rowSolver, i int) (index []int32, weight []float32) {
	if r.other == nil {
		index, weight = r.RowInto(w.target, i)
		if weight != nil {
			w.target = weight
		}
		return index, weight
	}
	places := r.Index[r.Ptr[i]:r.Ptr[i+1]]
	n := len(places)
	w.index, w.target = slices.Grow(w.index[:0], n)[:n], slices.Grow(w.target[:0], n)[:n]
	index, weight = w.index[:n], w.target[:n]
	ends, rowAt, wide, book := r.other.Ptr[1:], r.rowAt, r.other.Weight.wide, r.other.Weight.book
	for e, place := range places {
		column := rowAt[uint32(place)/every]
		for ends[column] <= int64(place) {
			column++
		}
		index[e], weight[e] = column, book[wide[place]]
	}
	return index, weight
}

// ahead returns the columns of row i as they lie there, or nil.
func (r *rows) ahead(i int) []int32 {
	if r.other != nil {
		return nil
	}
	return r.Index[r.Ptr[i]:r.Ptr[i+1]]
}

// problem returns row i; what of it does not lie in the matrix is put into room
// of w's.
func (r *rows) problem(w *rowSolver, i int) row {
	index, value := r.row(w, i)
	if r.base == nil {
		return row{index: index, weight: value}
	}
	for e, column := range index {
		value[e] -= r.base[column]
	}
	return row{index: index, target: value}
}
