package kernel

// HasHalf reports whether the processor converts half-precision numbers, IEEE
// binary16, as fast as it reads them. Without it the functions on them are slow.
func HasHalf() bool { return hasHalf }

// Halve writes alpha times x into dst as half-precision numbers, rounded to
// nearest. Both have the same length, a multiple of Lane.
func Halve(dst []uint16, alpha float32, x []float32) {
	if len(x) > 0 {
		halve(dst[:len(x)], alpha, x)
	}
}
