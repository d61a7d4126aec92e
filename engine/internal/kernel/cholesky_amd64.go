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

// corner returns the Cholesky factor of the 4 × 4 matrix that c begins with,
// row after row from the diagonal, each diagonal number inverted.
func corner(c []float32, ldc int) (u [10]float32) {
	r0, r1, r2, r3 := c[:4:4], c[ldc:ldc+4:ldc+4], c[2*ldc:2*ldc+4:2*ldc+4], c[3*ldc:3*ldc+4:3*ldc+4]
	i0 := inverseRoot(r0[0])
	u01, u02, u03 := r0[1]*i0, r0[2]*i0, r0[3]*i0
	i1 := inverseRoot(r1[1] - u01*u01)
	u12, u13 := (r1[2]-u01*u02)*i1, (r1[3]-u01*u03)*i1
	i2 := inverseRoot(r2[2] - u02*u02 - u12*u12)
	u23 := (r2[3] - u02*u03 - u12*u13) * i2
	i3 := inverseRoot(r3[3] - u03*u03 - u13*u13 - u23*u23)
	return [10]float32{i0, u01, u02, u03, i1, u12, u13, i2, u23, i3}
}
