package kernel

import "math"

// Cholesky factorises the symmetric matrix UᵀU = C in place, given by the upper
// triangle of the first n of the m columns of C; the columns from n on are
// right-hand sides and become U⁻ᵀ times what they were. On the diagonal the
// inverses of U's numbers are left; below it C is undefined before and after. C
// has PadRows(n) rows and padded columns.
//
// Every pivot is taken to be at least one, as it is in exact arithmetic where
// C − I is positive semidefinite; so no rounding can make a root imaginary.
//
// The factorisation looks left: a strip of rows first takes in all rows above
// it, as one tile product, and is then eliminated within itself.
func Cholesky(c []float32, ldc, n, m int) {
	c = c[:room(PadRows(n), ldc, Pad(m))]
	for i := 0; i < n; {
		rows := height(n - i)
		if i > 0 {
			j := i &^ (Lane - 1)
			product(sub, rows, c[i*ldc+j:], ldc, c[i:], 1, ldc, c[j:], ldc, i, (Pad(m)-j)/Lane)
		}
		eliminate(c[i*ldc:], ldc, i, min(i+rows, n), m)
		i += rows
	}
}

// eliminateGeneric factorises rows lo to hi, the first of which c begins with,
// when the rows above no longer concern them.
func eliminateGeneric(c []float32, ldc, lo, hi, m int) {
	for r := lo; r < hi; r++ {
		row := c[(r-lo)*ldc:][:m]
		inverse := inverseRoot(row[r])
		for k := r + 1; k < m; k++ {
			row[k] *= inverse
		}
		row[r] = inverse
		for s := r + 1; s < hi; s++ {
			axpyGeneric(-row[s], row[s:], c[(s-lo)*ldc+s:])
		}
	}
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

func inverseRoot(pivot float32) float32 {
	if !(pivot > 1) {
		pivot = 1
	}
	return 1 / float32(math.Sqrt(float64(pivot)))
}

// Forward solves Uᵀx = b in place for the n × n upper triangle that Cholesky
// left; x holds b before and the solution after.
func Forward(u []float32, ldu, n int, x []float32) {
	lo := 0
	for ; lo+Rows < n; lo += Rows {
		minus := forwardFour(u[lo*ldu+lo:], ldu, x[lo:])
		AxpyRows(x[lo+Rows:n], minus[:], u[lo*ldu+lo+Rows:], ldu)
	}
	for i := lo; i < n; i++ {
		row := u[i*ldu:]
		x[i] *= row[i]
		for k := i + 1; k < n; k++ {
			x[k] -= row[k] * x[i]
		}
	}
}

// forwardFour is Forward for four rows, whose numbers it returns with their signs
// changed.
func forwardFour(u []float32, ldu int, x []float32) [Rows]float32 {
	r0, r1, r2, r3 := u[:4:4], u[ldu:ldu+4:ldu+4], u[2*ldu:2*ldu+4:2*ldu+4], u[3*ldu:3*ldu+4:3*ldu+4]
	x = x[:4:4]
	x0 := x[0] * r0[0]
	x1 := (x[1] - r0[1]*x0) * r1[1]
	x2 := (x[2] - r0[2]*x0 - r1[2]*x1) * r2[2]
	x3 := (x[3] - r0[3]*x0 - r1[3]*x1 - r2[3]*x2) * r3[3]
	x[0], x[1], x[2], x[3] = x0, x1, x2, x3
	return [Rows]float32{-x0, -x1, -x2, -x3}
}

// Backward solves Ux = b in place for the n × n upper triangle that Cholesky
// left; x holds b before and the solution after.
//
// Four rows at a time, from the last: what the four numbers found last do to them
// stands apart from the dot products with those found before, which need not wait.
func Backward(u []float32, ldu, n int, x []float32) {
	hi := max(0, n-Rows)
	backwardFew(u[hi*ldu+hi:], ldu, x[hi:n])
	var dots [Rows]float32
	for ; hi >= Rows; hi -= Rows {
		lo := hi - Rows
		DotRows(dots[:], u[lo*ldu+hi+Rows:], ldu, x[hi+Rows:n])
		backwardFour(u[lo*ldu+lo:], ldu, x[lo:], &dots)
	}
	if hi > 0 {
		DotRows(dots[:hi], u[hi:], ldu, x[hi:n])
		for i := range hi {
			x[i] -= dots[i]
		}
		backwardFew(u, ldu, x[:hi])
	}
}

// backwardFour is Backward for the four numbers that x begins with, when the four
// after them are known and dots is what those further on take away. It is written
// out so that the way from one number to the next is one multiplication and one
// subtraction.
func backwardFour(u []float32, ldu int, x []float32, dots *[Rows]float32) {
	r0, r1, r2, r3 := u[:8:8], u[ldu:ldu+8:ldu+8], u[2*ldu:2*ldu+8:2*ldu+8], u[3*ldu:3*ldu+8:3*ldu+8]
	x = x[:8:8]
	x4, x5, x6, x7 := x[4], x[5], x[6], x[7]
	b3 := x[3] - dots[3] - r3[7]*x7 - r3[6]*x6 - r3[5]*x5
	b2 := x[2] - dots[2] - r2[7]*x7 - r2[6]*x6 - r2[5]*x5 - r2[4]*x4
	b1 := x[1] - dots[1] - r1[7]*x7 - r1[6]*x6 - r1[5]*x5 - r1[4]*x4
	b0 := x[0] - dots[0] - r0[7]*x7 - r0[6]*x6 - r0[5]*x5 - r0[4]*x4
	x3 := b3*r3[3] - r3[4]*r3[3]*x4
	x2 := b2*r2[2] - r2[3]*r2[2]*x3
	x1 := (b1-r1[3]*x3)*r1[1] - r1[2]*r1[1]*x2
	x0 := (b0-r0[3]*x3-r0[2]*x2)*r0[0] - r0[1]*r0[0]*x1
	x[0], x[1], x[2], x[3] = x0, x1, x2, x3
}

// backwardFew is Backward for the last few rows.
func backwardFew(u []float32, ldu int, x []float32) {
	for i := len(x) - 1; i >= 0; i-- {
		row := u[i*ldu:]
		for k := i + 1; k < len(x); k++ {
			x[i] -= row[k] * x[k]
		}
		x[i] *= row[i]
	}
}
