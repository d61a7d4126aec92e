package kernel

// GatherPass is the step that conjugate gradient takes over the rows index of a
// table, which are as long as x and dst and follow each other: it leaves in s,
//
//	s[i] = a[i] + b[i]·(x·t)
//
// for t the row index[i], and adds s[i]·t to dst. s, a and b are as long as
// index. The caller answers for every index being inside the table.
func GatherPass(dst, s, a, b, table []float32, index []int32, x []float32) {
	if len(x) == 0 {
		return
	}
	dst, s = dst[:len(x)], s[:len(index)]
	for n := stretch(len(x)); len(index) > 0; {
		n = min(n, len(index))
		gatherDot(s[:n], table, index[:n], x)
		mulAdd(s[:n], a, b)
		gatherAxpy(dst, s[:n], table, index[:n])
		s, a, b, index = s[n:], a[n:], b[n:], index[n:]
	}
}

// stretch returns how many rows are read for their products before they are read
// again to be added up: as many as stay in the first-level cache in between.
func stretch(width int) int { return max(8, 2048/width&^7) }

// mulAdd sets s to a + b∘s over the length of s.
func mulAdd(s, a, b []float32) {
	a, b = a[:len(s)], b[:len(s)]
	for i, v := range s {
		s[i] = a[i] + b[i]*v
	}
}
