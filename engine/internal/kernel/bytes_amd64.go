//go:build !purego

package kernel

//go:noescape
func dotBytesAVX2(dst *float32, rows *int8, x *int16, n, width int)

//go:noescape
func dotBytesAVX512(dst *float32, rows *int8, x *int16, n, width int)

func dotBytes(dst []float32, rows []int8, x []int16) {
	if !useAVX2 {
		dotBytesGeneric(dst, rows, x)
		return
	}
	fours := len(dst) &^ (Rows - 1)
	switch {
	case fours == 0:
	case useAVX512:
		dotBytesAVX512(&dst[0], &rows[0], &x[0], fours, len(x))
	default:
		dotBytesAVX2(&dst[0], &rows[0], &x[0], fours, len(x))
	}
	dotBytesGeneric(dst[fours:], rows[fours*len(x):], x)
}
