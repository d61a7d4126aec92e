package als

import (
	"math"
	"slices"

	"valse/engine/internal/kernel"
)

// gram is ZᵀCZ of one user's history: the upper triangle, in rows ld apart.
type gram struct {
	rank, ld int
	c        []float32
}

// sumGram adds up ZᵀCZ of a row.
func sumGram(r *ridge, p row) *gram {
	g := &gram{rank: r.rank, ld: kernel.Pad(r.rank)}
	g.c = make([]float32, kernel.PadRows(g.rank)*g.ld)
	p.root = ones(g.rank) // ridge multiplies columns by it
	r.normal(p)
	for i := range g.rank {
		copy(g.row(i), r.c[i*r.ld+i:][:g.rank-i])
	}
	return g
}

// row is row i from the diagonal on.
func (g *gram) row(i int) []float32 { return g.c[i*g.ld+i:][:g.rank-i] }

// add adds delta·yyᵀ.
func (g *gram) add(delta float32, y []float32) {
	for i, v := range y {
		kernel.Axpy(delta*v, y[i:], g.row(i))
	}
}

func (g *gram) clone() *gram {
	if g == nil {
		return nil
	}
	return &gram{g.rank, g.ld, slices.Clone(g.c)}
}

// factor is the Cholesky factor U of I + D^-½ZᵀCZD^-½ for the D of one
// regulariser, as kernel.Cholesky leaves it: the inverses of its diagonal are
// on the diagonal.
type factor struct {
	rank, ld int
	reg      float64
	root     []float32 // D^-½
	u        []float32
}

// factorise returns the factor for the D that root belongs to.
func (g *gram) factorise(root []float32, reg float64) *factor {
	f := &factor{rank: g.rank, ld: g.ld, reg: reg, root: slices.Clone(root), u: make([]float32, len(g.c))}
	for i := range f.rank {
		row := f.u[i*f.ld+i:][:f.rank-i]
		kernel.Scale(row, root[i], root[i:], g.row(i))
		row[0]++
	}
	kernel.Cholesky(f.u, f.ld, f.rank, f.rank)
	return f
}

func (f *factor) clone() *factor {
	if f == nil {
		return nil
	}
	c := *f
	c.u = slices.Clone(f.u)
	return &c
}

// add makes f the factor of what it was plus delta·D^-½yyᵀD^-½, by Givens
// rotations; by hyperbolic ones where delta is negative. It reports false, and
// leaves f useless, when rounding has brought a pivot below one, which none is
// in exact arithmetic.
//
// Gill, Golub, Murray, Saunders, Methods for Modifying Matrix Factorizations,
// 1974; Golub and Van Loan, section 6.5.4.
func (f *factor) add(delta float32, y []float32) bool {
	x := make([]float32, f.rank)
	kernel.Scale(x, float32(math.Sqrt(math.Abs(float64(delta)))), y, f.root)
	sign := float32(1)
	if delta < 0 {
		sign = -1
	}
	for k := range f.rank {
		row := f.u[k*f.ld+k:][:f.rank-k]
		s := x[k] * row[0] // over the old pivot
		square := 1 + sign*s*s
		if !(square >= 0.999*row[0]*row[0] && square <= math.MaxFloat32) {
			return false
		}
		c := float32(math.Sqrt(float64(square)))
		row[0] /= c
		inverse, rest := 1/c, x[k+1:]
		for j, old := range row[1:] {
			v := (old + sign*s*rest[j]) * inverse
			row[j+1] = v
			rest[j] = c*rest[j] - s*v
		}
	}
	return true
}

// spread writes U⁻ᵀD^-½y into room and returns its square, which is yᵀA⁻¹y.
func (f *factor) spread(room, y []float32) float64 {
	kernel.Scale(room, 1, f.root, y)
	kernel.Forward(f.u, f.ld, f.rank, room)
	return dot(room, room)
}

// apply replaces y by A⁻¹y.
func (f *factor) apply(y []float32) {
	kernel.Scale(y, 1, f.root, y)
	kernel.Forward(f.u, f.ld, f.rank, y)
	kernel.Backward(f.u, f.ld, f.rank, y)
	kernel.Scale(y, 1, f.root, y)
}

func ones(n int) []float32 {
	x := make([]float32, n)
	for k := range x {
		x[k] = 1
	}
	return x
}
