package topk

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Batch is a search for many queries at once.
type Batch struct {
	Queries []float32               // one vector of the index's rank after the other
	N       int                     // length of each list
	Exclude func(query int) []int32 // ascending items to leave out of one list; nil for none
	Mask    Mask                    // items to leave out of every list
	Threads int                     // default GOMAXPROCS
}

// group is the number of queries that are scored together.
const group = 24

// SearchBatch returns one list a query, each as Search would return it.
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
	for range min(threads, (queries+group-1)/group) {
		wg.Go(func() {
			s := new(scanner)
			for lo := int(next.Add(group)) - group; lo < queries; lo = int(next.Add(group)) - group {
				for q := lo; q < min(lo+group, queries); q++ {
					lists[q] = s.search(x, nil, b.Queries[q*x.rank:][:x.rank], b.N, b.Mask, b.exclude(q))
				}
			}
		})
	}
	wg.Wait()
	return lists
}

func (b *Batch) exclude(query int) []int32 {
	if b.Exclude == nil {
		return nil
	}
	return b.Exclude(query)
}
