package topk

import (
	"math/bits"
	"runtime"
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
	// segment is the number of vectors that the whole crowd is scored against
	// before any others: they stay in the second-level cache meanwhile.
	segment = 4 * block
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
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, (queries+crowd-1)/crowd) {
		wg.Go(func() {
			s := newCrowdScanner(x, &b)
			for lo := int(next.Add(crowd)) - crowd; lo < queries; lo = int(next.Add(crowd)) - crowd {
				s.search(lists[lo:min(lo+crowd, queries)], lo)
			}
		})
	}
	wg.Wait()
	return lists
}

// seeker is one query of a crowd and what it has found.
type seeker struct {
	selection
	query   []float32 // padded
	exclude []int32
	reach   float32 // see reach
	slack   float32 // times a vector's length, by how much two ways of adding up its score may differ
}

// crowdScanner is one goroutine's work space. Scores of a group of queries are
// computed by tiles, which add up in another order than a single search; so
// what comes near a query's floor is scored again as Search does.
type crowdScanner struct {
	index   *Index
	batch   *Batch
	padded  int // length of a query in the crowd
	seekers [crowd]seeker
	queries []float32
	packed  []float32 // a group of queries, one a column
	group   []float32 // the same, one a row
	scores  []float32 // of a block, a row of the group's scores for each vector
	floors  [kernel.Group]float32
	hits    [block]uint32
}

func newCrowdScanner(x *Index, b *Batch) *crowdScanner {
	s := &crowdScanner{index: x, batch: b, padded: kernel.Pad(x.width)}
	s.queries = make([]float32, crowd*s.padded)
	s.packed = make([]float32, s.padded*kernel.Group)
	s.group = make([]float32, kernel.Group*s.padded)
	s.scores = make([]float32, block*kernel.Group)
	return s
}

// search fills the lists of as many queries from number first.
func (s *crowdScanner) search(lists [][]Hit, first int) {
	x := s.index
	n := min(s.batch.N, len(x.item))
	if n <= 0 {
		return
	}
	alive := make([]*seeker, len(lists))
	for i := range lists {
		alive[i] = s.seek(i, first+i, n)
	}
	for lo := 0; lo < len(x.item) && len(alive) > 0; lo += segment {
		alive = stillAlive(alive, x.length[lo])
		for at := 0; at < len(alive); at += kernel.Group {
			s.scan(alive[at:min(at+kernel.Group, len(alive))], lo, min(lo+segment, len(x.item)))
		}
	}
	for i := range lists {
		lists[i] = s.seekers[i].finish()
	}
}

// seek prepares seeker i for a query.
func (s *crowdScanner) seek(i, query, n int) *seeker {
	x, q := s.index, &s.seekers[i]
	q.query = s.queries[i*s.padded:][:s.padded]
	copy(q.query, s.batch.Queries[query*x.rank:][:x.rank])
	if x.bias {
		q.query[x.rank] = 1
	}
	q.start(nil, n)
	q.exclude = s.batch.exclude(query)
	q.reach = reach(q.query[:x.width])
	q.slack = slack(q.reach, x.width)
	return q
}

// stillAlive keeps the seekers that vectors of the given length, or shorter
// ones, may have something for.
func stillAlive(seekers []*seeker, length float32) []*seeker {
	kept := seekers[:0]
	for _, q := range seekers {
		if !(length*q.reach < q.floor) {
			kept = append(kept, q)
		}
	}
	return kept
}

// scan offers a group of seekers the vectors from lo to hi.
func (s *crowdScanner) scan(group []*seeker, lo, hi int) {
	x := s.index
	for i, q := range group {
		copy(s.group[i*s.padded:], q.query)
	}
	kernel.Transpose(s.packed, kernel.Group, s.group, s.padded, kernel.Group, s.padded)
	for ; lo < hi; lo += block {
		n := min(block, hi-lo)
		for i := 0; i < n; i += kernel.Rows {
			kernel.MulRows(s.scores[i*kernel.Group:], kernel.Group, x.vectors[(lo+i)*x.width:], x.width, s.packed, kernel.Group, x.width, kernel.Group)
		}
		for i, q := range group {
			s.floors[i] = q.floor - q.slack*x.length[lo]
		}
		kernel.Reach(s.hits[:n], s.scores, &s.floors)
		s.offer(group, lo, s.hits[:n])
	}
}

// offer takes up the hits of a block that begins at lo.
func (s *crowdScanner) offer(group []*seeker, lo int, hits []uint32) {
	x := s.index
	for i, set := range hits {
		for set &= 1<<len(group) - 1; set != 0; set &= set - 1 {
			q := group[bits.TrailingZeros32(set)]
			item := x.item[lo+i]
			score := kernel.Dot(q.query[:x.width], x.vector(lo+i))
			if score >= q.floor && !s.batch.Mask.Has(item) && !contains(q.exclude, item) {
				q.selection.offer(Hit{Item: item, Score: score})
			}
		}
	}
}

func (b *Batch) exclude(query int) []int32 {
	if b.Exclude == nil {
		return nil
	}
	return b.Exclude(query)
}
