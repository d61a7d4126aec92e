package kernel

// Dot returns the dot product of x with as many numbers of y.
func Dot(x, y []float32) float32 {
	return dot(x, y[:len(x)])
}

// Axpy adds alpha times x to y, element by element over the length of x.
func Axpy(alpha float32, x, y []float32) {
	axpy(alpha, x, y[:len(x)])
}

// Scale writes alpha·x∘y, the scaled element-wise product, into dst over the
// length of dst.
func Scale(dst []float32, alpha float32, x, y []float32) {
	scale(dst, alpha, x[:len(dst)], y[:len(dst)])
}

// Inverses writes 1/(x + alpha·y), element by element, into dst over its length.
func Inverses(dst, x []float32, alpha float32, y []float32) {
	inverses(dst, x[:len(dst)], alpha, y[:len(dst)])
}

// InverseRoots writes 1/√(x + alpha), element by element, into dst over its
// length.
func InverseRoots(dst, x []float32, alpha float32) {
	inverseRoots(dst, x[:len(dst)], alpha)
}

// DotRows writes into dst the dot products of x with len(dst) rows of a, which
// are ld apart. Each is what Dot gives, to the bit.
func DotRows(dst, a []float32, ld int, x []float32) {
	if len(dst) == 0 {
		return
	}
	dotRows(dst, a[:(len(dst)-1)*ld+len(x)], ld, x)
}

// AxpyRows adds to dst the rows of a, which are ld apart, each times its alpha.
func AxpyRows(dst, alpha, a []float32, ld int) {
	if len(alpha) == 0 {
		return
	}
	axpyRows(dst, alpha, a[:(len(alpha)-1)*ld+len(dst)], ld)
}

// Gather writes alpha[i]·t∘y, for t the row index[i] of a table whose rows are
// width long, into row i of dst, whose rows are ld apart. An index outside the
// table panics.
func Gather(dst []float32, ld int, table []float32, width int, index []int32, alpha, y []float32) {
	if len(index) == 0 {
		return
	}
	var largest, a, b, c uint32 // four at a time: each waits for itself alone
	rest := index
	for ; len(rest) >= 4; rest = rest[4:] {
		largest, a = max(largest, uint32(rest[0])), max(a, uint32(rest[1]))
		b, c = max(b, uint32(rest[2])), max(c, uint32(rest[3]))
	}
	largest = max(largest, a, b, c)
	for _, i := range rest {
		largest = max(largest, uint32(i))
	}
	gather(dst[:(len(index)-1)*ld+width], ld, table[:(int(largest)+1)*width], width, index, alpha[:len(index)], y[:width])
}

// GatherDot writes into dst the dot products of x with the rows index of a
// table whose rows are as long as x and follow each other. The caller answers
// for every index being inside the table.
func GatherDot(dst, table []float32, index []int32, x []float32) {
	if len(index) > 0 {
		gatherDot(dst[:len(index)], table, index, x)
	}
}
