package kernel

import "math"

func halveGeneric(dst []uint16, alpha float32, x []float32) {
	for k, v := range x {
		dst[k] = toHalf(alpha * v)
	}
}

func gatherDotHalfGeneric(dst []float32, table []uint16, index []int32, x []float32) {
	for i, row := range index {
		sum := float32(0)
		for k, h := range table[int(row)*len(x):][:len(x)] {
			sum += fromHalf(h) * x[k]
		}
		dst[i] = sum
	}
}

func gatherAxpyHalfGeneric(dst, alpha []float32, table []uint16, index []int32) {
	for i, row := range index {
		for k, h := range table[int(row)*len(dst):][:len(dst)] {
			dst[k] += alpha[i] * fromHalf(h)
		}
	}
}

// halfTiny is the distance between half-precision numbers below 2^-14, where
// they stop having an exponent of their own.
const halfTiny = 0x1p-24

// toHalf rounds to nearest, ties to even.
func toHalf(x float32) uint16 {
	sign := uint16(math.Float32bits(x) >> 16 & 0x8000)
	size := math.Abs(float64(x))
	switch {
	case size != size:
		return sign | 0x7e00
	case size < 0x1p-14:
		return sign | uint16(math.RoundToEven(size/halfTiny))
	case size >= 65520:
		return sign | 0x7c00
	}
	// Eleven bits of mantissa, the first of which is left out; a carry out of
	// them goes into the exponent, as it should.
	fraction, exponent := math.Frexp(size)
	return sign | uint16(exponent+14)<<10 + uint16(math.RoundToEven(fraction*0x1p11)) - 1<<10
}

func fromHalf(h uint16) float32 {
	exponent, mantissa := int(h>>10&31), float64(h&0x3ff)
	size := mantissa * halfTiny
	switch {
	case exponent == 31 && mantissa == 0:
		size = math.Inf(1)
	case exponent == 31:
		size = math.NaN()
	case exponent > 0:
		size = math.Ldexp(1+mantissa/1024, exponent-15)
	}
	if h&0x8000 != 0 {
		size = -size
	}
	return float32(size)
}
