package als

import (
	"math"

	"valse/engine/internal/kernel"
)

// narrow reports whether rows of so many numbers are trained side by side, in a
// kernel.Bundle. That takes less than two steps of conjugate gradient, so the fast
// setting is exact there.
func narrow(rank int) bool { return rank <= kernel.Narrow && kernel.HasNarrow() }

// widened returns f with its rows filled up with zeros to the width of a narrow
// table; f itself if they are as wide.
func (f Factors) widened() Factors {
	if f.Rank == kernel.Narrow {
		return f
	}
	wide := NewFactors(f.Rows, kernel.Narrow)
	for i := range f.Rows {
		copy(wide.Row(i), f.Row(i))
	}
	return wide
}

// solveBundles is solve for sixteen rows at a time. Those that rounding has spoilt
// are solved again, by ridge.
//
// Training weighs entries or gives them targets, never both. At its solution a
// row's objective is tᵀCt − bᵀx, with b = ZᵀCt.
func (w *rowSolver) solveBundles(side *rows, out Factors, t task) (s sum) {
	const (
		rows     = kernel.Narrow
		smallest = 0x1p-126 // that has an inverse in float32
	)
	var (
		b             = w.bundle
		spectrum, reg [rows]float32
		square        [rows]float64 // tᵀCt
	)
	copy(spectrum[:], w.spectrum)
	for lo := t.lo; lo < t.hi; lo += rows {
		n := min(rows, t.hi-lo)
		for i := range n {
			p, count := side.problem(w, lo+i), side.count[lo+i]
			b.Sum(i, w.wide.Data, p.index, p.weight, p.target)
			reg[i] = max(smallest, float32(w.reg.of(count)))
			square[i] = count
			if p.target != nil {
				square[i] = dot(p.target, p.target)
			}
		}
		b.Solve(&spectrum, &reg)
		for i := range n {
			x := out.Row(lo + i)
			copy(x, b.X[i][:])
			value, norm := square[i]-float64(b.Gain[i]), b.Square[i]
			if spoilt(b.Shrunk[i], norm) {
				p := side.problem(w, lo+i)
				p.factors = w.fixed
				value, _ = w.solveRow(x, p, side.count[lo+i])
				norm = kernel.Dot(x, x)
			}
			s.value += value
			s.penalty += float64(reg[i]) * float64(norm)
		}
	}
	return s
}

func spoilt(shrunk, norm float32) bool {
	const most = 0x1p10 // leaves errors of a ten-thousandth
	return !(shrunk <= most && norm <= math.MaxFloat32)
}
