package kernel

// A table of pairs holds two numbers in each word of 32 bits: word k of a row of
// w words has number k in its upper half and number w + k in its lower, each the
// upper half of a float32 (bfloat16), which has the whole exponent and eight bits
// of mantissa. The number in the lower half is the word shifted; that in the upper
// half is the word as it is, for what the lower half adds to it is allowed for
// when it is rounded. So it takes one instruction to make two vectors of numbers
// of a vector of words, one that runs beside multiplications, where converting
// IEEE half-precision numbers takes their place; and half as much is read.

// Pack writes x into dst as pairs, each number rounded to nearest. x is twice as
// long as dst, which is a multiple of Lane long.
func Pack(dst []uint32, x []float32) {
	if n := len(dst); n > 0 {
		pack(dst, x[:n], x[n:2*n])
	}
}

// PairPass is GatherPass over a table of pairs. x and dst are as long as a row
// has numbers, a multiple of 2·Lane.
func PairPass(dst, s, a, b []float32, table []uint32, index []int32, x []float32) {
	n := len(index)
	if n > 0 && len(x) > 0 {
		pairPass(dst[:len(x)], s[:n], a[:n], b[:n], table, index, x)
	}
}

// PairDot is GatherDot over a table of pairs. x is as long as a row has numbers,
// a multiple of 2·Lane.
func PairDot(dst []float32, table []uint32, index []int32, x []float32) {
	n := len(index)
	if n > 0 && len(x) > 0 {
		pairDot(dst[:n], table, index, x)
	}
}

// PairAhead asks for the rows index of a table of pairs, words long, that are to
// be read soon.
func PairAhead(table []uint32, words int, index []int32) { prefetchPairs(table, words, index) }

// pairTwice is pairPass where no one kernel does both: pairDot writes the
// products of x with the rows, pairAxpy adds the rows times s to dst. The rows of
// the next stretch are asked for meanwhile.
func pairTwice(dst, s, a, b []float32, table []uint32, index []int32, x []float32) {
	for n := 2 * stretch(len(x)); len(index) > 0; {
		n = min(n, len(index))
		prefetchPairs(table, len(x)/2, index[n:min(2*n, len(index))])
		pairDot(s[:n], table, index[:n], x)
		mulAdd(s[:n], a, b)
		pairAxpy(dst, s[:n], table, index[:n])
		s, a, b, index = s[n:], a[n:], b[n:], index[n:]
	}
}
