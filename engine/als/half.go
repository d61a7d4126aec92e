package als

import (
	"context"
	"errors"
	"math"

	"valse/engine/internal/kernel"
)

// ErrDiverged says that factors stopped being finite.
var ErrDiverged = errors.New("als: the factors are not finite")

// half is one half sweep: every row of one side is solved against the other,
// which is held fixed.
//
// In the basis of the eigenvectors of the fixed side's Gramian, the regulariser
// of a row is the diagonal D = w₀Λ + λ(n + w₀N)^ν I, whatever its n. Scores do
// not depend on the basis, so factors are rotated into it and stay there.
type half struct {
	fixed    Factors
	wide     Factors   // fixed as a narrow table, where rows are trained side by side
	spectrum []float32 // w₀Λ; zeros for explicit feedback
	power    []float32 // mean square of each coordinate; for conjugate only
	pairs    *pairs    // of fixed; for conjugate only
	reg      regularizer
}

// regularizer gives each row its λ(n + offset)^ν, but no less than least: what
// is smaller than the rounding of the fixed side's factors holds nothing down.
type regularizer struct {
	lambda, exponent, offset, least float64
}

// rounding is about the relative error of a sum in float32.
const rounding = 0x1p-22

func (r regularizer) of(n float64) float64 {
	return max(r.least, r.lambda*math.Pow(n+r.offset, r.exponent))
}

// sum is what a half sweep adds up over its rows.
type sum struct {
	value   float64 // of the rows' objectives
	penalty float64 // the part of value that is λ(n + w₀N)^ν ‖row‖²
}

// crew holds the work spaces of a training's goroutines, which are made in the
// first half sweep and kept.
type crew []*rowSolver

// solve computes every row of out, task by task, and returns the sums over them.
func (h *half) solve(ctx context.Context, side *rows, tasks []task, out Factors, c crew) (sum, error) {
	if narrow(out.Rank) {
		h.wide = h.fixed.widened()
	}
	sums := make([]sum, len(tasks))
	err := parallel(ctx, len(c), len(tasks), func(worker int) func(int) {
		if c[worker] == nil {
			c[worker] = newTrainingSolver(h, out.Rank)
		}
		w := c[worker]
		w.half = h
		return func(i int) { sums[i] = w.solve(side, out, tasks[i]) }
	})
	if err != nil {
		return sum{}, err
	}
	var total sum
	for _, s := range sums {
		total.value += s.value
		total.penalty += s.penalty
	}
	if math.IsNaN(total.value) || math.IsInf(total.value, 0) {
		return sum{}, ErrDiverged
	}
	return total, nil
}

// rowSolver is one goroutine's part in a half sweep.
type rowSolver struct {
	*half
	ridge  *ridge
	fast   *conjugate     // nil when every row is solved exactly
	bundle *kernel.Bundle // nil unless rows are trained side by side
	root   []float32      // D^-½ of the row in hand
	x      []float32      // room for a factor, when folding in
	index  []int32        // room for columns
	target []float32      // room for weights or targets
}

func newRowSolver(h *half, rank int) *rowSolver {
	w := &rowSolver{half: h, ridge: newRidge(rank), root: make([]float32, rank), x: make([]float32, rank)}
	if h.pairs != nil {
		w.fast = newConjugate(h.pairs)
	}
	return w
}

// newTrainingSolver is newRowSolver for training, where a row's last digits do not
// show.
func newTrainingSolver(h *half, rank int) *rowSolver {
	w := newRowSolver(h, rank)
	if narrow(rank) {
		w.bundle = new(kernel.Bundle)
	} else {
		w.ridge.refine()
	}
	return w
}

func (w *rowSolver) solve(side *rows, out Factors, t task) (s sum) {
	if w.bundle != nil {
		return w.solveBundles(side, out, t)
	}
	for i := t.lo; i < t.hi; i++ {
		p := side.problem(w, i)
		p.factors, p.pairs = w.fixed, w.pairs
		if i+1 < t.hi {
			p.next = side.ahead(i + 1)
		}
		x := out.Row(i)
		value, reg := w.solveRow(x, p, side.count[i])
		s.value += value
		s.penalty += reg * float64(kernel.Dot(x, x))
	}
	return s
}

// solveRow solves one row whose weights add up to n, and returns its objective
// and regulariser.
func (w *rowSolver) solveRow(x []float32, p row, n float64) (value, reg float64) {
	if w.fast != nil && len(p.index) >= fastFrom {
		reg = w.reg.of(n)
		w.fast.precondition(w.spectrum, w.power, reg, n)
		return w.fast.solve(x, p), reg
	}
	reg = w.regularize(n)
	p.root = w.root
	return w.ridge.solve(x, p), reg
}

// fastFrom is the length of a row from which on conjugate costs less than the
// dual form.
const fastFrom = 16

// regularize sets root for a row whose weights add up to n, and returns the
// row's λ(n + w₀N)^ν.
func (w *rowSolver) regularize(n float64) (reg float64) {
	reg = w.reg.of(n)
	kernel.InverseRoots(w.root, w.spectrum, float32(reg))
	return reg
}
