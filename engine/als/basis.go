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

// basis is the set of eigenvectors of a Gramian, one a column of q, and its
// eigenvalues, the largest first.
type basis struct {
	rank   int
	values []float64
	q      []float32 // leading dimension kernel.Pad(rank)
}

// decomposition finds the bases of tables of one rank, one after the other in the
// same room.
type decomposition struct {
	parts     [][]float32      // of the Gramian
	gram      blas64.Symmetric // then its eigenvectors
	ascending []float64        // its eigenvalues
	work      []float64
	basis     *basis
}

// of returns the basis of f's Gramian, valid until the next call, or ErrDiverged
// when that is not finite.
func (d *decomposition) of(ctx context.Context, f Factors, threads int) (*basis, error) {
	if d.basis == nil {
		d.prepare(f.Rank)
	}
	if err := d.gramian(ctx, f, threads); err != nil {
		return nil, err
	}
	return d.basis, d.eigenbasis()
}

// turn rotates f into the basis of its Gramian and returns that.
func (d *decomposition) turn(ctx context.Context, f Factors, threads int) (*basis, error) {
	b, err := d.of(ctx, f, threads)
	if err != nil {
		return nil, err
	}
	return b, b.rotate(ctx, f, threads)
}

func (d *decomposition) prepare(rank int) {
	// Rows an odd number of cache lines apart: the decomposition runs down
	// columns, which at a power of two would share few places in the cache and
	// take two and a half times as long.
	ld := kernel.Pad(rank)
	d.gram = blas64.Symmetric{Uplo: blas.Upper, N: rank, Stride: ld | kernel.Lane}
	d.gram.Data = make([]float64, rank*d.gram.Stride)
	d.ascending, d.work = make([]float64, rank), make([]float64, 1)
	lapack64.Syev(lapack.EVCompute, d.gram, d.ascending, d.work, -1) // asks for the room it wants
	d.work = make([]float64, int(d.work[0]))
	d.basis = &basis{rank: rank, values: make([]float64, rank), q: make([]float32, rank*ld)}
}

// gramian leaves FᵀF in gram. Its sums run over blocks of rows that depend on
// their number alone, not on that of the threads.
func (d *decomposition) gramian(ctx context.Context, f Factors, threads int) error {
	const mostParts = 32 // each of the size of the Gramian
	block := max(2048, (f.Rows+mostParts-1)/mostParts)
	ld := kernel.Pad(f.Rank)
	n := (f.Rows + block - 1) / block
	for len(d.parts) < n {
		d.parts = append(d.parts, make([]float32, kernel.PadRows(f.Rank)*ld))
	}
	err := parallel(ctx, threads, n, func(int) func(int) {
		panel := make([]float32, chunk*ld)
		return func(i int) {
			lo, hi := i*block, min((i+1)*block, f.Rows)
			for j := lo; j < hi; j += chunk {
				n := min(chunk, hi-j)
				for r := range n {
					copy(panel[r*ld:], f.Row(j+r))
				}
				kernel.Gram(d.parts[i], ld, panel, ld, n, f.Rank, f.Rank, j > lo)
			}
		}
	})
	if err != nil {
		return err
	}
	for r := range f.Rank {
		for c := r; c < f.Rank; c++ {
			v := 0.0
			for _, p := range d.parts[:n] {
				v += float64(p[r*ld+c])
			}
			d.gram.Data[r*d.gram.Stride+c] = v
		}
	}
	return nil
}

// eigenbasis leaves the eigenvectors of gram in the basis.
func (d *decomposition) eigenbasis() error {
	g, b := d.gram, d.basis
	for r := range b.rank {
		for _, v := range g.Data[r*g.Stride+r : r*g.Stride+b.rank] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return ErrDiverged
			}
		}
	}
	if !lapack64.Syev(lapack.EVCompute, g, d.ascending, d.work, len(d.work)) {
		return fmt.Errorf("als: no eigenvectors of the %d × %d Gramian", b.rank, b.rank)
	}
	ld := kernel.Pad(b.rank)
	for c := range b.rank {
		from := b.rank - 1 - c
		b.values[c] = max(0, d.ascending[from])
		for r := range b.rank {
			b.q[r*ld+c] = float32(g.Data[r*g.Stride+from])
		}
	}
	return nil
}

// rotate replaces each row of f by its coordinates in the basis.
func (b *basis) rotate(ctx context.Context, f Factors, threads int) error {
	const (
		step  = 4 * kernel.Rows // rows at a time
		block = 32 * step
	)
	ld := kernel.Pad(b.rank)
	return parallel(ctx, threads, (f.Rows+block-1)/block, func(int) func(int) {
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
