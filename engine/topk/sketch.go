package topk

import (
	"math"

	"valse/engine/internal/kernel"
)

// sketch holds the vectors rounded to a byte a coordinate, a quarter of their
// size, and how far each is from its original. A vector y is s·b + e, with b
// its bytes; so for a query q
//
//	qᵀy ≤ s·qᵀb + ‖q‖‖e‖,
//
// which rules out most vectors without looking at them.
type sketch struct {
	width int    // of a row of bytes
	bytes []int8 // padded with zeros, and to kernel.ByteRows rows
	scale []float32
	sum   []int32   // of a row of bytes
	error []float32 // ‖e‖, rounded up
}

func newSketch(rows, width int, vectors []float32) sketch {
	padded := kernel.PadByteRows(rows)
	s := sketch{width: kernel.PadBytes(max(1, width)), scale: make([]float32, padded), sum: make([]int32, padded)}
	s.error, s.bytes = make([]float32, rows), make([]int8, padded*s.width)
	for i := range rows {
		v := vectors[i*width:][:width]
		s.scale[i] = largest(v) / math.MaxInt8
		bytes := s.bytes[i*s.width:][:width]
		s.error[i] = round(bytes, v, s.scale[i])
		for _, b := range bytes {
			s.sum[i] += int32(b)
		}
	}
	return s
}

// roundQuery writes q over a scale into x, as integers so large that the sums
// of their products with bytes just fit, and returns the scale and the length
// of what is lost.
func roundQuery(x []int16, q []float32) (scale, lost float32) {
	most := min(math.MaxInt16, math.MaxInt32/(math.MaxInt8*len(x)))
	scale = largest(q) / float32(most)
	clear(x)
	return scale, round(x, q, scale)
}

// round writes v over scale into x and returns the length of what is lost,
// rounded up.
func round[T int8 | int16](x []T, v []float32, scale float32) float32 {
	lost := 0.0
	for k, c := range v {
		if scale > 0 {
			x[k] = T(math.RoundToEven(float64(c / scale)))
		}
		e := float64(c) - float64(scale)*float64(x[k])
		lost += e * e
	}
	return float32(math.Sqrt(lost) * (1 + 0x1p-20))
}

// largest returns the greatest absolute value in v.
func largest(v []float32) float32 {
	most := float32(0)
	for _, c := range v {
		most = max(most, float32(math.Abs(float64(c))))
	}
	return most
}
