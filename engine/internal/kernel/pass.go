package kernel

// GatherPass is the step that conjugate gradient takes over the rows index of a
// table, which are as long as x and dst and follow each other: it leaves in s,
//
//	s[i] = a[i] + b[i]·(x·t)
//
// for t the row index[i], and adds s[i]·t to dst. s, a and b are as long as
// index. The caller answers for every index being inside the table.
func GatherPass(dst, s, a, b, table []float32, index []int32, x []float32) {
	n := len(index)
	if n > 0 && len(x) > 0 {
		gatherPass(dst[:len(x)], s[:n], a[:n], b[:n], table, index, x)
	}
}

// GatherPassHalf is GatherPass for a table of half-precision numbers. Its rows
// are a multiple of Lane.
func GatherPassHalf(dst, s, a, b []float32, table []uint16, index []int32, x []float32) {
	n := len(index)
	if n > 0 && len(x) > 0 {
		gatherPassHalf(dst[:len(x)], s[:n], a[:n], b[:n], table, index, x)
	}
}

// stretch returns how many rows are read for their products before they are read
// again to be added up: as many as stay in the first-level cache in between.
func stretch(width int) int { return max(8, 2048/width&^7) }

// gatherTwice is gatherPass where no one kernel does both: gatherDot writes the
// products of x with the rows, gatherAxpy adds the rows times s to dst. The rows
// of the next stretch are asked for meanwhile.
func gatherTwice(dst, s, a, b, table []float32, index []int32, x []float32) {
	for n := stretch(len(x)); len(index) > 0; {
		n = min(n, len(index))
		prefetch(table, len(x), index[n:min(2*n, len(index))])
		gatherDot(s[:n], table, index[:n], x)
		mulAdd(s[:n], a, b)
		gatherAxpy(dst, s[:n], table, index[:n])
		s, a, b, index = s[n:], a[n:], b[n:], index[n:]
	}
}

// gatherTwiceHalf is gatherTwice for a table of half-precision numbers.
func gatherTwiceHalf(dst, s, a, b []float32, table []uint16, index []int32, x []float32) {
	for n := stretch(len(x)); len(index) > 0; {
		n = min(n, len(index))
		prefetchHalf(table, len(x), index[n:min(2*n, len(index))])
		gatherDotHalf(s[:n], table, index[:n], x)
		mulAdd(s[:n], a, b)
		gatherAxpyHalf(dst, s[:n], table, index[:n])
		s, a, b, index = s[n:], a[n:], b[n:], index[n:]
	}
}

// mulAdd sets s to a + b∘s over the length of s.
func mulAdd(s, a, b []float32) {
	a, b = a[:len(s)], b[:len(s)]
	for i, v := range s {
		s[i] = a[i] + b[i]*v
	}
}
