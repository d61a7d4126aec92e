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

// GatherDotHalf is GatherDot for a table of half-precision numbers. Its rows, as
// long as x, are a multiple of Lane.
func GatherDotHalf(dst []float32, table []uint16, index []int32, x []float32) {
	if len(index) > 0 {
		gatherDotHalf(dst[:len(index)], table, index, x)
	}
}

// GatherAxpyHalf is GatherAxpy for a table of half-precision numbers. Its rows,
// as long as dst, are a multiple of Lane.
func GatherAxpyHalf(dst, alpha []float32, table []uint16, index []int32) {
	if len(index) > 0 {
		gatherAxpyHalf(dst, alpha[:len(index)], table, index)
	}
}

// PrefetchHalf is Prefetch for a table of half-precision numbers.
func PrefetchHalf(table []uint16, width int, index []int32) {
	if len(index) > 0 && len(table) > 0 {
		prefetchHalf(table, width, index)
	}
}
