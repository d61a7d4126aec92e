//go:build !purego

package kernel

//go:noescape
func narrowSumAVX512(s *system, table *float32, index *int32, n int, weight, target *float32, weightStep, targetStep int)

//go:noescape
func narrowCountAVX512(s *system, table *float32, index *int32, n int)

//go:noescape
func narrowSolveAVX512(b *Bundle, spectrum, reg *[Narrow]float32)

func narrowSum(s *system, table []float32, index []int32, weight, target []float32) {
	switch {
	case !useAVX512:
		narrowSumGeneric(s, table, index, weight, target)
	case weight == nil && target == nil:
		narrowCountAVX512(s, &table[0], &index[0], len(index))
	default:
		w, weightStep := steps(weight)
		t, targetStep := steps(target)
		narrowSumAVX512(s, &table[0], &index[0], len(index), w, t, weightStep, targetStep)
	}
}

var one float32 = 1

// steps returns where the first of x is and how far it is to the next, in bytes:
// to one, again and again, where x is nil.
func steps(x []float32) (first *float32, step int) {
	if x == nil {
		return &one, 0
	}
	return &x[0], 4
}

func narrowSolve(b *Bundle, spectrum, reg *[Narrow]float32) {
	if !useAVX512 {
		narrowSolveGeneric(b, spectrum, reg)
		return
	}
	narrowSolveAVX512(b, spectrum, reg)
}
