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
	query   []float32
	rounded []int16 // the query as the sketch wants it
	scores  [block]float32
}

var scanners = sync.Pool{New: func() any { return new(scanner) }}

// search is Search with a list of ascending items to leave out as well.
func (s *scanner) search(x *Index, dst []Hit, query []float32, n int, mask Mask, exclude []int32) []Hit {
	n = min(n, len(x.item))
	s.query = append(s.query[:0], query...)
	if x.bias {
		s.query = append(s.query, 1)
	}
	length := reach(s.query)
	if n <= 0 || !(length <= math.MaxFloat32) {
		return dst[:0]
	}
	s.start(dst, n)
	s.rounded = slices.Grow(s.rounded[:0], x.sketch.width)[:x.sketch.width]
	scale, lost := roundQuery(s.rounded, s.query)
	// What rounding the query and adding up in another order may hide, for a
	// vector of length one.
	hidden := lost + slack(length, len(s.query))
	for lo := 0; lo < len(x.item); lo += block {
		if x.length[lo]*length < s.floor {
			break
		}
		hi := min(lo+block, len(x.item))
		scores := s.scores[:hi-lo]
		kernel.DotBytes(scores, x.sketch.bytes[lo*x.sketch.width:], s.rounded)
		for i, score := range scores {
			at := lo + i
			bound := score*scale*x.sketch.scale[at] + length*x.sketch.error[at] + hidden*x.length[lo]
			if bound >= s.floor {
				s.consider(x, at, mask, exclude)
			}
		}
	}
	return s.finish()
}

// consider offers the vector, when it is eligible and its score high enough.
func (s *scanner) consider(x *Index, at int, mask Mask, exclude []int32) {
	item := x.item[at]
	if mask.Has(item) || contains(exclude, item) {
		return
	}
	if score := kernel.Dot(s.query, x.vector(at)); score >= s.floor {
		s.offer(Hit{Item: item, Score: score})
	}
}

// reach returns the length of a query, rounded up so that its product with a
// vector's length is no less than their dot product as the kernel adds it up.
func reach(query []float32) float32 {
	rounding := 1 + float64(len(query)+8)*0x1p-22
	return float32(math.Sqrt(square(query)) * rounding)
}

// slack returns by how much two ways of adding up the products of a query and
// a vector of length one may differ.
func slack(reach float32, width int) float32 {
	return reach * float32(width+8) * 0x1p-22
}

// contains reports whether the ascending items hold item.
func contains(items []int32, item int32) bool {
	if len(items) == 0 {
		return false
	}
	_, found := slices.BinarySearch(items, item)
	return found
}
