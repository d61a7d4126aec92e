//go:build !purego

package kernel

//go:noescape
func tileAVX2(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)

//go:noescape
func tileAVX512(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)

//go:noescape
func transposeAVX2(dst *float32, ldd int, src *float32, lds, rows, cols int)

func tile(m mode, rows, lanes int, c []float32, ldc int, a []float32, stride, step int, b []float32, ldb, k int) {
	switch {
	case rows == tall:
		tileAVX512(m, lanes, &c[0], ldc, &a[0], stride, step, &b[0], ldb, k)
	case useAVX2:
		tileAVX2(m, lanes, &c[0], ldc, &a[0], stride, step, &b[0], ldb, k)
	default:
		tileGeneric(m, lanes, c, ldc, a, stride, step, b, ldb, k)
	}
}

func transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if !useAVX2 {
		transposeGeneric(dst, ldd, src, lds, rows, cols)
		return
	}
	transposeAVX2(&dst[0], ldd, &src[0], lds, rows, cols)
}
