//go:build !purego

package kernel

const hasByteTile = true

//go:noescape
func mulBytesVNNI(dst *float32, rows *int8, sum *int32, scale *float32, packed *uint32, n, width int)

//go:noescape
func mulBytesAVX2(dst *float32, rows *int8, sum *int32, scale *float32, packed *uint32, n, width int)

func mulBytes(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
	switch {
	case useAVX512: // whose paths have the instruction for sums of products of bytes
		mulBytesVNNI(&dst[0], &rows[0], &sum[0], &scale[0], &packed[0], len(scale), width)
	case useAVX2:
		mulBytesAVX2(&dst[0], &rows[0], &sum[0], &scale[0], &packed[0], len(scale), width)
	default:
		mulBytesGeneric(dst, rows, sum, scale, packed, width)
	}
}
