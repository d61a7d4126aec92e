package eval

import (
	"valse/engine/als"
	"valse/engine/topk"
)

// Recommender ranks the whole catalogue for a user. Recommend appends to
// dst[:0] the best n items but for the excluded ones, which ascend. It is
// called from several goroutines.
type Recommender interface {
	Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit
}

// At holds the ranking metrics of lists cut at K, each averaged over the users
// with something to find.
type At struct {
	K       int     `json:"k"`
	Recall  float64 `json:"recall"`  // hits over min(K, relevant)… see Rank
	NDCG    float64 `json:"ndcg"`    // binary gain, log₂ discount
	MAP     float64 `json:"map"`     // mean average precision
	HitRate float64 `json:"hitRate"` // share of users with at least one hit

	Coverage float64 `json:"coverage"` // share of the catalogue in any list
	Novelty  float64 `json:"novelty"`  // mean self-information of listed items, bits
}

// Report is the measure of one recommender on one hold-out.
type Report struct {
	Users int  `json:"users"` // users with something to find
	At    []At `json:"at"`    // in the order asked for
}

// Rank measures r against test: for each user with test items, the list of
// best items that the user has not in train. Train and test have the same
// shape. Threads 0 means GOMAXPROCS; the result does not depend on it.
func Rank(r Recommender, train, test *als.Matrix, ks []int, threads int) Report {
	panic("eval: not yet")
}

// RMSE is the root of the mean squared difference between the ratings of a
// matrix and what predict says; 0 for an empty matrix.
func RMSE(predict func(user, item int32) float32, ratings *als.Matrix) float64 {
	panic("eval: not yet")
}

// NewModel recommends by the dot product of user and item factors.
func NewModel(users, items als.Factors) Recommender { panic("eval: not yet") }

// NewPopularity recommends the items with the largest total weight in train.
func NewPopularity(train *als.Matrix) Recommender { panic("eval: not yet") }

// NewItemKNN recommends by the sum of the cosines between an item and those of
// the user's history, each item keeping its nearest neighbours only.
func NewItemKNN(train *als.Matrix, neighbours int) Recommender { panic("eval: not yet") }
