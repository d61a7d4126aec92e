//go:build !purego

package kernel

//go:noescape
func packAVX2(dst *uint32, hi, lo *float32, n int)

//go:noescape
func pairDotAVX2(dst *float32, table *uint32, index *int32, x *float32, rows, words int)

//go:noescape
func pairAxpyAVX2(dst, alpha *float32, table *uint32, index *int32, rows, words int)

//go:noescape
func prefetchPairsAVX2(table *uint32, index *int32, rows, words int)

//go:noescape
func pairDotAVX512(dst *float32, table *uint32, index *int32, x *float32, rows, words int)

//go:noescape
func pairPassAVX512(dst, s, a, b *float32, table *uint32, index *int32, x *float32, rows, words int)

func pack(dst []uint32, hi, lo []float32) {
	if !useAVX2 {
		packGeneric(dst, hi, lo)
		return
	}
	packAVX2(&dst[0], &hi[0], &lo[0], len(dst))
}

func pairPass(dst, s, a, b []float32, table []uint32, index []int32, x []float32) {
	if !useAVX512 {
		pairTwice(dst, s, a, b, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		pairPassAVX512(&dst[0], &s[0], &a[0], &b[0], &table[0], &index[0], &x[0], fours, len(x)/2)
	}
	if fours < len(index) {
		var restS, restA, restB [Rows]float32 // nothing to add for the rows that fill up
		copy(restA[:], a[fours:])
		copy(restB[:], b[fours:])
		rest := lastRows(index[fours:])
		pairPassAVX512(&dst[0], &restS[0], &restA[0], &restB[0], &table[0], &rest[0], &x[0], Rows, len(x)/2)
		copy(s[fours:], restS[:])
	}
}

func pairDot(dst []float32, table []uint32, index []int32, x []float32) {
	if !useAVX2 {
		pairDotGeneric(dst, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		pairDotFours(&dst[0], &table[0], &index[0], &x[0], fours, len(x)/2)
	}
	if fours < len(index) {
		var dots [Rows]float32
		rest := lastRows(index[fours:])
		pairDotFours(&dots[0], &table[0], &rest[0], &x[0], Rows, len(x)/2)
		copy(dst[fours:], dots[:])
	}
}

// pairDotFours is pairDot for a multiple of four rows.
func pairDotFours(dst *float32, table *uint32, index *int32, x *float32, rows, words int) {
	if useAVX512 {
		pairDotAVX512(dst, table, index, x, rows, words)
		return
	}
	pairDotAVX2(dst, table, index, x, rows, words)
}

func pairAxpy(dst, alpha []float32, table []uint32, index []int32) {
	if !useAVX2 {
		pairAxpyGeneric(dst, alpha, table, index)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		pairAxpyAVX2(&dst[0], &alpha[0], &table[0], &index[0], fours, len(dst)/2)
	}
	if fours < len(index) {
		var alphas [Rows]float32
		copy(alphas[:], alpha[fours:])
		rest := lastRows(index[fours:])
		pairAxpyAVX2(&dst[0], &alphas[0], &table[0], &rest[0], Rows, len(dst)/2)
	}
}

// lastRows fills up fewer than Rows row numbers with the first of them.
func lastRows(index []int32) [Rows]int32 {
	rows := [Rows]int32{index[0], index[0], index[0], index[0]}
	copy(rows[:], index)
	return rows
}

func prefetchPairs(table []uint32, words int, index []int32) {
	if useAVX2 && len(index) > 0 {
		prefetchPairsAVX2(&table[0], &index[0], len(index), words)
	}
}
