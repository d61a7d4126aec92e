package kernel

import "math"

func dotGeneric(x, y []float32) float32 {
	var a, b, c, d float32
	k := 0
	for ; k+4 <= len(x); k += 4 {
		p, q := x[k:k+4:k+4], y[k:k+4:k+4]
		a += p[0] * q[0]
		b += p[1] * q[1]
		c += p[2] * q[2]
		d += p[3] * q[3]
	}
	for ; k < len(x); k++ {
		a += x[k] * y[k]
	}
	return (a + b) + (c + d)
}

func axpyGeneric(alpha float32, x, y []float32) {
	y = y[:len(x)]
	for k, v := range x {
		y[k] += alpha * v
	}
}

func scaleGeneric(dst []float32, alpha float32, x, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for k := range dst {
		dst[k] = alpha * x[k] * y[k]
	}
}

func inversesGeneric(dst, x []float32, alpha float32, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for k := range dst {
		dst[k] = 1 / (x[k] + alpha*y[k])
	}
}

func inverseRootsGeneric(dst, x []float32, alpha float32) {
	x = x[:len(dst)]
	for k := range dst {
		dst[k] = 1 / float32(math.Sqrt(float64(x[k]+alpha)))
	}
}

func dotRowsGeneric(dst, a []float32, ld int, x []float32) {
	for i := range dst {
		dst[i] = dotGeneric(x, a[i*ld:])
	}
}

func axpyRowsGeneric(dst, alpha, a []float32, ld int) {
	for i, v := range alpha {
		axpyGeneric(v, a[i*ld:][:len(dst)], dst)
	}
}

func gatherGeneric(dst []float32, ld int, table []float32, width int, index []int32, alpha, y []float32) {
	for i, row := range index {
		scaleGeneric(dst[i*ld:][:width], alpha[i], table[int(row)*width:], y)
	}
}

func gatherDotGeneric(dst, table []float32, index []int32, x []float32) {
	for i, row := range index {
		dst[i] = dotGeneric(x, table[int(row)*len(x):][:len(x)])
	}
}

func gatherAxpyGeneric(dst, alpha, table []float32, index []int32) {
	for i, row := range index {
		axpyGeneric(alpha[i], table[int(row)*len(dst):][:len(dst)], dst)
	}
}
