package eval

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"valse/engine/als"
	"valse/engine/topk"
)

// Recommender ranks the whole catalogue for a user. Recommend appends to
// dst[:0] the best n items but for the excluded ones, which ascend, and
// returns it. It is called from several goroutines.
type Recommender interface {
	Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit
}

// At holds the ranking metrics of lists cut at K. Recall to HitRate are
// averages over the users with something to find, that is relevant items.
type At struct {
	K       int     `json:"k"`
	Recall  float64 `json:"recall"`  // hits over relevant
	NDCG    float64 `json:"ndcg"`    // gain 1/log₂(rank+1) of each hit, over that of the best list
	MAP     float64 `json:"map"`     // sum of the precision at each hit, over min(K, relevant)
	HitRate float64 `json:"hitRate"` // share of users with at least one hit

	Coverage float64 `json:"coverage"` // share of the catalogue that is in some list
	Novelty  float64 `json:"novelty"`  // mean self-information of the listed items, in bits
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
	if train.Rows != test.Rows || train.Cols != test.Cols {
		panic("eval: train and test differ in shape")
	}
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	tally := newTally(train, test, ks)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			var list []topk.Hit
			for u := int(next.Add(1)) - 1; u < test.Rows; u = int(next.Add(1)) - 1 {
				if relevant, _ := test.Row(u); len(relevant) > 0 {
					seen, _ := train.Row(u)
					list = r.Recommend(list, u, seen, slices.Max(ks))
					tally.record(u, relevant, list)
				}
			}
		})
	}
	wg.Wait()
	return tally.report()
}

// tally collects what lists are worth. Users are recorded concurrently, each
// into their own place, and added up in order.
type tally struct {
	train, test *als.Matrix
	ks          []int
	users       []At          // len(ks) for each user
	listed      []atomic.Bool // whether an item is in a list, items after each other for each k
	information []float64     // of each item
}

func newTally(train, test *als.Matrix, ks []int) *tally {
	return &tally{
		train:       train,
		test:        test,
		ks:          ks,
		users:       make([]At, len(ks)*test.Rows),
		listed:      make([]atomic.Bool, len(ks)*test.Cols),
		information: selfInformation(train),
	}
}

// selfInformation returns −log₂ of the share of users that have each item; an
// item that nobody has counts as if one of them did.
func selfInformation(m *als.Matrix) []float64 {
	count := make([]int, m.Cols)
	for _, item := range m.Index {
		count[item]++
	}
	bits := make([]float64, m.Cols)
	for i, n := range count {
		bits[i] = -math.Log2(float64(max(1, n)) / float64(max(1, m.Rows)))
	}
	return bits
}

// record takes one user's list and the ascending relevant items.
func (t *tally) record(user int, relevant []int32, list []topk.Hit) {
	for j, k := range t.ks {
		at := &t.users[user*len(t.ks)+j]
		*at = measure(relevant, list[:min(k, len(list))], k)
		for _, hit := range list[:min(k, len(list))] {
			at.Novelty += t.information[hit.Item]
			t.listed[j*t.test.Cols+int(hit.Item)].Store(true)
		}
		at.Novelty /= float64(max(1, min(k, len(list))))
	}
}

// measure returns Recall, NDCG, MAP and HitRate of one list cut at k.
func measure(relevant []int32, list []topk.Hit, k int) At {
	var gain, precision float64
	hits := 0
	for rank, hit := range list {
		if contains(relevant, hit.Item) {
			hits++
			gain += discount(rank)
			precision += float64(hits) / float64(rank+1)
		}
	}
	best := 0.0
	for rank := range min(k, len(relevant)) {
		best += discount(rank)
	}
	return At{
		Recall:  float64(hits) / float64(len(relevant)),
		NDCG:    gain / best,
		MAP:     precision / float64(min(k, len(relevant))),
		HitRate: float64(min(1, hits)),
	}
}

// discount is what a hit at a rank, counted from zero, is worth.
func discount(rank int) float64 { return 1 / math.Log2(float64(rank+2)) }

// report averages the users recorded.
func (t *tally) report() Report {
	r := Report{At: make([]At, len(t.ks))}
	for u := range t.test.Rows {
		if relevant, _ := t.test.Row(u); len(relevant) == 0 {
			continue
		}
		r.Users++
		for j := range t.ks {
			sum, one := &r.At[j], t.users[u*len(t.ks)+j]
			sum.Recall += one.Recall
			sum.NDCG += one.NDCG
			sum.MAP += one.MAP
			sum.HitRate += one.HitRate
			sum.Novelty += one.Novelty
		}
	}
	n := float64(max(1, r.Users))
	for j := range r.At {
		at := &r.At[j]
		at.K = t.ks[j]
		at.Recall /= n
		at.NDCG /= n
		at.MAP /= n
		at.HitRate /= n
		at.Novelty /= n
		at.Coverage = t.coverage(j)
	}
	return r
}

func (t *tally) coverage(j int) float64 {
	items := t.test.Cols
	n := 0
	for i := range items {
		if t.listed[j*items+i].Load() {
			n++
		}
	}
	return float64(n) / float64(max(1, items))
}

// RMSE is the root of the mean squared difference between the ratings of a
// matrix and what predict says; 0 for an empty matrix. In a binary matrix every
// rating is one.
func RMSE(predict func(user, item int32) float32, ratings *als.Matrix) float64 {
	sum := 0.0
	for u := range ratings.Rows {
		index, rating := ratings.Row(u)
		for e, item := range index {
			want := float32(1)
			if rating != nil {
				want = rating[e]
			}
			d := float64(predict(int32(u), item)) - float64(want)
			sum += d * d
		}
	}
	return math.Sqrt(sum / float64(max(1, ratings.NNZ())))
}
