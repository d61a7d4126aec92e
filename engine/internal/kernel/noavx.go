//go:build !amd64 || purego

package kernel

// What has assembly for AVX alone.

func transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	transposeGeneric(dst, ldd, src, lds, rows, cols)
}

func reach(hits []uint32, scores []float32, floors *[Group]float32) {
	reachGeneric(hits, scores, floors)
}

func gatherPass(dst, s, a, b, table []float32, index []int32, x []float32) {
	gatherTwice(dst, s, a, b, table, index, x)
}

func gatherPassHalf(dst, s, a, b []float32, table []uint16, index []int32, x []float32) {
	gatherTwiceHalf(dst, s, a, b, table, index, x)
}

func halve(dst []uint16, alpha float32, x []float32) { halveGeneric(dst, alpha, x) }

func gatherDotHalf(dst []float32, table []uint16, index []int32, x []float32) {
	gatherDotHalfGeneric(dst, table, index, x)
}

func gatherAxpyHalf(dst, alpha []float32, table []uint16, index []int32) {
	gatherAxpyHalfGeneric(dst, alpha, table, index)
}

func prefetch(table []float32, width int, index []int32) {}

func prefetchHalf(table []uint16, width int, index []int32) {}

func inverses(dst, x []float32, alpha float32, y []float32) { inversesGeneric(dst, x, alpha, y) }

func inverseRoots(dst, x []float32, alpha float32) { inverseRootsGeneric(dst, x, alpha) }
