package kernel

import "math"

// A panel in 16 bits holds bfloat16 numbers, the upper halves of float32: the
// whole exponent and eight bits of mantissa. A word holds those of one column in
// two rows that follow each other, the first in its lower half. AVX512-BF16
// multiplies and adds both at once, which on AMD's processors is twice what they do
// in float32; products and sums are float32.

// HasGram16 reports whether Gram16 is faster here than Gram.
func HasGram16() bool { return hasBF16 }

// Pack16 writes the rows × cols panel src into dst in 16 bits, each number rounded
// to nearest: (rows + 1)/2 rows of words, ldd apart, with zeros for a row that is
// missing. It adds the rows as they were, each times its alpha, to sum while it has
// them in hand. Columns of all but sum are padded.
func Pack16(dst []uint32, ldd int, src []float32, lds, rows, cols int, alpha, sum []float32) {
	if rows == 0 || cols == 0 {
		return
	}
	pairs := rows / 2
	dst, src = dst[:room((rows+1)/2, ldd, Pad(cols))], src[:room(rows, lds, Pad(cols))]
	alpha, sum = alpha[:rows], sum[:cols]
	if pairs > 0 {
		pack16(dst, ldd, src, lds, pairs, alpha, sum)
	}
	if rows%2 > 0 {
		last := src[(rows-1)*lds:][:Pad(cols)]
		for k, v := range last {
			dst[pairs*ldd+k] = upper(v)
		}
		axpy(alpha[rows-1], last[:cols], sum)
	}
}

// Gram16 is Gram for a panel in 16 bits of k rows of words, except that C has
// Pad(n) rows.
func Gram16(c []float32, ldc int, p []uint32, ldp, k, n, m int, more bool) {
	mode := set
	if more {
		mode = add
	}
	c, p = c[:room(Pad(n), ldc, Pad(m))], p[:room(k, ldp, Pad(m))]
	for i := 0; i < n; i += tall {
		at := i
		for lanes := (Pad(m) - i) / Lane; lanes > 0; {
			tiles := (lanes + 2*maxLanes - 1) / (2 * maxLanes)
			w := (lanes + tiles - 1) / tiles
			tile16(mode, w, c[i*ldc+at:], ldc, p[i:], p[at:], ldp, k)
			at += w * Lane
			lanes -= w
		}
	}
}

// upper returns the upper half of x, rounded to nearest.
func upper(x float32) uint32 { return (math.Float32bits(x) + 0x8000) >> 16 }

func pack16Generic(dst []uint32, ldd int, src []float32, lds, pairs int, alpha, sum []float32) {
	for i := range pairs {
		a, b := src[2*i*lds:][:Pad(len(sum))], src[(2*i+1)*lds:][:Pad(len(sum))]
		for k, word := 0, dst[i*ldd:]; k < len(a); k++ {
			word[k] = upper(a[k]) | upper(b[k])<<16
		}
	}
	axpyRowsGeneric(sum, alpha[:2*pairs], src, lds)
}

// tile16Generic is one tile of Gram16, tall rows high.
func tile16Generic(m mode, lanes int, c []float32, ldc int, a, b []uint32, ld, k int) {
	for i := range tall {
		for j := range lanes * Lane {
			sum := float32(0)
			for t := range k {
				x0, x1 := columns16(a[t*ld+i])
				y0, y1 := columns16(b[t*ld+j])
				sum += x0*y0 + x1*y1
			}
			if m == add {
				sum += c[i*ldc+j]
			}
			c[i*ldc+j] = sum
		}
	}
}

// columns16 returns the two numbers of a word.
func columns16(word uint32) (first, second float32) {
	return math.Float32frombits(word << 16), math.Float32frombits(word &^ 0xffff)
}
