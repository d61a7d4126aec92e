package kernel

import "math"

func packGeneric(dst []uint32, hi, lo []float32) {
	for k := range dst {
		low := short(lo[k])
		sign, size := math.Float32bits(hi[k])&(1<<31), math.Float32bits(hi[k])&^(1<<31)
		dst[k] = sign | (max(size+0x8000, low)-low)&^0xffff | low
	}
}

// short rounds x to the upper half of a float32, ties to even.
func short(x float32) uint32 {
	b := math.Float32bits(x)
	return (b + 0x7fff + b>>16&1) >> 16
}

// unpack returns the two numbers of a word.
func unpack(word uint32) (hi, lo float32) {
	return math.Float32frombits(word), math.Float32frombits(word << 16)
}

func pairDotGeneric(dst []float32, table []uint32, index []int32, x []float32) {
	words := len(x) / 2
	upper, lower := x[:words], x[words:][:words]
	for i, row := range index {
		var a, b float32
		for k, word := range table[int(row)*words:][:words] {
			hi, lo := unpack(word)
			a += hi * upper[k]
			b += lo * lower[k]
		}
		dst[i] = a + b
	}
}

func pairAxpyGeneric(dst, alpha []float32, table []uint32, index []int32) {
	words := len(dst) / 2
	upper, lower := dst[:words], dst[words:][:words]
	for i, row := range index {
		for k, word := range table[int(row)*words:][:words] {
			hi, lo := unpack(word)
			upper[k] += alpha[i] * hi
			lower[k] += alpha[i] * lo
		}
	}
}
