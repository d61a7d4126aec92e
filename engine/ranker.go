package engine

import (
	"fmt"
	"math"

	"valse/engine/internal/kernel"
	"valse/engine/topk"
)

// Ranker is a model prepared for answering: its products indexed for retrieval
// and its item side for folding users in. It is immutable, made once per model,
// and outlives changes of the catalogue. The nil Ranker is that of no model.
type Ranker struct {
	model *Model
	// trained is how many of the products training knew; those after them
	// have their rows from Newcomers.
	trained int
	reader  reader
	folder  folder
	index   *topk.Index
	length  []float32        // of each product's factor
	number  map[string]int32 // of each product, by id
}

// NewRanker prepares a model; nil for nil. A model whose factors are not finite
// is an error.
func NewRanker(m *Model) (*Ranker, error) {
	if m == nil {
		return nil, nil
	}
	for _, table := range [][]float32{m.X.Data, m.Y.Data, m.UserBias, m.ProductBias, {m.Mean}} {
		for i, v := range table {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return nil, fmt.Errorf("prepare model %s: number %d of a table is %v", m.Info.ID, i, v)
			}
		}
	}
	s := m.Info.Settings.WithDefaults()
	k := &Ranker{
		model: m, trained: len(m.ProductIDs), reader: newReader(s, m.Info.Newest.UnixMicro()),
		folder: newFolder(m, s), index: m.index(), length: make([]float32, m.Y.Rows),
		number: numbers(m.ProductIDs),
	}
	for i := range k.length {
		y := m.Y.Row(i)
		k.length[i] = float32(math.Sqrt(float64(kernel.Dot(y, y))))
	}
	return k, nil
}

// Model returns the model, nil when there is none.
func (k *Ranker) Model() *Model {
	if k == nil {
		return nil
	}
	return k.model
}

// ModelID returns the model's id, empty when there is none.
func (k *Ranker) ModelID() string {
	if k == nil {
		return ""
	}
	return k.model.Info.ID
}

// ProductIDs returns the ids of the model's products in order, the first part
// of any catalogue to be ranked; nil without a model.
func (k *Ranker) ProductIDs() []string {
	if k == nil {
		return nil
	}
	return k.model.ProductIDs
}

// Knows reports whether the model has a row of a product.
func (k *Ranker) Knows(productID string) bool {
	if k == nil {
		return false
	}
	_, known := k.number[productID]
	return known
}

// added is how many products have rows that were made since the training.
func (k *Ranker) added() int {
	if k == nil {
		return 0
	}
	return len(k.model.ProductIDs) - k.trained
}

// Factor is a user's row as a model would have learned it.
type Factor struct {
	Vector []float32
	Bias   float32 // explicit models only
}

// fold solves the factor of a request's past. It reports false when the past
// shows the model nothing.
func (k *Ranker) fold(p past, q Request) (Factor, bool) {
	if k == nil {
		return Factor{}, false
	}
	w := p.weigh(&k.reader, len(k.model.ProductIDs), false)
	if len(w.index) == 0 {
		return Factor{}, false
	}
	f := Factor{Vector: make([]float32, k.model.Y.Rank)}
	if q.Kept != nil && k.worth(len(w.index)) {
		f.Bias = q.Kept.solve(k, w, len(q.Without) > 0, f.Vector)
	} else {
		f.Bias = k.folder.solve(f.Vector, w.index, w.weight)
	}
	return f, true
}

// finder finds the products with the highest scores for a factor, less its
// base.
func (k *Ranker) finder(f Factor) finder {
	return func(n int, mask topk.Mask) []topk.Hit { return k.index.Search(nil, f.Vector, n, mask) }
}

// base is the part of a user's scores that is the same for every product.
func (k *Ranker) base(f Factor) float32 { return k.model.Mean + f.Bias }

// cosine is that of the factors of two products. It reports false when one has
// none.
func (k *Ranker) cosine(a, b int32) (cosine float32, ok bool) {
	if k == nil || int(max(a, b)) >= len(k.length) || k.length[a] == 0 || k.length[b] == 0 {
		return 0, false
	}
	return kernel.Dot(k.model.Y.Row(int(a)), k.model.Y.Row(int(b))) / (k.length[a] * k.length[b]), true
}
