package eval

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/engine/als"
	"valse/engine/topk"
)

// fixed recommends each user's given list.
type fixed [][]int32

func (f fixed) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	dst = dst[:0]
	for _, item := range f[user] {
		if len(dst) < n && !contains(exclude, item) {
			dst = append(dst, topk.Hit{Item: item})
		}
	}
	return dst
}

func TestRankMeasuresByDefinition(t *testing.T) {
	train := als.NewMatrix(3, 8, []int32{0, 1, 2, 2}, []int32{7, 7, 7, 0}, nil)
	test := als.NewMatrix(3, 8, []int32{0, 0, 0, 1}, []int32{1, 3, 5, 6}, nil)
	lists := fixed{{7, 1, 2, 3, 4}, {0, 1, 2}, {4}}
	log2 := math.Log2
	want := Report{Users: 2, At: []At{
		{
			K: 1, Recall: 1. / 3 / 2, NDCG: .5, MAP: .5, HitRate: .5,
			Coverage: 2. / 8, Novelty: (log2(3) + log2(3)) / 2,
		},
		{
			K: 3, Recall: 2. / 3 / 2, HitRate: .5,
			NDCG:     (1 + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4)) / 2,
			MAP:      (1 + 2./3) / 3 / 2,
			Coverage: 4. / 8, Novelty: log2(3),
		},
	}}
	for _, threads := range []int{0, 1, 3} {
		got := Rank(lists, train, test, []int{1, 3}, threads)
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("Rank with %d threads (-want +got):\n%s", threads, diff)
		}
	}
}

func TestRankOfNothingIsZero(t *testing.T) {
	empty := als.NewMatrix(2, 0, nil, nil, nil)
	want := Report{At: []At{{K: 5}}}
	if diff := cmp.Diff(want, Rank(NewPopularity(empty), empty, empty, []int{5}, 0)); diff != "" {
		t.Errorf("Rank (-want +got):\n%s", diff)
	}
}

func TestRMSEIsTheRootOfTheMeanSquare(t *testing.T) {
	ratings := als.NewRatings(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{4, 1})
	predict := func(user, _ int32) float32 { return 3 - 3*float32(user) }
	if got := RMSE(predict, ratings); got != 1 {
		t.Errorf("RMSE = %v, want 1", got)
	}
	if got := RMSE(predict, als.NewRatings(2, 2, nil, nil, nil)); got != 0 {
		t.Errorf("RMSE of nothing = %v, want 0", got)
	}
}

func TestPopularityLeavesOutWhatTheUserHas(t *testing.T) {
	train := als.NewMatrix(3, 4, []int32{0, 1, 2, 0, 1, 2}, []int32{2, 2, 2, 3, 3, 1}, nil)
	want := []topk.Hit{{Item: 3, Score: 2}, {Item: 1, Score: 1}, {Item: 0, Score: 0}}
	got := NewPopularity(train).Recommend(nil, 0, []int32{2}, 4)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Recommend (-want +got):\n%s", diff)
	}
}

func TestItemKNNScoresByCosine(t *testing.T) {
	// Items 0 and 1 share two users, 0 and 2 one; item 3 is nobody's.
	train := als.NewMatrix(3, 4, []int32{0, 0, 1, 1, 1, 2}, []int32{0, 1, 0, 1, 2, 0}, nil)
	cosine := func(common, a, b float64) float32 { return float32(common / math.Sqrt(a*b)) }
	for n, want := range map[int][]topk.Hit{
		1: {{Item: 1, Score: cosine(2, 3, 2)}},
		2: {{Item: 1, Score: cosine(2, 3, 2)}, {Item: 2, Score: cosine(1, 3, 1)}},
	} {
		got := NewItemKNN(train, n).Recommend(nil, 2, []int32{0}, 10)
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
			t.Errorf("Recommend with %d neighbours (-want +got):\n%s", n, diff)
		}
	}
}
