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

// state starts the normal equations of a history.
func (f folder) state(index []int32, weight []float32) *als.State {
	if f.explicit != nil {
		return f.explicit.State(index, weight)
	}
	return f.implicit.State(index, weight)
}

// over returns a folder of products against other users than the model's, beside
// which unobserved pairs stay those with the model's.
func (f folder) over(m *Model, s Settings, users userRows) folder {
	if f.explicit == nil {
		return folder{implicit: f.implicit.Over(users.factors)}
	}
	return folder{explicit: als.NewExplicitFolder(
		&als.ExplicitResult{Mean: m.Mean, ItemBias: users.bias, Items: users.factors}, s.explicit())}
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
