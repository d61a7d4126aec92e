package engine

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"valse/store"
)

// Events is a set of interactions as columns, the form training reads. All
// columns have the same length; the dictionaries hold each id once.
type Events struct {
	UserIDs    []string // dictionary: id of user index u
	ProductIDs []string // dictionary: id of product index p

	User    []int32 // index into UserIDs
	Product []int32 // index into ProductIDs
	Type    []store.EventType
	Value   []float32
	Time    []int64 // microseconds since 1970, UTC
	Basket  []int32 // equal for events of one order or visit; -1 for none
}

// Len is the number of events.
func (e *Events) Len() int { return len(e.User) }

// Counts yields one count of one for each event, to be added up by day.
func (e *Events) Counts() iter.Seq[store.Count] {
	return func(yield func(store.Count) bool) {
		for i, p := range e.Product {
			day := store.DayOf(time.UnixMicro(e.Time[i]))
			if !yield(store.Count{Day: day, ProductID: e.ProductIDs[p], Type: e.Type[i], N: 1}) {
				return
			}
		}
	}
}

// byPair returns the positions of the events in order of user, product and
// time; events of one instant keep their order.
func (e *Events) byPair() []int32 {
	order := make([]int32, e.Len())
	for i := range order {
		order[i] = int32(i)
	}
	order = sortByKey(order, e.Product, len(e.ProductIDs))
	order = sortByKey(order, e.User, len(e.UserIDs))
	for lo, hi := range runs(order, e.samePair) {
		slices.SortStableFunc(order[lo:hi], func(a, b int32) int {
			return cmp.Compare(e.Time[a], e.Time[b])
		})
	}
	return order
}

func (e *Events) samePair(a, b int32) bool {
	return e.User[a] == e.User[b] && e.Product[a] == e.Product[b]
}

// sortByKey sorts positions stably by key[position], which lies in [0, keys).
func sortByKey(positions, key []int32, keys int) []int32 {
	next := make([]int, keys+1)
	for _, p := range positions {
		next[key[p]+1]++
	}
	for k := range keys {
		next[k+1] += next[k]
	}
	sorted := make([]int32, len(positions))
	for _, p := range positions {
		sorted[next[key[p]]] = p
		next[key[p]]++
	}
	return sorted
}

// runs yields the bounds of the longest stretches of neighbours that are the
// same.
func runs[T any](s []T, same func(a, b T) bool) iter.Seq2[int, int] {
	return func(yield func(lo, hi int) bool) {
		for lo := 0; lo < len(s); {
			hi := lo + 1
			for hi < len(s) && same(s[lo], s[hi]) {
				hi++
			}
			if !yield(lo, hi) {
				return
			}
			lo = hi
		}
	}
}
