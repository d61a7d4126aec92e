//go:build !purego

package kernel

//go:noescape
func gatherPassAVX512(dst, s, a, b, table *float32, index *int32, x *float32, rows, n int)

//go:noescape
func gatherPassHalfAVX512(dst, s, a, b *float32, table *uint16, index *int32, x *float32, rows, n int)

func gatherPass(dst, s, a, b, table []float32, index []int32, x []float32) {
	if !useAVX512 {
		gatherTwice(dst, s, a, b, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherPassAVX512(&dst[0], &s[0], &a[0], &b[0], &table[0], &index[0], &x[0], fours, len(x))
	}
	if fours < len(index) {
		r := restOf(a, b, index, fours)
		gatherPassAVX512(&dst[0], &r.s[0], &r.a[0], &r.b[0], &table[0], &r.index[0], &x[0], Rows, len(x))
		copy(s[fours:], r.s[:])
	}
}

func gatherPassHalf(dst, s, a, b []float32, table []uint16, index []int32, x []float32) {
	if !useAVX512 {
		gatherTwiceHalf(dst, s, a, b, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherPassHalfAVX512(&dst[0], &s[0], &a[0], &b[0], &table[0], &index[0], &x[0], fours, len(x))
	}
	if fours < len(index) {
		r := restOf(a, b, index, fours)
		gatherPassHalfAVX512(&dst[0], &r.s[0], &r.a[0], &r.b[0], &table[0], &r.index[0], &x[0], Rows, len(x))
		copy(s[fours:], r.s[:])
	}
}

// rest is what a pass has left when fewer than Rows rows are, filled up with the
// first of them, with nothing to add.
type rest struct {
	s, a, b [Rows]float32
	index   [Rows]int32
}

func restOf(a, b []float32, index []int32, from int) (r rest) {
	copy(r.a[:], a[from:])
	copy(r.b[:], b[from:])
	r.index = lastRows(index[from:])
	return r
}
