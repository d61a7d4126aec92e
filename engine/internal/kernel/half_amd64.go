//go:build !purego

package kernel

//go:noescape
func halveAVX2(dst *uint16, alpha float32, x *float32, n int)

//go:noescape
func gatherDotHalfAVX2(dst *float32, table *uint16, index *int32, x *float32, rows, n int)

//go:noescape
func gatherAxpyHalfAVX2(dst, alpha *float32, table *uint16, index *int32, rows, n int)

//go:noescape
func prefetchHalfAVX2(table *uint16, index *int32, rows, n int)

func halve(dst []uint16, alpha float32, x []float32) {
	if !hasHalf {
		halveGeneric(dst, alpha, x)
		return
	}
	halveAVX2(&dst[0], alpha, &x[0], len(x))
}

func gatherDotHalf(dst []float32, table []uint16, index []int32, x []float32) {
	if !hasHalf || len(x) == 0 {
		gatherDotHalfGeneric(dst, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherDotHalfAVX2(&dst[0], &table[0], &index[0], &x[0], fours, len(x))
	}
	if fours < len(index) {
		var dots [Rows]float32
		rest := lastRows(index[fours:])
		gatherDotHalfAVX2(&dots[0], &table[0], &rest[0], &x[0], Rows, len(x))
		copy(dst[fours:], dots[:])
	}
}

func gatherAxpyHalf(dst, alpha []float32, table []uint16, index []int32) {
	if !hasHalf || len(dst) == 0 {
		gatherAxpyHalfGeneric(dst, alpha, table, index)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherAxpyHalfAVX2(&dst[0], &alpha[0], &table[0], &index[0], fours, len(dst))
	}
	if fours < len(index) {
		var alphas [Rows]float32
		copy(alphas[:], alpha[fours:])
		rest := lastRows(index[fours:])
		gatherAxpyHalfAVX2(&dst[0], &alphas[0], &table[0], &rest[0], Rows, len(dst))
	}
}

// lastRows fills up fewer than Rows row numbers with the first of them.
func lastRows(index []int32) [Rows]int32 {
	rows := [Rows]int32{index[0], index[0], index[0], index[0]}
	copy(rows[:], index)
	return rows
}

func prefetchHalf(table []uint16, width int, index []int32) {
	if hasHalf && len(index) > 0 {
		prefetchHalfAVX2(&table[0], &index[0], len(index), width)
	}
}
