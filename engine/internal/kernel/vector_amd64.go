//go:build !purego

package kernel

//go:noescape
func dotAVX2(x, y *float32, n int) float32

//go:noescape
func axpyAVX2(alpha float32, x, y *float32, n int)

//go:noescape
func scaleAVX2(dst *float32, alpha float32, x, y *float32, n int)

//go:noescape
func inversesAVX2(dst, x *float32, alpha float32, y *float32, n int)

//go:noescape
func inverseRootsAVX2(dst, x *float32, alpha float32, n int)

//go:noescape
func dotRowsAVX2(dst, a *float32, ld int, x *float32, rows, n int)

//go:noescape
func axpyRowsAVX2(dst, alpha, a *float32, ld, rows, n int)

//go:noescape
func gatherAVX2(dst *float32, ld int, table *float32, width int, index *int32, alpha, y *float32, rows int)

//go:noescape
func gatherDotAVX2(dst, table *float32, index *int32, x *float32, rows, n int)

//go:noescape
func gatherAxpyAVX2(dst, alpha, table *float32, index *int32, rows, n int)

func dot(x, y []float32) float32 {
	if !useAVX2 || len(x) == 0 {
		return dotGeneric(x, y)
	}
	return dotAVX2(&x[0], &y[0], len(x))
}

func axpy(alpha float32, x, y []float32) {
	if !useAVX2 || len(x) == 0 {
		axpyGeneric(alpha, x, y)
		return
	}
	axpyAVX2(alpha, &x[0], &y[0], len(x))
}

func scale(dst []float32, alpha float32, x, y []float32) {
	if !useAVX2 || len(dst) == 0 {
		scaleGeneric(dst, alpha, x, y)
		return
	}
	scaleAVX2(&dst[0], alpha, &x[0], &y[0], len(dst))
}

func inverses(dst, x []float32, alpha float32, y []float32) {
	if !useAVX2 || len(dst) == 0 {
		inversesGeneric(dst, x, alpha, y)
		return
	}
	inversesAVX2(&dst[0], &x[0], alpha, &y[0], len(dst))
}

func inverseRoots(dst, x []float32, alpha float32) {
	if !useAVX2 || len(dst) == 0 {
		inverseRootsGeneric(dst, x, alpha)
		return
	}
	inverseRootsAVX2(&dst[0], &x[0], alpha, len(dst))
}

func dotRows(dst, a []float32, ld int, x []float32) {
	if !useAVX2 || len(x) == 0 {
		dotRowsGeneric(dst, a, ld, x)
		return
	}
	fours := len(dst) &^ (Rows - 1)
	if fours > 0 {
		dotRowsAVX2(&dst[0], &a[0], ld, &x[0], fours, len(x))
	}
	for i := fours; i < len(dst); i++ {
		dst[i] = dotAVX2(&x[0], &a[i*ld], len(x))
	}
}

func axpyRows(dst, alpha, a []float32, ld int) {
	if !useAVX2 || len(dst) == 0 {
		axpyRowsGeneric(dst, alpha, a, ld)
		return
	}
	fours := len(alpha) &^ (Rows - 1)
	if fours > 0 {
		axpyRowsAVX2(&dst[0], &alpha[0], &a[0], ld, fours, len(dst))
	}
	for i := fours; i < len(alpha); i++ {
		axpyAVX2(alpha[i], &a[i*ld], &dst[0], len(dst))
	}
}

func gather(dst []float32, ld int, table []float32, width int, index []int32, alpha, y []float32) {
	if !useAVX2 || width == 0 {
		gatherGeneric(dst, ld, table, width, index, alpha, y)
		return
	}
	gatherAVX2(&dst[0], ld, &table[0], width, &index[0], &alpha[0], &y[0], len(index))
}

func gatherDot(dst, table []float32, index []int32, x []float32) {
	if !useAVX2 || len(x) == 0 {
		gatherDotGeneric(dst, table, index, x)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherDotAVX2(&dst[0], &table[0], &index[0], &x[0], fours, len(x))
	}
	for i := fours; i < len(index); i++ {
		dst[i] = dotAVX2(&x[0], &table[int(index[i])*len(x)], len(x))
	}
}

func gatherAxpy(dst, alpha, table []float32, index []int32) {
	if !useAVX2 || len(dst) == 0 {
		gatherAxpyGeneric(dst, alpha, table, index)
		return
	}
	fours := len(index) &^ (Rows - 1)
	if fours > 0 {
		gatherAxpyAVX2(&dst[0], &alpha[0], &table[0], &index[0], fours, len(dst))
	}
	for i := fours; i < len(index); i++ {
		axpyAVX2(alpha[i], &table[int(index[i])*len(dst)], &dst[0], len(dst))
	}
}
