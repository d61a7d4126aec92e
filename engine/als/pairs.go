package als

import (
	"context"

	"valse/engine/internal/kernel"
)

// pairs is a table of factors in 16 bits a number, two to a word (see
// kernel.Pack), which conjugate reads in place of the factors. Rows are filled up
// with zeros. What rounding changes in a factor is a 500th of it at most, at
// random, and the error it leaves in a solution counts by its square.
type pairs struct {
	words int // of a row
	data  []uint32
}

// newPairs returns room for the pairs of tables of up to so many rows.
func newPairs(rows, rank int) *pairs {
	words := kernel.Pad((rank + 1) / 2)
	return &pairs{words: words, data: make([]uint32, rows*words)}
}

// pack takes the factors of f.
func (p *pairs) pack(ctx context.Context, f Factors, threads int) error {
	const block = 512
	return parallel(ctx, threads, (f.Rows+block-1)/block, func(int) func(int) {
		room := make([]float32, 2*p.words)
		return func(i int) {
			for r := i * block; r < min((i+1)*block, f.Rows); r++ {
				copy(room, f.Row(r))
				kernel.Pack(p.data[r*p.words:][:p.words], room)
			}
		}
	})
}
