package topk

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"valse/engine/internal/kernel"
)

// Batch is a search for many queries at once.
type Batch struct {
	Queries []float32               // one vector of the index's rank after the other
	N       int                     // length of each list
	Exclude func(query int) []int32 // ascending items to leave out of one list; nil for none
	Mask    Mask                    // items to leave out of every list
	Threads int                     // default GOMAXPROCS
}

const (
	// crowd is the number of queries that one goroutine searches at a time.
	crowd = 10 * kernel.Group
	// tile is the number of vectors that a group of queries is scored against
	// before any score is looked at.
	tile = 64
	// segment is the number of tiles that the whole crowd is scored against
	// before any others: they stay in the second-level cache meanwhile.
	segment = 8
	// sparse is how many vectors there must be for each that is listed, or bytes
	// leave more of them in doubt than they are faster by.
	sparse = 64
)

// SearchBatch returns one list a query, each the same as Search would return.
// Exclude is called from several goroutines.
func (x *Index) SearchBatch(b Batch) [][]Hit {
	queries := len(b.Queries) / max(1, x.rank)
	x.checkQueries(b.Queries, queries)
	lists := make([][]Hit, queries)
	threads := b.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	shared := newField(x, &b)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, (queries+crowd-1)/crowd) {
		wg.Go(func() {
			s := crowdScanners.Get().(*crowdScanner)
			defer s.release()
			s.start(shared)
			for lo := int(next.Add(crowd)) - crowd; lo < queries; lo = int(next.Add(crowd)) - crowd {
				s.search(lists[lo:min(lo+crowd, queries)], lo)
			}
		})
	}
	wg.Wait()
	return lists
}

// field is what the goroutines of one batch share: where the vectors lie that
// may be listed.
type field struct {
	*Index
	*Batch
	at     []int32   // place of each item's vector; -1 for none
	masked []bool    // whether the vector at a place is masked
	errors []float32 // of each tile, the greatest sketch error
	bytes  bool      // whether to score by bytes, else by floats

	// The first places of the tiles, a segment of them together: the sample
	// that gives each query its first floor, and the rest.
	sample, rest [][]int
}

// sampled says that one tile in so many belongs to the sample.
const sampled = 8

func newField(x *Index, b *Batch) *field {
	f := &field{Index: x, Batch: b, at: make([]int32, x.rows), masked: make([]bool, len(x.item))}
	for item := range f.at {
		f.at[item] = -1
	}
	for at, item := range x.item {
		f.at[item], f.masked[at] = int32(at), b.Mask.Has(item)
	}
	f.bytes = kernel.HasByteTile && len(x.item) >= sparse*b.N
	f.errors = make([]float32, (len(x.item)+tile-1)/tile)
	for at, e := range x.sketch.error {
		if t := &f.errors[at/tile]; e > *t { // not for what is not a number
			*t = e
		}
	}
	var sample, rest []int
	for t := range f.errors {
		if len(f.errors) >= 2*sampled && t%sampled == sampled/2 {
			sample = append(sample, t*tile)
		} else {
			rest = append(rest, t*tile)
		}
	}
	f.sample, f.rest = slices.Collect(slices.Chunk(sample, segment)), slices.Collect(slices.Chunk(rest, segment))
	return f
}

// crowdScanner is one goroutine's work space.
type crowdScanner struct {
	*field
	scorer  scorer
	seekers [crowd]seeker
	group   []*seeker // those that a segment may have something for
	scores  []float32 // of a tile, a row of the group's scores for each vector
	floors  [kernel.Group]float32
	next    [kernel.Group]int32 // each query's next place to leave out
	hits    [tile]uint32
	places  Mask // room to sort places in
}

var crowdScanners = sync.Pool{New: func() any {
	return &crowdScanner{scores: make([]float32, tile*kernel.Group)}
}}

// start prepares for a batch.
func (s *crowdScanner) start(f *field) {
	s.field, s.scorer = f, f.newScorer()
	words := (len(f.item) + 63) / 64
	s.places = slices.Grow(s.places[:0], words)[:words]
	clear(s.places)
}

// release gives the room back, without what it was used for.
func (s *crowdScanner) release() {
	s.field, s.scorer = nil, nil
	for i := range s.seekers {
		s.seekers[i].field = nil
	}
	crowdScanners.Put(s)
}

// search fills the lists of as many queries from number first.
func (s *crowdScanner) search(lists [][]Hit, first int) {
	n := min(s.N, len(s.item))
	alive := make([]*seeker, 0, len(lists))
	for i := range lists {
		q := &s.seekers[i]
		if q.start(s.field, first+i, n, s.places); n > 0 && q.finite() {
			alive = append(alive, q)
		}
	}
	if len(s.sample) > 0 {
		s.scan(alive, s.sample)
		for _, q := range alive {
			q.guess()
		}
	}
	s.scan(alive, s.rest)
	for i := range lists {
		lists[i] = s.seekers[i].finish()
	}
}

// scan offers the seekers the vectors of some segments.
func (s *crowdScanner) scan(seekers []*seeker, segments [][]int) {
	for _, q := range seekers {
		q.exclude = q.excluded
	}
	for _, tiles := range segments {
		s.group = s.group[:0]
		for _, q := range seekers {
			if !(s.length[tiles[0]]*q.reach < q.floor) {
				s.group = append(s.group, q)
			}
		}
		for group := range slices.Chunk(s.group, kernel.Group) {
			s.scanGroup(group, tiles)
		}
	}
}

// scanGroup offers a group of seekers the vectors of some tiles.
func (s *crowdScanner) scanGroup(group []*seeker, tiles []int) {
	s.scorer.pack(group)
	for i, q := range group {
		s.next[i] = q.next()
	}
	for _, lo := range tiles {
		n := min(tile, len(s.item)-lo)
		s.scorer.score(s.scores, lo, n)
		for i, q := range group {
			s.floors[i] = (q.floor - q.bound(s.errors[lo/tile], s.length[lo])) / q.unit
		}
		kernel.Reach(s.hits[:n], s.scores, &s.floors)
		s.leaveOut(group, lo, n)
		s.offer(group, lo, n)
	}
}

// leaveOut takes from the hits of a tile what its queries exclude.
func (s *crowdScanner) leaveOut(group []*seeker, lo, n int) {
	for i, q := range group {
		for int(s.next[i]) < lo+n {
			if at := int(s.next[i]) - lo; at >= 0 {
				s.hits[at] &^= 1 << i
			}
			q.exclude = q.exclude[1:]
			s.next[i] = q.next()
		}
	}
}

// offer takes up the hits of a tile.
func (s *crowdScanner) offer(group []*seeker, lo, n int) {
	for i, set := range s.hits[:n] {
		set &= 1<<len(group) - 1
		if set == 0 || s.masked[lo+i] {
			continue
		}
		for ; set != 0; set &= set - 1 {
			k := bits.TrailingZeros32(set)
			q := group[k]
			q.offer(int32(lo+i), s.scores[i*kernel.Group+k]*q.unit)
		}
	}
}
