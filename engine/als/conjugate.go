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
//
// All vectors are as long as a row of pairs has room for; beyond the rank they
// are zero.
type conjugate struct {
	x       []float32 // the row
	r, z, p []float32 // residual (not the targets), preconditioned residual, direction
	q       []float32 // the system times the direction
	d, m    []float32 // D and the inverse of the preconditioner
	s, a, b []float32 // of the columns in hand, see kernel.GatherPass
}

// fastSteps is the number of conjugate gradient steps.
const fastSteps = 2

func newConjugate(p *pairs) *conjugate {
	const vectors = 7
	n := 2 * p.words
	room := make([]float32, vectors*n)
	next := func() []float32 {
		part := room[:n:n]
		room = room[n:]
		return part
	}
	return &conjugate{
		x: next(), r: next(), z: next(), p: next(), q: next(), d: next(), m: next(),
		s: make([]float32, columns), a: make([]float32, columns), b: make([]float32, columns),
	}
}

// precondition sets D and the preconditioner of a row whose weights add up to n.
func (c *conjugate) precondition(spectrum, power []float32, reg, n float64) {
	d := c.d[:len(spectrum)]
	for k, v := range spectrum {
		d[k] = v + float32(reg)
	}
	kernel.Inverses(c.m[:len(d)], d, float32(n), power)
}

// solve improves x and returns the value of the objective there. The value is
// computed from its definition at the start; each step lowers it by its length
// times the slope. The last step needs no more of the system than the curvature
// along it, which takes half a pass.
func (c *conjugate) solve(x []float32, p row) (value float64) {
	copy(c.x, x)
	value = c.start(p)
	kernel.Scale(c.z, 1, c.m, c.r)
	copy(c.p, c.z)
	slope := dot(c.r, c.z)
	for step := 1; ; step++ {
		curvature := 0.0
		if step < fastSteps {
			curvature = c.apply(p)
		} else {
			curvature = c.curvature(p)
		}
		length := slope / curvature
		if !(length > 0 && length*slope < math.MaxFloat32) {
			break // solved already, or beyond what float32 holds
		}
		kernel.Axpy(float32(length), c.p, c.x)
		value -= length * slope
		if step == fastSteps {
			break
		}
		kernel.Axpy(-float32(length), c.q, c.r)
		kernel.Scale(c.z, 1, c.m, c.r)
		next := dot(c.r, c.z)
		kernel.Axpy(float32(next/slope), c.p, c.z)
		c.p, c.z = c.z, c.p
		slope = next
	}
	copy(x, c.x)
	return value
}

// start leaves the residual, ZᵀC(t − Zx) − Dx for the targets t, and returns the
// objective.
func (c *conjugate) start(p row) (value float64) {
	kernel.Scale(c.r, -1, c.d, c.x)
	value = -dot(c.r, c.x)
	for lo := 0; lo < len(p.index); lo += columns {
		part := p.part(lo, columns)
		a, b := part.residual(c.a, c.b)
		value += part.square(c.pass(c.r, a, b, c.x, part))
	}
	return value
}

// apply leaves q = (ZᵀCZ + D)p and returns pᵀq.
func (c *conjugate) apply(p row) (curvature float64) {
	kernel.Scale(c.q, 1, c.d, c.p)
	for lo := 0; lo < len(p.index); lo += columns {
		part := p.part(lo, columns)
		weight := allOne
		if p.weight != nil {
			weight = part.weight
		}
		c.pass(c.q, allZero, weight, c.p, part)
	}
	return dot(c.p, c.q)
}

// pass adds Zᵀs to dst, where s = a + b∘Zx, and returns s, which is valid until
// the next call.
func (c *conjugate) pass(dst, a, b, x []float32, p row) (s []float32) {
	s = c.s[:len(p.index)]
	kernel.PairPass(dst, s, a, b, p.pairs.data, p.index, x)
	return s
}

// ahead is how many columns of the next row are asked for while a row is
// finished.
const ahead = 64

// curvature returns pᵀ(ZᵀCZ + D)p.
func (c *conjugate) curvature(p row) (sum float64) {
	kernel.PairAhead(p.pairs.data, p.pairs.words, p.next[:min(ahead, len(p.next))])
	kernel.Scale(c.q, 1, c.d, c.p)
	sum = dot(c.p, c.q)
	for lo := 0; lo < len(p.index); lo += columns {
		part := p.part(lo, columns)
		s := c.s[:len(part.index)]
		kernel.PairDot(s, p.pairs.data, part.index, c.p)
		weighted := s
		if p.weight != nil {
			weighted = c.a[:len(s)]
			kernel.Scale(weighted, 1, part.weight, s)
		}
		sum += dot(weighted, s)
	}
	return sum
}

func dot(x, y []float32) float64 { return float64(kernel.Dot(x, y)) }
