package als

import (
	"math"

	"valse/engine/internal/kernel"
)

// conjugate improves one row by conjugate gradient on
//
//	(ZᵀCZ + D) x = ZᵀCr
//
// from the value it has, instead of solving it. A step costs one pass over the
// row's columns. The preconditioner is the diagonal D + n·m, where m is the mean
// square of each coordinate over the fixed side, every row counted as often as
// it is used: what the diagonal of the system is on average. In the eigenbasis
// little is left beside the diagonal, so that few steps come close.
//
// Saad, Iterative Methods for Sparse Linear Systems, algorithm 9.1.
type conjugate struct {
	rank    int
	r, z, p []float32 // residual (not the targets), preconditioned residual, direction
	q       []float32 // the system times the direction
	d, m    []float32 // D and the inverse of the preconditioner
	scaled  []float32 // what passHalves multiplies, times the scale of the halves
	sum     []float32 // what passHalves adds up, over that scale
	dots    []float32 // products of the columns in hand
}

// fastSteps is the number of conjugate gradient steps.
const fastSteps = 2

func newConjugate(rank int) *conjugate {
	room := make([]float32, 8*rank)
	next := func() []float32 {
		part := room[:rank:rank]
		room = room[rank:]
		return part
	}
	return &conjugate{
		rank: rank,
		r:    next(), z: next(), p: next(), q: next(), d: next(), m: next(),
		scaled: next(), sum: next(),
		// As many as have their factors stay in the first-level cache between
		// being read for their products and being added up.
		dots: make([]float32, max(8, 2048/rank&^7)),
	}
}

// precondition sets D and the preconditioner of a row whose weights add up to n.
func (c *conjugate) precondition(spectrum, power []float32, reg, n float64) {
	for k, v := range spectrum {
		c.d[k] = v + float32(reg)
		c.m[k] = 1 / (c.d[k] + float32(n)*power[k])
	}
}

// solve improves x and returns the value of the objective there. The value is
// computed from its definition at the start; each step lowers it by its length
// times the slope.
func (c *conjugate) solve(x []float32, p row) (value float64) {
	value = c.start(x, p)
	kernel.Scale(c.z, 1, c.m, c.r)
	copy(c.p, c.z)
	slope := dot(c.r, c.z)
	for step := 1; ; step++ {
		length := slope / c.apply(p)
		if !(length > 0 && length*slope < math.MaxFloat32) {
			break // solved already, or beyond what float32 holds
		}
		kernel.Axpy(float32(length), c.p, x)
		value -= length * slope
		if step == fastSteps {
			break
		}
		kernel.Axpy(-float32(length), c.q, c.r)
		kernel.Scale(c.z, 1, c.m, c.r)
		next := dot(c.r, c.z)
		ratio := float32(next / slope)
		for k, z := range c.z {
			c.p[k] = z + ratio*c.p[k]
		}
		slope = next
	}
	return value
}

// start leaves the residual, ZᵀC(targets − Zx) − Dx, and returns the objective.
func (c *conjugate) start(x []float32, p row) (value float64) {
	kernel.Scale(c.r, -1, c.d, x)
	value = -dot(c.r, x)
	c.pass(c.r, x, p, func(dots []float32, lo int) {
		for i, dot := range dots {
			e := p.targetAt(lo+i) - dot
			dots[i] = p.weightAt(lo+i) * e
			value += float64(dots[i]) * float64(e)
		}
	})
	return value
}

// apply leaves q = (ZᵀCZ + D)p and returns pᵀq.
func (c *conjugate) apply(p row) (curvature float64) {
	kernel.Scale(c.q, 1, c.d, c.p)
	c.pass(c.q, c.p, p, func(dots []float32, lo int) {
		if p.weight != nil {
			kernel.Scale(dots, 1, dots, p.weight[lo:])
		}
	})
	return dot(c.p, c.q)
}

// pass adds Zᵀf(Zx) to dst, where f replaces the products of the columns from
// lo on. The next columns' factors are asked for meanwhile.
func (c *conjugate) pass(dst, x []float32, p row, f func(products []float32, lo int)) {
	if p.halves != nil {
		c.passHalves(dst, x, p, f)
		return
	}
	for lo := 0; lo < len(p.index); lo += len(c.dots) {
		index, next := p.columns(lo, len(c.dots))
		dots := c.dots[:len(index)]
		kernel.Prefetch(p.factors.Data, c.rank, next)
		kernel.GatherDot(dots, p.factors.Data, index, x)
		f(dots, lo)
		kernel.GatherAxpy(dst, dots, p.factors.Data, index)
	}
}

// passHalves is pass on the halves, with the scale outside the sums.
func (c *conjugate) passHalves(dst, x []float32, p row, f func(products []float32, lo int)) {
	for k, v := range x {
		c.scaled[k] = p.halves.scale * v
	}
	clear(c.sum)
	for lo := 0; lo < len(p.index); lo += len(c.dots) {
		index, next := p.columns(lo, len(c.dots))
		dots := c.dots[:len(index)]
		kernel.PrefetchHalf(p.halves.data, c.rank, next)
		kernel.GatherDotHalf(dots, p.halves.data, index, c.scaled)
		f(dots, lo)
		kernel.GatherAxpyHalf(c.sum, dots, p.halves.data, index)
	}
	kernel.Axpy(p.halves.scale, c.sum, dst)
}

func dot(x, y []float32) float64 { return float64(kernel.Dot(x, y)) }
