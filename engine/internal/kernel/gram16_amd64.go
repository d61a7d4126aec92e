//go:build !purego

package kernel

//go:noescape
func tileBF16(m mode, lanes int, c *float32, ldc int, a *uint32, stride, step int, b *uint32, ldb, k int)

//go:noescape
func pack16AVX512(dst *uint32, ldd int, src *float32, lds, pairs, cols int, alpha, sum *float32)

func tile16(m mode, lanes int, c []float32, ldc int, a, b []uint32, ld, k int) {
	if !hasBF16 {
		tile16Generic(m, lanes, c, ldc, a, b, ld, k)
		return
	}
	tileBF16(m, lanes, &c[0], ldc, &a[0], 1, ld, &b[0], ld, k)
}

func pack16(dst []uint32, ldd int, src []float32, lds, pairs int, alpha, sum []float32) {
	if !useAVX512 {
		pack16Generic(dst, ldd, src, lds, pairs, alpha, sum)
		return
	}
	pack16AVX512(&dst[0], ldd, &src[0], lds, pairs, len(sum), &alpha[0], &sum[0])
}
