//go:build (!amd64 && !arm64) || purego

package kernel

func dot(x, y []float32) float32                         { return dotGeneric(x, y) }
func axpy(alpha float32, x, y []float32)                 { axpyGeneric(alpha, x, y) }
func scale(dst []float32, alpha float32, x, y []float32) { scaleGeneric(dst, alpha, x, y) }
func dotRows(dst, a []float32, ld int, x []float32)      { dotRowsGeneric(dst, a, ld, x) }
func axpyRows(dst, alpha, a []float32, ld int)           { axpyRowsGeneric(dst, alpha, a, ld) }
func eliminate(c []float32, ldc, lo, hi, m int)          { eliminateGeneric(c, ldc, lo, hi, m) }

func gather(dst []float32, ld int, table []float32, width int, index []int32, alpha, y []float32) {
	gatherGeneric(dst, ld, table, width, index, alpha, y)
}

func gatherDot(dst, table []float32, index []int32, x []float32) {
	gatherDotGeneric(dst, table, index, x)
}

func gatherAxpy(dst, alpha, table []float32, index []int32) {
	gatherAxpyGeneric(dst, alpha, table, index)
}

func pack(dst []uint32, hi, lo []float32) { packGeneric(dst, hi, lo) }

func pairPass(dst, s, a, b []float32, table []uint32, index []int32, x []float32) {
	pairTwice(dst, s, a, b, table, index, x)
}

func pairDot(dst []float32, table []uint32, index []int32, x []float32) {
	pairDotGeneric(dst, table, index, x)
}

func pairAxpy(dst, alpha []float32, table []uint32, index []int32) {
	pairAxpyGeneric(dst, alpha, table, index)
}

func prefetchPairs([]uint32, int, []int32) {}

func dotBytes(dst []float32, rows []int8, x []int16) { dotBytesGeneric(dst, rows, x) }

const hasTall = false

func tile(m mode, _, lanes int, c []float32, ldc int, a []float32, stride, step int, b []float32, ldb, k int) {
	tileGeneric(m, lanes, c, ldc, a, stride, step, b, ldb, k)
}

func enable(string) {}

func supported() []string { return []string{"generic"} }
