//go:build !amd64 || purego

package kernel

// What has assembly for AVX alone.

func transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	transposeGeneric(dst, ldd, src, lds, rows, cols)
}

func reach(hits []uint32, scores []float32, floors *[Group]float32) {
	reachGeneric(hits, scores, floors)
}

func inverses(dst, x []float32, alpha float32, y []float32) { inversesGeneric(dst, x, alpha, y) }

func inverseRoots(dst, x []float32, alpha float32) { inverseRootsGeneric(dst, x, alpha) }

const hasBF16 = false

func tile16(m mode, lanes int, c []float32, ldc int, a, b []uint32, ld, k int) {
	tile16Generic(m, lanes, c, ldc, a, b, ld, k)
}

func pack16(dst []uint32, ldd int, src []float32, lds, pairs int, alpha, sum []float32) {
	pack16Generic(dst, ldd, src, lds, pairs, alpha, sum)
}

const useAVX512 = false

func narrowSum(s *system, table []float32, index []int32, weight, target []float32) {
	narrowSumGeneric(s, table, index, weight, target)
}

func narrowSolve(b *Bundle, spectrum, reg *[Narrow]float32) { narrowSolveGeneric(b, spectrum, reg) }
