package als

import (
	"context"
	"sync"
)

// Data is a matrix prepared for trainings, one after the other or at the same
// time, with whatever settings: they share its two orders, and those of one rank
// and seed the Gramian of the items they start from.
type Data struct {
	sides [2]*rows

	mu     sync.Mutex
	starts map[startKey]start // nil where there will be no other training
}

// startKey is what the items depend on that a training starts from.
type startKey struct {
	rank int
	seed uint64
}

// start is a table of items in the basis of its Gramian, with the eigenvalues of
// that.
type start struct {
	items  Factors
	values []float64
}

// NewData prepares m, which must not change. Its weights are finite and not
// negative, or an error names the first that is not.
func NewData(m *Matrix) (*Data, error) {
	d, err := dataOf(m)
	if err == nil {
		d.starts = map[startKey]start{}
	}
	return d, err
}

// dataOf is NewData for one training.
func dataOf(m *Matrix) (*Data, error) {
	if err := m.check(0); err != nil {
		return nil, err
	}
	return &Data{sides: [2]*rows{newRows(m).weighed(), newColumns(m).weighed()}}, nil
}

// start returns what a training with the settings starts from.
func (d *Data) start(ctx context.Context, s Settings) (start, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := startKey{s.Rank, s.Seed}
	first, known := d.starts[key]
	if !known {
		first.items = randomFactors(d.sides[1].Rows, s.Rank, s.Seed)
		b, err := new(decomposition).turn(ctx, first.items, s.Threads)
		if err != nil {
			return first, err
		}
		first.values = b.values
	}
	if d.starts != nil {
		d.starts[key] = first
		first.items = first.items.clone()
	}
	return first, nil
}
