package topk

import (
	"math"
	"slices"
	"sync"

	"valse/engine/internal/kernel"
)

// block is the number of vectors that are scored before any is looked at.
const block = 128

// scanner is the work space of one search.
type scanner struct {
	selection
	query  []float32
	scores [block]float32
}

var scanners = sync.Pool{New: func() any { return new(scanner) }}

// search is Search with a list of ascending items to leave out as well.
func (s *scanner) search(x *Index, dst []Hit, query []float32, n int, mask Mask, exclude []int32) []Hit {
	n = min(n, len(x.item))
	if n <= 0 {
		return dst[:0]
	}
	s.start(dst, n)
	s.query = append(s.query[:0], query...)
	if x.bias {
		s.query = append(s.query, 1)
	}
	reach := reach(s.query)
	for lo := 0; lo < len(x.item); lo += block {
		if x.length[lo]*reach < s.floor {
			break
		}
		s.scan(x, lo, min(lo+block, len(x.item)), mask, exclude)
	}
	return s.finish()
}

// scan offers the eligible vectors from lo to hi.
func (s *scanner) scan(x *Index, lo, hi int, mask Mask, exclude []int32) {
	scores := s.scores[:hi-lo]
	kernel.DotRows(scores, x.vectors[lo*x.width:], x.width, s.query)
	for i, score := range scores {
		if score >= s.floor {
			item := x.item[lo+i]
			if !mask.Has(item) && !contains(exclude, item) {
				s.offer(Hit{Item: item, Score: score})
			}
		}
	}
}

// reach returns the length of a query, rounded up so that its product with a
// vector's length is no less than their dot product as the kernel adds it up.
func reach(query []float32) float32 {
	slack := 1 + float64(len(query)+8)*0x1p-22
	return float32(math.Sqrt(square(query)) * slack)
}

// contains reports whether the ascending items hold item.
func contains(items []int32, item int32) bool {
	if len(items) == 0 {
		return false
	}
	_, found := slices.BinarySearch(items, item)
	return found
}
