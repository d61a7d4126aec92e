package als

import "valse/engine/internal/kernel"

// row is one row's problem: the fixed side's factors of its columns with their
// weights and targets, nil meaning ones, and root = D^-½.
type row struct {
	factors Factors
	halves  *halves // of the factors; nil for none
	index   []int32
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
