package engine

import (
	"valse/engine/als"
	"valse/engine/topk"
)

// folder folds users into a model of either feedback.
type folder struct {
	implicit *als.Folder
	explicit *als.ExplicitFolder
}

func newFolder(m *Model, s Settings) folder {
	if s.Feedback == Explicit {
		return folder{explicit: als.NewExplicitFolder(m.explicitResult(), s.explicit())}
	}
	return folder{implicit: als.NewFolder(m.Y, s.implicit())}
}

// solve writes the factor of a history to dst and returns the user's bias.
func (f folder) solve(dst []float32, index []int32, weight []float32) (bias float32) {
	if f.explicit != nil {
		return f.explicit.Solve(dst, index, weight)
	}
	f.implicit.Solve(dst, index, weight)
	return 0
}

// explain splits the score of a product: score = base + sum of parts.
func (f folder) explain(index []int32, weight []float32, product int32) (parts []float32, base, score float32) {
	if f.explicit != nil {
		return f.explicit.Explain(index, weight, product)
	}
	parts, score = f.implicit.Explain(index, weight, product)
	return parts, 0, score
}

// index returns the retrieval index of the model's products.
func (m *Model) index() *topk.Index {
	return topk.New(m.Y.Rows, m.Y.Rank, m.Y.Data, m.ProductBias)
}

// ranking recommends by a model's own user rows: package eval's view of it.
type ranking struct {
	users als.Factors
	index *topk.Index
}

func (m *Model) recommender() *ranking {
	return &ranking{users: m.X, index: m.index()}
}

// Recommend implements eval.Recommender.
func (r *ranking) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	return r.index.SearchExcluding(dst, r.users.Row(user), n, nil, exclude)
}
