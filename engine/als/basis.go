package als

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

	"valse/engine/internal/kernel"
)

// gramian returns FᵀF. Its sums run over blocks of rows that depend on their
// number alone, not on that of the threads.
func gramian(ctx context.Context, f Factors, threads int) (g blas64.Symmetric, err error) {
	const mostParts = 32 // each of the size of the Gramian
	block := max(2048, (f.Rows+mostParts-1)/mostParts)
	ld := kernel.Pad(f.Rank)
	parts := make([][]float32, (f.Rows+block-1)/block)
	err = parallel(ctx, threads, len(parts), func() func(int) {
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
		return g, err
	}
	// Rows an odd number of cache lines apart: the decomposition runs down
	// columns, which at a power of two would share few places in the cache and
	// take two and a half times as long.
	g = blas64.Symmetric{Uplo: blas.Upper, N: f.Rank, Stride: ld | kernel.Lane}
	g.Data = make([]float64, g.N*g.Stride)
	for r := range f.Rank {
		for c := r; c < f.Rank; c++ {
			v := 0.0
			for _, p := range parts {
				v += float64(p[r*ld+c])
			}
			g.Data[r*g.Stride+c] = v
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

// eigenbasis returns the eigenvectors of g, which it overwrites, or ErrDiverged
// when g is not finite.
func eigenbasis(g blas64.Symmetric) (*basis, error) {
	rank := g.N
	for r := range rank {
		for _, v := range g.Data[r*g.Stride+r : r*g.Stride+rank] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, ErrDiverged
			}
		}
	}
	ascending, work := make([]float64, rank), make([]float64, 1)
	lapack64.Syev(lapack.EVCompute, g, ascending, work, -1) // asks for the room it wants
	work = make([]float64, int(work[0]))
	if !lapack64.Syev(lapack.EVCompute, g, ascending, work, len(work)) {
		return nil, fmt.Errorf("als: no eigenvectors of the %d × %d Gramian", rank, rank)
	}
	ld := kernel.Pad(rank)
	b := &basis{rank: rank, values: make([]float64, rank), q: make([]float32, rank*ld)}
	for c := range rank {
		from := rank - 1 - c
		b.values[c] = max(0, ascending[from])
		for r := range rank {
			b.q[r*ld+c] = float32(g.Data[r*g.Stride+from])
		}
	}
	return b, nil
}

// rotate replaces each row of f by its coordinates in the basis.
func (b *basis) rotate(ctx context.Context, f Factors, threads int) error {
	const (
		step  = 4 * kernel.Rows // rows at a time
		block = 32 * step
	)
	ld := kernel.Pad(b.rank)
	return parallel(ctx, threads, (f.Rows+block-1)/block, func() func(int) {
		last, out := make([]float32, step*b.rank), make([]float32, step*ld)
		return func(i int) {
			for lo := i * block; lo < min((i+1)*block, f.Rows); lo += step {
				n := min(step, (i+1)*block-lo, f.Rows-lo)
				in := f.Data[lo*b.rank:][:n*b.rank]
				if n%kernel.Rows > 0 {
					in = last[:copy(last, in)+(kernel.Rows-n%kernel.Rows)*b.rank]
				}
				kernel.MulRows(out, ld, in, b.rank, b.q, ld, kernel.PadRows(n), b.rank, b.rank)
				for r := range n {
					copy(f.Row(lo+r), out[r*ld:])
				}
			}
		}
	})
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
