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
	r, z, p []float32 // residual (not the targets), preconditioned residual, direction
	q       []float32 // the system times the direction
	d, m    []float32 // D and the inverse of the preconditioner
	scaled  []float32 // x of a pass over halves, times their scale
	sum     []float32 // what such a pass adds up, over that scale
	s, a, b []float32 // of the columns in hand, see kernel.GatherPass
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
		r: next(), z: next(), p: next(), q: next(), d: next(), m: next(),
		scaled: next(), sum: next(),
		s: make([]float32, columns), a: make([]float32, columns), b: make([]float32, columns),
	}
}

// precondition sets D and the preconditioner of a row whose weights add up to n.
func (c *conjugate) precondition(spectrum, power []float32, reg, n float64) {
	for k, v := range spectrum {
		c.d[k] = v + float32(reg)
	}
	kernel.Inverses(c.m, c.d, float32(n), power)
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

// start leaves the residual, ZᵀC(t − Zx) − Dx for the targets t, and returns the
// objective.
func (c *conjugate) start(x []float32, p row) (value float64) {
	kernel.Scale(c.r, -1, c.d, x)
	value = -dot(c.r, x)
	sum, x := c.enter(c.r, x, p)
	for lo := 0; lo < len(p.index); lo += columns {
		part := p.part(lo, columns)
		a, b := part.residual(c.a, c.b)
		value += part.square(c.pass(sum, a, b, x, part))
	}
	c.leave(c.r, p)
	return value
}

// apply leaves q = (ZᵀCZ + D)p and returns pᵀq.
func (c *conjugate) apply(p row) (curvature float64) {
	kernel.Scale(c.q, 1, c.d, c.p)
	sum, x := c.enter(c.q, c.p, p)
	for lo := 0; lo < len(p.index); lo += columns {
		part := p.part(lo, columns)
		weight := allOne
		if p.weight != nil {
			weight = part.weight
		}
		c.pass(sum, allZero, weight, x, part)
	}
	c.leave(c.q, p)
	return dot(c.p, c.q)
}

// pass adds Zᵀs to dst, where s = a + b∘Zx, and returns s, which is valid until
// the next call.
func (c *conjugate) pass(dst, a, b, x []float32, p row) (s []float32) {
	s = c.s[:len(p.index)]
	if p.halves == nil {
		kernel.GatherPass(dst, s, a, b, p.factors.Data, p.index, x)
	} else {
		kernel.GatherPassHalf(dst, s, a, b, p.halves.data, p.index, x)
	}
	return s
}

// enter returns what passes over the row's columns are to add to and to multiply
// for dst and x. For halves it is another sum and x times their scale; leave
// brings the sum home.
func (c *conjugate) enter(dst, x []float32, p row) (sum, scaled []float32) {
	if p.halves == nil {
		return dst, x
	}
	clear(c.sum)
	for k, v := range x {
		c.scaled[k] = p.halves.scale * v
	}
	return c.sum, c.scaled
}

func (c *conjugate) leave(dst []float32, p row) {
	if p.halves != nil {
		kernel.Axpy(p.halves.scale, c.sum, dst)
	}
}

func dot(x, y []float32) float64 { return float64(kernel.Dot(x, y)) }
