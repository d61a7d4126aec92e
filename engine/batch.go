package engine

import (
	"context"
	"hash/fnv"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"valse/engine/topk"
	"valse/store"
)

// Member is one user of a batch.
type Member struct {
	UserID string
	Seen   []string // products not to list
}

// Members yields the users of the events, each with the products that the user
// should not be shown: those bought, rated, disliked or hidden.
func (e *Events) Members() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		order := e.byPair()
		var events []pastEvent
		for lo, hi := range runs(order, func(a, b int32) bool { return e.User[a] == e.User[b] }) {
			m := Member{UserID: e.UserIDs[e.User[order[lo]]]}
			for from, to := range runs(order[lo:hi], e.samePair) {
				events = events[:0]
				for _, i := range order[lo+from : lo+to] {
					events = append(events, pastEvent{occurrence: occurrence{e.Type[i], e.Value[i], e.Time[i]}})
				}
				if seen(events, false) {
					m.Seen = append(m.Seen, e.ProductIDs[e.Product[order[lo+from]]])
				}
			}
			if !yield(m) {
				return
			}
		}
	}
}

// InShard reports whether a user belongs to shard i of n, by a hash that never
// changes: how several processes share one batch.
func InShard(userID string, i, n int) bool {
	h := fnv.New64a()
	h.Write([]byte(userID))
	return n <= 1 || h.Sum64()%uint64(n) == uint64(i)
}

// batchChunk is how many users are searched for at once.
const batchChunk = 1024

// RecommendAll makes lists of length n for many users from the model's own user
// rows and calls emit with each, in order. Users that the model does not know,
// store.DefaultList among them, get best-sellers. The policy, which may be nil,
// holds as it does for lists made one by one, but that nothing is explored. All
// members of a chunk are scored together on all threads. Errors are those of
// ctx and emit.
func (r *Recommender) RecommendAll(ctx context.Context, members iter.Seq[Member], n int, p *Policy, emit func(store.List) error) error {
	b := r.batch(n, p)
	chunk := make([]Member, 0, batchChunk)
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, list := range b.lists(chunk) {
			if err := emit(list); err != nil {
				return err
			}
		}
		chunk = chunk[:0]
		return nil
	}
	for m := range members {
		if chunk = append(chunk, m); len(chunk) == batchChunk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// batch is what the chunks of one RecommendAll share.
type batch struct {
	r      *Recommender
	n      int
	policy *Policy
	rows   map[string]int // user id to row of the model
	mask   topk.Mask      // of no request in particular
}

func (r *Recommender) batch(n int, p *Policy) *batch {
	b := &batch{r: r, n: n, policy: p, rows: map[string]int{}, mask: r.catalogue.mask(Filter{})}
	p.restrict(b.mask, "")
	if m := r.ranker.Model(); m != nil {
		for u, id := range m.UserIDs {
			b.rows[id] = u
		}
	}
	return b
}

// lists answers one chunk.
func (b *batch) lists(members []Member) []store.List {
	excluded := make([][]int32, len(members))
	for i, m := range members {
		excluded[i] = b.excluded(m)
	}
	var hits [][]topk.Hit // nil where each list is searched for by itself
	if !b.policy.reorders() {
		hits = b.search(members, excluded)
	}
	lists := make([]store.List, len(members))
	inParallel(len(members), func(i int) {
		mask := slices.Clone(b.mask)
		for _, product := range excluded[i] {
			mask.Set(product)
		}
		l := b.r.lister(Request{N: b.n, Policy: b.policy}, mask, SourceBestSellers)
		if hits == nil {
			b.take(l, members[i])
		} else {
			for _, h := range hits[i] {
				l.take(SourceLive, 0, candidate{product: h.Item, score: h.Score})
			}
		}
		l.takeBestSellers("")
		items := l.finish().Items
		lists[i] = store.List{UserID: members[i].UserID, Items: make([]store.Scored, len(items))}
		for k, item := range items {
			lists[i].Items[k] = store.Scored{ProductID: item.ProductID, Score: item.Score}
		}
	})
	return lists
}

// excluded are the products that a member must not be shown, ascending.
func (b *batch) excluded(m Member) []int32 {
	excluded := slices.Clone(b.policy.own(m.UserID))
	for _, id := range m.Seen {
		if product, ok := b.r.catalogue.number[id]; ok {
			excluded = append(excluded, product)
		}
	}
	slices.Sort(excluded)
	return slices.Compact(excluded)
}

// take fills the list of a member that the model knows: what a policy that
// reorders takes next depends on what the list holds already.
func (b *batch) take(l *lister, m Member) {
	u, known := b.rows[m.UserID]
	if !known {
		return
	}
	k := b.r.ranker
	f := Factor{Vector: k.model.X.Row(u)}
	if k.model.UserBias != nil {
		f.Bias = k.model.UserBias[u]
	}
	l.takeFrom(SourceLive, k.base(f), k.finder(f))
}

// inParallel calls f with 0 up to n on all processors.
func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// search scores the members that the model knows; the others have no hits.
func (b *batch) search(members []Member, excluded [][]int32) [][]topk.Hit {
	all := make([][]topk.Hit, len(members))
	var known []int
	var queries []float32
	for i, m := range members {
		if u, ok := b.rows[m.UserID]; ok {
			known = append(known, i)
			queries = append(queries, b.r.ranker.model.X.Row(u)...)
		}
	}
	if len(known) == 0 {
		return all
	}
	model := b.r.ranker.model
	found := b.r.ranker.index.SearchBatch(topk.Batch{
		Queries: queries, N: b.n, Mask: b.mask,
		Exclude: func(q int) []int32 { return excluded[known[q]] },
	})
	for q, i := range known {
		all[i] = found[q]
		if model.UserBias != nil {
			base := model.Mean + model.UserBias[b.rows[members[i].UserID]]
			for k := range all[i] {
				all[i][k].Score += base
			}
		}
	}
	return all
}
