//go:build !amd64 || purego

package kernel

type byteTile = func(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int)

// byteTiles returns every version of MulBytes that this processor runs.
func byteTiles() map[string]byteTile { return map[string]byteTile{"generic": mulBytesGeneric} }
