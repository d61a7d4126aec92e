package kernel

// tileGeneric computes two columns of the tile at a time, which is what the
// registers hold.
func tileGeneric(m mode, lanes int, c []float32, ldc int, a []float32, stride, step int, b []float32, ldb, k int) {
	for j := 0; j < lanes*Lane; j += 2 {
		var s00, s01, s10, s11, s20, s21, s30, s31 float32
		for t := range k {
			a0, a1 := a[t*step], a[t*step+stride]
			a2, a3 := a[t*step+2*stride], a[t*step+3*stride]
			pair := b[t*ldb+j : t*ldb+j+2 : t*ldb+j+2]
			b0, b1 := pair[0], pair[1]
			s00 += a0 * b0
			s01 += a0 * b1
			s10 += a1 * b0
			s11 += a1 * b1
			s20 += a2 * b0
			s21 += a2 * b1
			s30 += a3 * b0
			s31 += a3 * b1
		}
		store(m, c[j:], s00, s01)
		store(m, c[ldc+j:], s10, s11)
		store(m, c[2*ldc+j:], s20, s21)
		store(m, c[3*ldc+j:], s30, s31)
	}
}

func store(m mode, c []float32, x, y float32) {
	switch m {
	case set:
		c[0], c[1] = x, y
	case add:
		c[0], c[1] = c[0]+x, c[1]+y
	case sub:
		c[0], c[1] = c[0]-x, c[1]-y
	}
}

func transposeGeneric(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	for i := range rows {
		for j, v := range src[i*lds:][:cols] {
			dst[j*ldd+i] = v
		}
	}
}
