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

// newPairs returns the pairs of f. It takes the room of earlier ones.
func newPairs(ctx context.Context, f Factors, earlier *pairs, threads int) (*pairs, error) {
	const block = 512
	p := &pairs{words: kernel.Pad((f.Rank + 1) / 2)}
	if earlier != nil {
		p.data = earlier.data
	} else {
		p.data = make([]uint32, f.Rows*p.words)
	}
	err := parallel(ctx, threads, (f.Rows+block-1)/block, func(int) func(int) {
		room := make([]float32, 2*p.words)
		return func(i int) {
			for r := i * block; r < min((i+1)*block, f.Rows); r++ {
				copy(room, f.Row(r))
				kernel.Pack(p.data[r*p.words:][:p.words], room)
			}
		}
	})
	return p, err
}
