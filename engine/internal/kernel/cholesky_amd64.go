//go:build !purego

package kernel

//go:noescape
func eliminateAVX2(c *float32, ldc int, u *[10]float32, n int)

//go:noescape
func eliminateAVX512(c *float32, ldc, n int)

func eliminate(c []float32, ldc, lo, hi, m int) {
	switch {
	case hi-lo == tall:
		eliminateAVX512(&c[lo], ldc, Pad(m)-lo)
		return
	case !useAVX2 || hi-lo < Rows:
		eliminateGeneric(c, ldc, lo, hi, m)
		return
	}
	u := corner(c[lo:], ldc)
	start := lo &^ (Lane - 1)
	eliminateAVX2(&c[start], ldc, &u, Pad(m)-start)
	c[lo], c[ldc+lo+1], c[2*ldc+lo+2], c[3*ldc+lo+3] = u[0], u[4], u[7], u[9]
}
