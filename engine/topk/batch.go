package topk

// Batch is a search for many queries at once.
type Batch struct {
	Queries []float32               // one vector of the index's rank after the other
	N       int                     // length of each list
	Exclude func(query int) []int32 // ascending items to leave out of one list; nil for none
	Mask    Mask                    // items to leave out of every list
	Threads int                     // default GOMAXPROCS
}

// SearchBatch returns one list a query, each as Search would return it.
// Exclude is called from several goroutines.
func (x *Index) SearchBatch(b Batch) [][]Hit { panic("topk: not yet") }
