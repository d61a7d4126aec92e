package eval

import (
	"sync"

	"valse/engine/als"
	"valse/engine/topk"
)

// model recommends by the dot product of user and item factors.
type model struct {
	users als.Factors
	items *topk.Index
}

// NewModel recommends by the dot product of user and item factors.
func NewModel(users, items als.Factors) Recommender {
	return &model{users, topk.New(items.Rows, items.Rank, items.Data, nil)}
}

func (m *model) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	return m.items.SearchExcluding(dst, m.users.Row(user), n, nil, exclude)
}

// folded recommends to users whose factors it computes from their histories.
type folded struct {
	folder  *als.Folder
	history *als.Matrix
	items   *topk.Index
	factors sync.Pool // *[]float32
}

// NewFolded recommends to the rows of history by factors folded in against
// items: what a model has for users it was not trained on. Settings are those
// of the training.
func NewFolded(history *als.Matrix, items als.Factors, s als.Settings) Recommender {
	f := &folded{
		folder:  als.NewFolder(items, s),
		history: history,
		items:   topk.New(items.Rows, items.Rank, items.Data, nil),
	}
	f.factors.New = func() any {
		factor := make([]float32, items.Rank)
		return &factor
	}
	return f
}

func (f *folded) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	factor := f.factors.Get().(*[]float32)
	defer f.factors.Put(factor)
	index, weight := f.history.Row(user)
	f.folder.Solve(*factor, index, weight)
	return f.items.SearchExcluding(dst, *factor, n, nil, exclude)
}
