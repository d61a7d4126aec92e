//go:build !amd64 || purego

package kernel

const hasByteTile = false

func mulBytes(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
	mulBytesGeneric(dst, rows, sum, scale, packed, width)
}
