package topk

import "valse/engine/internal/kernel"

// scorer computes approximate scores of a group of queries.
type scorer interface {
	// pack takes the group that the scores are to be of.
	pack(group []*seeker)
	// score writes the scores of n vectors from number lo into dst, a row of
	// kernel.Group for each.
	score(dst []float32, lo, n int)
}

func (f *field) newScorer() scorer {
	if f.bytes {
		return &byteScorer{index: f.Index, packed: make([]uint32, f.sketch.width/4*kernel.Group)}
	}
	return newFloatScorer(f.Index)
}

// byteScorer multiplies bytes, so that what it computes is off by their
// rounding.
type byteScorer struct {
	index  *Index
	packed []uint32 // a group of queries, one a column
}

func (s *byteScorer) pack(group []*seeker) {
	for i, q := range group {
		for w, word := range q.words {
			s.packed[w*kernel.Group+i] = word
		}
	}
}

func (s *byteScorer) score(dst []float32, lo, n int) {
	k := &s.index.sketch
	hi := lo + kernel.PadByteRows(n)
	kernel.MulBytes(dst, k.bytes[lo*k.width:hi*k.width], k.sum[lo:hi], k.scale[lo:hi], s.packed, k.width)
}

// floatScorer multiplies what is there; only the order of additions is another
// than Search's.
type floatScorer struct {
	index  *Index
	padded int       // length of a query
	group  []float32 // of queries, one a row
	packed []float32 // the same, one a column
}

func newFloatScorer(x *Index) *floatScorer {
	padded := kernel.Pad(x.width)
	return &floatScorer{
		index: x, padded: padded,
		group: make([]float32, kernel.Group*padded), packed: make([]float32, padded*kernel.Group),
	}
}

func (s *floatScorer) pack(group []*seeker) {
	for i, q := range group {
		copy(s.group[i*s.padded:], q.query)
	}
	kernel.Transpose(s.packed, kernel.Group, s.group, s.padded, kernel.Group, s.padded)
}

func (s *floatScorer) score(dst []float32, lo, n int) {
	x := s.index
	kernel.MulRows(dst, kernel.Group, x.vectors[lo*x.width:], x.width, s.packed, kernel.Group, kernel.PadRows(n), x.width, kernel.Group)
}
