package kernel

// mode says what a tile product does with the numbers already in C.
type mode int

const (
	set mode = iota // C = AᵀB
	add             // C += AᵀB
	sub             // C −= AᵀB
)

// tall is the number of rows of the taller tile that some processors have; it is
// twice as wide too.
const tall = 2 * Rows

// height returns how many rows the next strip takes of those left: tall or Rows.
func height(left int) int {
	if hasTall && left >= tall {
		return tall
	}
	return Rows
}

// product runs the tile kernel along a strip: C, rows high (see height) and
// lanes·Lane wide, is set to, or changed by, AᵀB summed over k steps, at least
// one. Step t of A is the numbers a[t·step + r·stride], one for each row r; step
// t of B the row b[t·ldb:].
//
// Tiles side by side are of about the same width: in narrow ones the additions
// wait for each other.
func product(m mode, rows int, c []float32, ldc int, a []float32, stride, step int, b []float32, ldb, k, lanes int) {
	most := maxLanes * rows / Rows
	for tiles := (lanes + most - 1) / most; tiles > 0; tiles-- {
		w := (lanes + tiles - 1) / tiles
		at := (lanes - w) * Lane
		tile(m, rows, w, c[at:], ldc, a, stride, step, b[at:], ldb, k)
		lanes -= w
	}
}

// Gram computes the first n rows of PᵀP for the k × m panel P, from the
// diagonal to column m: it sets C to them or, with more, adds them to C. What
// lies below the diagonal is undefined. Columns of P and C are padded.
func Gram(c []float32, ldc int, p []float32, ldp, k, n, m int, more bool) {
	mode := set
	if more {
		mode = add
	}
	c, p = c[:room(PadRows(n), ldc, Pad(m))], p[:room(k, ldp, Pad(m))]
	for i := 0; i < n; {
		rows, j := height(n-i), i&^(Lane-1)
		product(mode, rows, c[i*ldc+j:], ldc, p[i:], 1, ldp, p[j:], ldp, k, (Pad(m)-j)/Lane)
		i += rows
	}
}

// MulRows computes C = A·B for n rows of A, of length k and lda apart, and the
// k × m table B, whose columns and those of C are padded. n is a multiple of Rows.
func MulRows(c []float32, ldc int, a []float32, lda int, b []float32, ldb, n, k, m int) {
	c, a, b = c[:room(n, ldc, Pad(m))], a[:room(n, lda, k)], b[:room(k, ldb, Pad(m))]
	for i := 0; i < n; {
		rows := height(n - i)
		product(set, rows, c[i*ldc:], ldc, a[i*lda:], lda, 1, b, ldb, k, Pad(m)/Lane)
		i += rows
	}
}

// Transpose writes the rows × cols table src into dst, cols × rows. Both tables
// have their rows and columns padded to multiples of Lane, and what is written
// into the padding of dst is undefined.
func Transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if rows > 0 && cols > 0 {
		dst, src = dst[:room(Pad(cols), ldd, Pad(rows))], src[:room(Pad(rows), lds, Pad(cols))]
		transpose(dst, ldd, src, lds, rows, cols)
	}
}
