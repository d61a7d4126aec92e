package als

import (
	"slices"

	"valse/engine/internal/kernel"
)

// row is one row's problem: the fixed side's factors of its columns with their
// weights and targets, nil meaning ones, and root = D^-½.
type row struct {
	factors Factors
	pairs   *pairs // of the factors; for conjugate only
	index   []int32
	next    []int32 // columns of the row to be solved after it; may be nil
	weight  []float32
	target  []float32
	root    []float32
}

// part returns the row with its columns from lo on alone, up to n of them.
func (p row) part(lo, n int) row {
	hi := min(lo+n, len(p.index))
	p.index = p.index[lo:hi]
	if p.weight != nil {
		p.weight = p.weight[lo:hi]
	}
	if p.target != nil {
		p.target = p.target[lo:hi]
	}
	return p
}

// columns is the number of a row's columns that a pass over them takes in hand at
// a time.
const columns = 1024

// What a column has where all have the same.
var allZero, allOne, allMinusOne = filled(0), filled(1), filled(-1)

func filled(v float32) []float32 { return slices.Repeat([]float32{v}, columns) }

// residual returns Ct and −C of a row of up to columns columns, with which
// kernel.GatherPass makes s = C(t − Zx) and adds Zᵀs up. They may lie in the room
// given, as long as the row, or be shared.
func (p row) residual(roomA, roomB []float32) (a, b []float32) {
	a, b = allOne, allMinusOne
	if p.target != nil {
		a = p.target
	}
	if p.weight == nil {
		return a, b
	}
	a, b = roomA[:len(p.index)], roomB[:len(p.index)]
	if p.target == nil {
		copy(a, p.weight)
	} else {
		kernel.Scale(a, 1, p.weight, p.target)
	}
	kernel.Scale(b, 1, p.weight, allMinusOne)
	return a, b
}

// square returns Σ ce² for the products s = ce of the row's weights and
// residuals.
func (p row) square(s []float32) (sum float64) {
	if p.weight == nil {
		return float64(kernel.Dot(s, s))
	}
	for e, v := range s {
		if w := p.weight[e]; w > 0 {
			sum += float64(v) * float64(v) / float64(w)
		}
	}
	return sum
}

// weightAt returns the weight of the row's column e.
func (p *row) weightAt(e int) float32 {
	if p.weight == nil {
		return 1
	}
	return p.weight[e]
}

// targetAt returns the target of the row's column e.
func (p *row) targetAt(e int) float32 {
	if p.target == nil {
		return 1
	}
	return p.target[e]
}
