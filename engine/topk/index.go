// Package topk finds the items with the highest scores, exactly.
//
// A score is the dot product of a query with an item's vector, plus the item's
// bias. Masked items are skipped while scanning, never cut afterwards, so a
// list is as long as asked while eligible items remain. Results equal those of
// scoring everything and sorting, with ties broken by the lower item.
//
// Items lie in the order of their vectors' length. By Cauchy and Schwarz no
// score exceeds the product of the query's length and the item's, so a scan
// ends as soon as that product falls below the worst score it has to beat. Until
// then a search for one query reads bytes, which bound the score from above
// (see sketch), and computes the score of the few items that may matter. A
// search for many queries scores groups of them against blocks of items.
package topk

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"valse/engine/internal/kernel"
)

// Index is an immutable set of item vectors, safe for concurrent use.
type Index struct {
	rows int // items that may be asked for; some may have no vector here
	rank int // length of a query
	bias bool

	width   int       // length of a vector: the rank and, with bias, one more
	vectors []float32 // longest first; padded to kernel.Rows of them
	length  []float32 // of each vector
	item    []int32   // that each vector belongs to
	sketch  sketch

	unit func() *Index // the same vectors at length one
}

// New indexes rows vectors of length rank, row after row in data; bias, when
// not nil, has one number a row. It copies what it is given.
func New(rows, rank int, data []float32, bias []float32) *Index {
	if len(data) != rows*rank || bias != nil && len(bias) != rows {
		panic(fmt.Sprintf("topk: %d numbers and %d biases for %d × %d", len(data), len(bias), rows, rank))
	}
	x := &Index{rows: rows, rank: rank, width: rank, bias: bias != nil}
	if x.bias {
		x.width++
	}
	lengths := make([]float32, rows)
	order := make([]int32, rows)
	for i := range order {
		order[i] = int32(i)
		row := data[i*rank:][:rank]
		square := square(row)
		if x.bias {
			square += float64(bias[i]) * float64(bias[i])
		}
		lengths[i] = float32(math.Sqrt(square))
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(lengths[b], lengths[a]), cmp.Compare(a, b))
	})
	x.item = order
	x.vectors = make([]float32, kernel.PadRows(rows)*x.width)
	x.length = make([]float32, rows)
	for at, i := range order {
		v := x.vector(at)
		copy(v, data[int(i)*rank:][:rank])
		if x.bias {
			v[rank] = bias[i]
		}
		x.length[at] = lengths[i]
	}
	x.sketch = newSketch(rows, x.width, x.vectors)
	x.unit = sync.OnceValue(x.normalized)
	return x
}

// Rows returns the number of items.
func (x *Index) Rows() int { return x.rows }

// Rank returns the length of a query.
func (x *Index) Rank() int { return x.rank }

// Search appends to dst[:0] the n eligible items with the highest scores, best
// first, and returns it. Fewer than n are returned only when fewer are
// eligible. Items whose score is not a number are never returned, and a query
// that is not finite finds nothing.
func (x *Index) Search(dst []Hit, query []float32, n int, mask Mask) []Hit {
	return x.SearchExcluding(dst, query, n, mask, nil)
}

// SearchExcluding is Search with a list of ascending items, such as those the
// user has seen, to leave out besides the masked ones.
func (x *Index) SearchExcluding(dst []Hit, query []float32, n int, mask Mask, exclude []int32) []Hit {
	s := scanners.Get().(*scanner)
	defer scanners.Put(s)
	x.checkQueries(query, 1)
	return s.search(x, dst, query, n, mask, exclude)
}

// Similar is Search for the items whose vectors have the highest cosine with
// that of item, which is itself left out. Biases play no part, and an item
// without a vector (all zeros) is similar to nothing.
func (x *Index) Similar(dst []Hit, item int32, n int, mask Mask) []Hit {
	u := x.unit()
	at := slices.Index(u.item, item)
	if at < 0 {
		return dst[:0]
	}
	s := scanners.Get().(*scanner)
	defer scanners.Put(s)
	return s.search(u, dst, u.vector(at), n, mask, []int32{item})
}

// normalized returns the index of the vectors without biases at length one,
// less those that have no length.
func (x *Index) normalized() *Index {
	u := &Index{rows: x.rows, rank: x.rank, width: x.rank}
	for at, item := range x.item {
		v := x.vector(at)[:x.rank]
		scale := float32(1 / math.Sqrt(square(v)))
		if math.IsInf(float64(scale), 0) || math.IsNaN(float64(scale)) {
			continue
		}
		u.item = append(u.item, item)
		u.length = append(u.length, 1)
		for _, c := range v {
			u.vectors = append(u.vectors, c*scale)
		}
	}
	u.sketch = newSketch(len(u.item), u.width, u.vectors)
	u.vectors = append(u.vectors, make([]float32, (kernel.PadRows(len(u.item))-len(u.item))*u.width)...)
	return u
}

func (x *Index) vector(at int) []float32 { return x.vectors[at*x.width:][:x.width] }

// checkQueries panics unless queries holds n of them.
func (x *Index) checkQueries(queries []float32, n int) {
	if len(queries) != n*x.rank {
		panic(fmt.Sprintf("topk: %d numbers in %d queries of rank %d", len(queries), n, x.rank))
	}
}

// square returns the squared length of v.
func square(v []float32) float64 {
	s := 0.0
	for _, c := range v {
		s += float64(c) * float64(c)
	}
	return s
}
