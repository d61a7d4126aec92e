package als

import (
	"math"

	"valse/engine/internal/kernel"
)

// ridge solves one row's least-squares problem. With Z the factors of the
// row's n columns, C their weights on the diagonal, r the targets and D the
// diagonal regulariser of the basis (see half), the row x minimises
//
//	(r − Zx)ᵀC(r − Zx) + xᵀDx.
//
// Put W = C^½ Z D^-½, t = C^½ r and u = D^½ x, and it reads |t − Wu|² + |u|²,
// which is solved in whichever form is smaller:
//
//	primal, rank × rank:  (I + WᵀW) u = Wᵀt
//	dual, n × n:          (I + WWᵀ) a = t,  u = Wᵀa
//
// Both matrices have no eigenvalue below one, so a factorisation in float32
// holds whatever the data. A ridge is one goroutine's work space.
type ridge struct {
	rank   int
	ld     int       // distance of rows in the panel and in c: the rank and one right-hand side
	height int       // most rows in the panel
	panel  []float32 // W, row after row
	cross  []float32 // Wᵀ, for the dual form
	c      []float32 // the system and its right-hand side, then its Cholesky factor
	u      []float32
	t      []float32 // of the rows in the panel, where they are not all ones
	ones   []float32
	// For refined only; see refine:
	words   []uint32  // a chunk of the panel in 16 bits
	v, miss []float32 // residuals of the system, and of some rows
}

const (
	// chunk is the number of rows that the primal form gathers at a time: their
	// panel fits the first-level cache at rank 64 and the second at rank 1,024.
	chunk = 96
	// chunk16 is chunk for refined, which adds up half as many bytes.
	chunk16 = 192
	// panelSize is how many numbers of a row are kept for a second reading: what
	// fits the second-level cache beside the system.
	panelSize = 1 << 16
)

func newRidge(rank int) *ridge {
	r := &ridge{rank: rank, ld: kernel.Pad(rank + 1)}
	r.setHeight(max(chunk, kernel.Pad(rank)))
	r.cross = make([]float32, kernel.Pad(rank)*r.ld)
	r.c = make([]float32, kernel.Pad(rank)*r.ld)
	r.u = make([]float32, rank)
	return r
}

func (r *ridge) setHeight(rows int) {
	r.height = rows
	r.panel = make([]float32, rows*r.ld)
	r.t, r.ones = make([]float32, rows), ones(rows)
}

// refine lets solve take refined where the processor is made for it: in training,
// where a row's last digits do not show.
func (r *ridge) refine() {
	if kernel.HasGram16() {
		r.setHeight(max(r.height, chunk16, panelSize/r.ld))
		r.words = make([]uint32, chunk16/2*r.ld)
		r.v, r.miss = make([]float32, r.rank), make([]float32, stretch)
	}
}

// solve writes the row's solution into x and returns the value of the
// objective there.
func (r *ridge) solve(x []float32, p row) (value float64) {
	switch n := len(p.index); {
	case n == 0:
		clear(x)
		return 0
	case n < r.rank:
		value = r.dual(p)
	default:
		var precise bool
		if r.words != nil {
			value, precise = r.refined(p)
		}
		if !precise {
			value = r.primal(p)
		}
	}
	kernel.Scale(x, 1, r.u, p.root)
	return value
}

// dual leaves u of a row with fewer columns than the rank. At the solution the
// residual t − Wu is a itself, and the objective tᵀa.
func (r *ridge) dual(p row) (value float64) {
	n := len(p.index)
	_, t := r.gather(p, 0, n)
	a := r.solveDual(t)
	for i, v := range a {
		value += float64(t[i]) * float64(v)
	}
	clear(r.u)
	kernel.AxpyRows(r.u, a, r.panel, r.ld)
	return value
}

// solveDual returns (I + WWᵀ)⁻¹ b for the W in the panel, as long as b. The
// result is valid until the next call.
func (r *ridge) solveDual(b []float32) []float32 {
	n := len(b)
	ld := kernel.Pad(n + 1)
	kernel.Transpose(r.cross, ld, r.panel, r.ld, n, r.rank)
	kernel.Gram(r.c, ld, r.cross, ld, r.rank, n, n, false)
	x := r.cross[:n]
	r.solveSystem(x, b)
	return x
}

// solveSystem writes into x the solution of (I + C)x = b for the matrix in r.c,
// which is as large as b is long; x may be b. The Cholesky factor U of I + C
// and, in the column after it, y = U⁻ᵀb are left in r.c.
func (r *ridge) solveSystem(x, b []float32) {
	n := len(b)
	ld := kernel.Pad(n + 1)
	for i, v := range b {
		row := r.c[i*ld:][:ld]
		row[i]++
		clear(row[n:])
		row[n] = v
	}
	kernel.Cholesky(r.c, ld, n, n+1)
	for i := range x {
		x[i] = r.c[i*ld+n]
	}
	kernel.Backward(r.c, ld, n, x)
}

// primal leaves u of a row with at least as many columns as the rank. The
// objective is tᵀt − bᵀu with b = Wᵀt, which is tᵀt − yᵀy.
func (r *ridge) primal(p row) (value float64) {
	value = r.normal(p)
	r.solveSystem(r.u, r.u)
	for i := range r.rank {
		y := float64(r.c[i*r.ld+r.rank])
		value -= y * y
	}
	return value
}

// normal leaves WᵀW in r.c and Wᵀt in r.u, and returns tᵀt.
func (r *ridge) normal(p row) (square float64) {
	clear(r.u)
	for lo := 0; lo < len(p.index); lo += chunk {
		panel, t := r.gather(p, lo, min(lo+chunk, len(p.index)))
		kernel.Gram(r.c, r.ld, panel, r.ld, len(t), r.rank, r.rank, lo > 0)
		kernel.AxpyRows(r.u, t, panel, r.ld)
		square += dot(t, t)
	}
	return square
}

// refined is primal with WᵀW added up in 16 bits, at twice the speed. What that
// leaves out of it makes the solution u wrong by less than a thousandth, mostly;
// so it is corrected by what the same factorisation gives for the residual,
// Wᵀ(t − Wu) − u, computed in 32 bits. Each correction takes the error down by the
// same factor. It reports false where that is too little, as for a row of which
// rounding loses what the regulariser is to hold down.
//
// Carson and Higham, Accelerating the Solution of Linear Systems by Iterative
// Refinement in Three Precisions, 2018. The objective at u is more than the
// least by the residual's product with the correction.
func (r *ridge) refined(p row) (value float64, ok bool) {
	const (
		enough      = 0x1p-19 // of u, in the norm of the system
		corrections = 3
	)
	clear(r.u)
	square := 0.0
	for lo := 0; lo < len(p.index); lo += chunk16 {
		panel, t := r.gather(p, lo, min(lo+chunk16, len(p.index)))
		kernel.Pack16(r.words, r.ld, panel, r.ld, len(t), r.rank, t, r.u)
		kernel.Gram16(r.c, r.ld, r.words, r.ld, (len(t)+1)/2, r.rank, r.rank, lo > 0)
		square += dot(t, t)
	}
	r.solveSystem(r.u, r.u)
	last := 1.0
	for range corrections {
		value = r.residual(p)
		kernel.Forward(r.c, r.ld, r.rank, r.v)
		excess := dot(r.v, r.v)
		kernel.Backward(r.c, r.ld, r.rank, r.v)
		kernel.Axpy(1, r.v, r.u)
		value -= excess
		wrong := math.Sqrt(excess / (square - value))
		if wrong/last*wrong <= enough {
			return value, true
		}
		last = wrong
	}
	return 0, false
}

// residual leaves Wᵀ(t − Wu) − u in r.v and returns the objective at u.
func (r *ridge) residual(p row) (value float64) {
	kernel.Scale(r.v, -1, r.ones[:r.rank], r.u)
	value = dot(r.u, r.u)
	for lo := 0; lo < len(p.index); lo += stretch {
		panel, t := r.again(p, lo, min(lo+stretch, len(p.index)))
		e := r.miss[:len(t)]
		kernel.DotRows(e, panel, r.ld, r.u)
		for i, v := range t {
			e[i] = v - e[i]
		}
		kernel.AxpyRows(r.v, e, panel, r.ld)
		value += dot(e, e)
	}
	return value
}

// stretch is the number of rows that stay in the first-level cache between their
// products with u and their sum.
const stretch = 32

// again is gather for what was gathered before, which is still in the panel where
// the whole row is.
func (r *ridge) again(p row, lo, hi int) (panel, t []float32) {
	switch {
	case len(p.index) > r.height:
		return r.gather(p, lo, hi)
	case p.weight == nil && p.target == nil:
		return r.panel[lo*r.ld:], r.ones[:hi-lo]
	}
	return r.panel[lo*r.ld:], r.t[lo:hi]
}

// explain writes into dst what each column of the row adds to the row's score
// with y, a factor of the fixed side. The score is
//
//	yᵀx = (D^-½y)ᵀ(I + WᵀW)⁻¹Wᵀt = Σ tⱼ bⱼ,  b = (I + WWᵀ)⁻¹WD^-½y,
//
// linear in t, so entry j adds tⱼbⱼ.
func (r *ridge) explain(dst []float32, p row, y []float32) {
	n := len(p.index)
	if n < r.rank {
		kernel.Scale(r.u, 1, y, p.root)
		_, t := r.gather(p, 0, n)
		kernel.DotRows(dst, r.panel, r.ld, r.u)
		kernel.Scale(dst, 1, r.solveDual(dst), t)
		return
	}
	r.normal(p)
	kernel.Scale(r.u, 1, y, p.root)
	r.solveSystem(r.u, r.u)
	for lo := 0; lo < n; lo += chunk {
		hi := min(lo+chunk, n)
		panel, t := r.again(p, lo, hi)
		kernel.DotRows(dst[lo:hi], panel, r.ld, r.u)
		kernel.Scale(dst[lo:hi], 1, dst[lo:hi], t)
	}
}

// gather returns the rows of W from lo to hi and theirs of t. They stay in the
// panel, each in its place, as long as the whole row has room there.
func (r *ridge) gather(p row, lo, hi int) (panel, t []float32) {
	at := lo
	if len(p.index) > r.height {
		at = 0
	}
	panel = r.panel[at*r.ld:]
	root := r.ones[:hi-lo]
	if p.weight != nil {
		root = r.t[at:][:hi-lo]
		for i, w := range p.weight[lo:hi] {
			root[i] = float32(math.Sqrt(float64(w)))
		}
	}
	kernel.Gather(panel, r.ld, p.factors.Data, r.rank, p.index[lo:hi], root, p.root)
	if p.target == nil {
		return panel, root
	}
	t = r.t[at:][:hi-lo]
	kernel.Scale(t, 1, root, p.target[lo:hi])
	return panel, t
}
