package eval

import (
	"math"
	"slices"
	"sync"

	"valse/engine/als"
	"valse/engine/topk"
)

// popularity recommends the same list to everyone.
type popularity struct {
	order []topk.Hit
}

// NewPopularity recommends the items with the largest total weight in train,
// the lower item first among equals.
func NewPopularity(train *als.Matrix) Recommender {
	weight := make([]float32, train.Cols)
	for u := range train.Rows {
		index, w := train.Row(u)
		for e, item := range index {
			if w == nil {
				weight[item]++
			} else {
				weight[item] += w[e]
			}
		}
	}
	scores := topk.New(train.Cols, 1, weight, nil)
	return &popularity{scores.Search(nil, []float32{1}, train.Cols, nil)}
}

func (p *popularity) Recommend(dst []topk.Hit, _ int, exclude []int32, n int) []topk.Hit {
	dst = dst[:0]
	for _, hit := range p.order {
		if len(dst) == n {
			break
		}
		if !contains(exclude, hit.Item) {
			dst = append(dst, hit)
		}
	}
	return dst
}

// itemKNN holds, for each item, its nearest neighbours and their cosines.
type itemKNN struct {
	train      *als.Matrix
	neighbours *als.Matrix
	scores     sync.Pool // *[]float32, zeros, one an item
}

// NewItemKNN recommends by the sum of the cosines between an item and those of
// the user's history, where each item of the history speaks for its nearest
// neighbours only. Weights play no part.
func NewItemKNN(train *als.Matrix, neighbours int) Recommender {
	k := &itemKNN{train: train, neighbours: nearest(train, neighbours)}
	k.scores.New = func() any {
		scores := make([]float32, train.Cols)
		return &scores
	}
	return k
}

// nearest returns the matrix of the cosines of each item's n nearest others.
func nearest(train *als.Matrix, n int) *als.Matrix {
	users := train.Transpose()
	degree := func(item int32) float64 { return float64(users.Ptr[item+1] - users.Ptr[item]) }
	var row, col []int32
	var cosine []float32
	common := make([]float32, train.Cols)
	for i := range int32(train.Cols) {
		clear(common)
		who, _ := users.Row(int(i))
		for _, u := range who {
			theirs, _ := train.Row(int(u))
			for _, j := range theirs {
				common[j]++
			}
		}
		common[i] = 0
		for j := range common {
			if common[j] > 0 {
				common[j] /= float32(math.Sqrt(degree(i) * degree(int32(j))))
			}
		}
		for _, hit := range best(common, n, nil) {
			row, col, cosine = append(row, i), append(col, hit.Item), append(cosine, hit.Score)
		}
	}
	return als.NewMatrix(train.Cols, train.Cols, row, col, cosine)
}

func (k *itemKNN) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	pooled := k.scores.Get().(*[]float32)
	defer k.scores.Put(pooled)
	scores := *pooled
	clear(scores)
	history, _ := k.train.Row(user)
	for _, item := range history {
		near, cosine := k.neighbours.Row(int(item))
		for e, j := range near {
			scores[j] += cosine[e]
		}
	}
	return append(dst[:0], best(scores, n, exclude)...)
}

// best returns the n highest positive scores without the excluded items.
func best(scores []float32, n int, exclude []int32) []topk.Hit {
	for _, item := range exclude {
		scores[item] = 0
	}
	var hits []topk.Hit
	for item, score := range scores {
		if score > 0 {
			hits = append(hits, topk.Hit{Item: int32(item), Score: score})
		}
	}
	slices.SortFunc(hits, topk.Compare)
	return hits[:min(n, len(hits))]
}

// contains reports whether the ascending items hold item.
func contains(items []int32, item int32) bool {
	_, found := slices.BinarySearch(items, item)
	return found
}
