// Package topk finds the items with the highest scores, exactly.
//
// A score is the dot product of a query with an item's vector, plus the item's
// bias. Masked items are skipped while scanning, never cut afterwards, so a
// list is as long as asked while eligible items remain. Results equal those of
// scoring everything and sorting, with ties broken by the lower item.
package topk

// Hit is one item of an answer.
type Hit struct {
	Item  int32
	Score float32
}

// Index is an immutable set of item vectors, safe for concurrent use.
type Index struct {
	rows, rank int
}

// New indexes rows vectors of length rank, row after row in data; bias, when
// not nil, has one number a row. It copies what it is given.
func New(rows, rank int, data []float32, bias []float32) *Index {
	panic("topk: not yet")
}

// Search appends to dst[:0] the n eligible items with the highest scores, best
// first, and returns it. Fewer than n are returned only when fewer are
// eligible. Items whose score is not a number are never returned.
func (x *Index) Search(dst []Hit, query []float32, n int, mask Mask) []Hit {
	panic("topk: not yet")
}

// Similar is Search for the items whose vectors have the highest cosine with
// that of item, which is itself left out. Biases play no part, and an item
// without a vector (all zeros) is similar to nothing.
func (x *Index) Similar(dst []Hit, item int32, n int, mask Mask) []Hit {
	panic("topk: not yet")
}
