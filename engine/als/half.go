package als

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

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
	spectrum []float32 // w₀Λ; zeros for explicit feedback
	power    []float32 // mean square of each coordinate; for conjugate only
	halves   *halves   // of fixed; for conjugate only, and not always
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

// rows is one side's data: what a half sweep solves for.
type rows struct {
	*Matrix
	count []float64 // total weight of each row
	tasks []task
}

// sum is what a half sweep adds up over its rows.
type sum struct {
	value   float64 // of the rows' objectives
	penalty float64 // the part of value that is λ(n + w₀N)^ν ‖row‖²
}

// solve computes every row of out and returns the sums over them.
func (h *half) solve(ctx context.Context, side *rows, target []float32, out Factors, threads int) (sum, error) {
	sums := make([]sum, len(side.tasks))
	err := parallel(ctx, threads, len(side.tasks), func() func(int) {
		w := newRowSolver(h, out.Rank)
		return func(i int) { sums[i] = w.solve(side, target, out, side.tasks[i]) }
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
	fast   *conjugate // nil when every row is solved exactly
	root   []float32  // D^-½ of the row in hand
	x      []float32  // room for a factor and for targets, when folding in
	target []float32
}

func newRowSolver(h *half, rank int) *rowSolver {
	w := &rowSolver{half: h, ridge: newRidge(rank), root: make([]float32, rank), x: make([]float32, rank)}
	if h.power != nil {
		w.fast = newConjugate(rank)
	}
	return w
}

func (w *rowSolver) solve(side *rows, target []float32, out Factors, t task) (s sum) {
	for i := t.lo; i < t.hi; i++ {
		index, weight := side.Row(i)
		p := row{factors: w.fixed, halves: w.halves, index: index, weight: weight}
		if target != nil {
			p.target = target[side.Ptr[i]:side.Ptr[i+1]]
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
	if w.fast != nil && len(p.index) >= crossover {
		reg = w.reg.of(n)
		w.fast.precondition(w.spectrum, w.power, reg, n)
		return w.fast.solve(x, p), reg
	}
	reg = w.regularize(n)
	p.root = w.root
	return w.ridge.solve(x, p), reg
}

// crossover is the length of a row from which on conjugate costs less than the
// dual form.
const crossover = 16

// regularize sets root for a row whose weights add up to n, and returns the
// row's λ(n + w₀N)^ν.
func (w *rowSolver) regularize(n float64) (reg float64) {
	reg = w.reg.of(n)
	for k, v := range w.spectrum {
		w.root[k] = float32(1 / math.Sqrt(float64(v)+reg))
	}
	return reg
}

// meanSquare returns the mean square of each coordinate over the rows of f,
// each counted n times.
func meanSquare(f Factors, n []float64) []float32 {
	all := 0.0
	for _, v := range n {
		all += v
	}
	mean, square := make([]float32, f.Rank), make([]float32, f.Rank)
	for i, v := range n {
		if v > 0 {
			kernel.Scale(square, float32(v/all), f.Row(i), f.Row(i))
			kernel.Axpy(1, square, mean)
		}
	}
	return mean
}

// gramian returns FᵀF. Its sums run over fixed blocks of rows, so that they do
// not depend on the number of threads.
func gramian(ctx context.Context, f Factors, threads int) (*mat.SymDense, error) {
	const block = 2048
	ld := kernel.Pad(f.Rank)
	parts := make([][]float32, (f.Rows+block-1)/block)
	err := parallel(ctx, threads, len(parts), func() func(int) {
		panel := make([]float32, chunk*ld)
		return func(i int) {
			parts[i] = make([]float32, kernel.PadRows(f.Rank)*ld)
			lo, hi := i*block, min((i+1)*block, f.Rows)
			for j := lo; j < hi; j += chunk {
				n := min(chunk, hi-j)
				for r := range n {
					copy(panel[r*ld:], f.Row(j+r))
				}
				kernel.Gram(parts[i], ld, panel, ld, n, f.Rank, f.Rank, true)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	g := mat.NewSymDense(f.Rank, nil)
	for r := range f.Rank {
		for c := r; c < f.Rank; c++ {
			v := 0.0
			for _, p := range parts {
				v += float64(p[r*ld+c])
			}
			g.SetSym(r, c, v)
		}
	}
	return g, nil
}

// basis is the set of eigenvectors of a Gramian, one a column of q, and its
// eigenvalues, the largest first.
type basis struct {
	rank   int
	values []float64
	q      []float32 // leading dimension kernel.Pad(rank)
}

func eigenbasis(g *mat.SymDense) (*basis, error) {
	rank := g.SymmetricDim()
	for r := range rank {
		for c := r; c < rank; c++ {
			if v := g.At(r, c); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, ErrDiverged
			}
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(g, true) {
		return nil, fmt.Errorf("als: no eigenvectors of the %d × %d Gramian", rank, rank)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	ascending := eigen.Values(nil)
	ld := kernel.Pad(rank)
	b := &basis{rank: rank, values: make([]float64, rank), q: make([]float32, rank*ld)}
	for c := range rank {
		from := rank - 1 - c
		b.values[c] = max(0, ascending[from])
		for r := range rank {
			b.q[r*ld+c] = float32(vectors.At(r, from))
		}
	}
	return b, nil
}

// rotate replaces each row of f by its coordinates in the basis.
func (b *basis) rotate(ctx context.Context, f Factors, threads int) error {
	const block = 512
	ld := kernel.Pad(b.rank)
	return parallel(ctx, threads, (f.Rows+block-1)/block, func() func(int) {
		in, out := make([]float32, kernel.Rows*b.rank), make([]float32, kernel.Rows*ld)
		return func(i int) {
			for lo := i * block; lo < min((i+1)*block, f.Rows); lo += kernel.Rows {
				n := min(kernel.Rows, f.Rows-lo)
				copy(in, f.Data[lo*b.rank:][:n*b.rank])
				kernel.MulRows(out, ld, in, b.rank, b.q, ld, b.rank, b.rank)
				for r := range n {
					copy(f.Row(lo+r), out[r*ld:])
				}
			}
		}
	})
}
