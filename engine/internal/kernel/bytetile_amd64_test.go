//go:build !purego

package kernel

import "slices"

type byteTile = func(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int)

// byteTiles returns every version of MulBytes that this processor runs.
func byteTiles() map[string]byteTile {
	tiles := map[string]byteTile{"generic": mulBytesGeneric}
	if slices.Contains(supported(), "avx2") {
		tiles["avx2"] = func(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
			mulBytesAVX2(&dst[0], &rows[0], &sum[0], &scale[0], &packed[0], len(scale), width)
		}
	}
	if slices.Contains(supported(), "avx512") {
		tiles["vnni"] = func(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
			mulBytesVNNI(&dst[0], &rows[0], &sum[0], &scale[0], &packed[0], len(scale), width)
		}
	}
	return tiles
}
