//go:build !purego

package kernel

// Taller tiles are for other processors.
const hasTall = false

//go:noescape
func tileNEON(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)

//go:noescape
func dotNEON(x, y *float32, n int) float32

//go:noescape
func fourDotsNEON(dst, a, b, c, d, x *float32, n int)

//go:noescape
func fourAxpysNEON(dst, alpha, a, b, c, d *float32, n int)

//go:noescape
func axpyNEON(alpha float32, x, y *float32, n int)

//go:noescape
func scaleNEON(dst *float32, alpha float32, x, y *float32, n int)

//go:noescape
func eliminateNEON(c *float32, ldc int, u *[10]float32, n int)

//go:noescape
func fourPairDotsNEON(dst *float32, a, b, c, d *uint32, x *float32, words int)

//go:noescape
func fourPairAxpysNEON(dst, alpha *float32, a, b, c, d *uint32, words int)

//go:noescape
func dotBytesNEON(dst *float32, rows *int8, x *int16, n, width int)

func tile(m mode, _, lanes int, c []float32, ldc int, a []float32, stride, step int, b []float32, ldb, k int) {
	if !useNEON {
		tileGeneric(m, lanes, c, ldc, a, stride, step, b, ldb, k)
		return
	}
	tileNEON(m, lanes, &c[0], ldc, &a[0], stride, step, &b[0], ldb, k)
}

func eliminate(c []float32, ldc, lo, hi, m int) {
	if !useNEON || hi-lo < Rows {
		eliminateGeneric(c, ldc, lo, hi, m)
		return
	}
	u := corner(c[lo:], ldc)
	start := lo &^ (Lane - 1)
	eliminateNEON(&c[start], ldc, &u, Pad(m)-start)
	c[lo], c[ldc+lo+1], c[2*ldc+lo+2], c[3*ldc+lo+3] = u[0], u[4], u[7], u[9]
}

func dot(x, y []float32) float32 {
	if !useNEON || len(x) == 0 {
		return dotGeneric(x, y)
	}
	return dotNEON(&x[0], &y[0], len(x))
}

func axpy(alpha float32, x, y []float32) {
	if !useNEON || len(x) == 0 {
		axpyGeneric(alpha, x, y)
		return
	}
	axpyNEON(alpha, &x[0], &y[0], len(x))
}

func scale(dst []float32, alpha float32, x, y []float32) {
	if !useNEON || len(dst) == 0 {
		scaleGeneric(dst, alpha, x, y)
		return
	}
	scaleNEON(&dst[0], alpha, &x[0], &y[0], len(dst))
}

func dotRows(dst, a []float32, ld int, x []float32) {
	if !useNEON || len(x) == 0 {
		dotRowsGeneric(dst, a, ld, x)
		return
	}
	i := 0
	for ; i+Rows <= len(dst); i += Rows {
		fourDotsNEON(&dst[i], &a[i*ld], &a[(i+1)*ld], &a[(i+2)*ld], &a[(i+3)*ld], &x[0], len(x))
	}
	for ; i < len(dst); i++ {
		dst[i] = dotNEON(&x[0], &a[i*ld], len(x))
	}
}

func axpyRows(dst, alpha, a []float32, ld int) {
	if !useNEON || len(dst) == 0 {
		axpyRowsGeneric(dst, alpha, a, ld)
		return
	}
	i := 0
	for ; i+Rows <= len(alpha); i += Rows {
		fourAxpysNEON(&dst[0], &alpha[i], &a[i*ld], &a[(i+1)*ld], &a[(i+2)*ld], &a[(i+3)*ld], len(dst))
	}
	for ; i < len(alpha); i++ {
		axpyNEON(alpha[i], &a[i*ld], &dst[0], len(dst))
	}
}

func gather(dst []float32, ld int, table []float32, width int, index []int32, alpha, y []float32) {
	if !useNEON || width == 0 {
		gatherGeneric(dst, ld, table, width, index, alpha, y)
		return
	}
	for i, row := range index {
		scaleNEON(&dst[i*ld], alpha[i], &table[int(row)*width], &y[0], width)
	}
}

func gatherDot(dst, table []float32, index []int32, x []float32) {
	if !useNEON || len(x) == 0 {
		gatherDotGeneric(dst, table, index, x)
		return
	}
	n := len(x)
	at := func(i int) *float32 { return &table[int(index[i])*n] }
	i := 0
	for ; i+Rows <= len(index); i += Rows {
		fourDotsNEON(&dst[i], at(i), at(i+1), at(i+2), at(i+3), &x[0], n)
	}
	for ; i < len(index); i++ {
		dst[i] = dotNEON(&x[0], at(i), n)
	}
}

func gatherAxpy(dst, alpha, table []float32, index []int32) {
	if !useNEON || len(dst) == 0 {
		gatherAxpyGeneric(dst, alpha, table, index)
		return
	}
	n := len(dst)
	at := func(i int) *float32 { return &table[int(index[i])*n] }
	i := 0
	for ; i+Rows <= len(index); i += Rows {
		fourAxpysNEON(&dst[0], &alpha[i], at(i), at(i+1), at(i+2), at(i+3), n)
	}
	for ; i < len(index); i++ {
		axpyNEON(alpha[i], at(i), &dst[0], n)
	}
}

func pack(dst []uint32, hi, lo []float32) { packGeneric(dst, hi, lo) }

func pairPass(dst, s, a, b []float32, table []uint32, index []int32, x []float32) {
	pairTwice(dst, s, a, b, table, index, x)
}

func pairDot(dst []float32, table []uint32, index []int32, x []float32) {
	fours, words := 0, len(x)/2
	if useNEON {
		fours = len(index) &^ (Rows - 1)
	}
	at := func(i int) *uint32 { return &table[int(index[i])*words] }
	for i := 0; i < fours; i += Rows {
		fourPairDotsNEON(&dst[i], at(i), at(i+1), at(i+2), at(i+3), &x[0], words)
	}
	pairDotGeneric(dst[fours:], table, index[fours:], x)
}

func pairAxpy(dst, alpha []float32, table []uint32, index []int32) {
	fours, words := 0, len(dst)/2
	if useNEON {
		fours = len(index) &^ (Rows - 1)
	}
	at := func(i int) *uint32 { return &table[int(index[i])*words] }
	for i := 0; i < fours; i += Rows {
		fourPairAxpysNEON(&dst[0], &alpha[i], at(i), at(i+1), at(i+2), at(i+3), words)
	}
	pairAxpyGeneric(dst, alpha[fours:], table, index[fours:])
}

func prefetchPairs([]uint32, int, []int32) {}

func dotBytes(dst []float32, rows []int8, x []int16) {
	fours := 0
	if useNEON {
		fours = len(dst) &^ (Rows - 1)
	}
	if fours > 0 {
		dotBytesNEON(&dst[0], &rows[0], &x[0], fours, len(x))
	}
	dotBytesGeneric(dst[fours:], rows[fours*len(x):], x)
}
