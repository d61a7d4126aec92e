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
