package als

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

// columns returns the row's next n columns from lo, and as many after them.
func (p *row) columns(lo, n int) (index, next []int32) {
	index = p.index[lo:min(lo+n, len(p.index))]
	next = p.index[lo+len(index):]
	return index, next[:min(n, len(next))]
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
