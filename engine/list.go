package engine

import (
	"slices"

	"valse/engine/topk"
)

// Source says how a list, or one of its items, came about.
type Source string

// The sources.
const (
	SourceLive                Source = "LIVE"                  // the user's factor, solved from the whole history just now
	SourceStored              Source = "STORED"                // a list made when the model was published
	SourceSimilar             Source = "SIMILAR"               // neighbours of a product by the model's factors
	SourceTogether            Source = "TOGETHER"              // co-occurrence in baskets
	SourceCategoryBestSellers Source = "CATEGORY_BEST_SELLERS" // what sells in a category
	SourceBestSellers         Source = "BEST_SELLERS"          // what sells
	SourceExploration         Source = "EXPLORATION"           // a draw from what the user's history leaves open
	SourceRule                Source = "RULE"                  // by date, trend, vendor, a pin or the user's own history
	SourceNewcomer            Source = "NEWCOMER"              // the user's factor and that of a product made since training
)

// Item is one entry of a list.
type Item struct {
	ProductID string
	// Score is what its source gives it, comparable among entries of one
	// source. Without rules it is what the entries are ordered by.
	Score  float32
	Source Source
	// Rules are the ids of the rules that put it there or moved it; nil for
	// none.
	Rules []string
	// Arm is which of two interleaved lists put it there, from 0.
	Arm int
}

// List is a list of products, best first.
type List struct {
	Items []Item
	// Source is that of the first item which no rule pinned; what follows may
	// come from sources further down the chain.
	Source Source
	// ModelID is the model that served, empty when none did.
	ModelID string
	// RuleVersion is that of the rule book in force; 0 when there was none.
	RuleVersion int64
	// Interleaved tells that it was drafted from two lists; see [Interleave].
	Interleaved bool
}

// MaxList bounds the length of a list.
const MaxList = 1000

// DefaultListLength is the length of a list when none is asked for.
const DefaultListLength = 20

// finder finds the n best eligible products of one source, best first. Fewer
// come back only when no more are eligible.
type finder func(n int, mask topk.Mask) []topk.Hit

// lister collects a list from one source after another. What was taken enters
// the mask, so that no product comes twice; so does what the policy's limits
// then forbid.
type lister struct {
	r      *Recommender
	policy *Policy
	window Window
	mask   topk.Mask
	n      int // wanted, but for what is kept free below
	list   List
	taken  []int32 // products of the list, pinned ones too
	counts counts
	pinned []pinned // in order of their place
	explorer
}

// lister starts a list, which has the given source as long as it is empty.
// Pinned products have their places kept from the start.
func (r *Recommender) lister(q Request, mask topk.Mask, source Source) *lister {
	n := q.N
	if n <= 0 {
		n = DefaultListLength
	}
	n = min(n, MaxList)
	room := min(n, len(r.catalogue.products))
	l := &lister{
		r: r, policy: q.Policy, window: q.Window, mask: mask, n: n, taken: make([]int32, 0, room),
		list: List{Items: make([]Item, 0, room), Source: source, ModelID: r.ranker.ModelID(), RuleVersion: q.Policy.Version()},
	}
	l.pin()
	return l
}

// missing is how many items are still wanted.
func (l *lister) missing() int { return l.n - len(l.list.Items) }

// takeFrom fills the list from one source. Base is added to the scores that
// are shown.
func (l *lister) takeFrom(source Source, base float32, find finder) {
	if l.policy.diverse() {
		l.takeDiverse(source, base, find)
		return
	}
	for l.missing() > 0 {
		// Only limits let a round end with places free although there was more.
		wanted := l.missing()
		found := l.best(find, wanted)
		for _, c := range found {
			l.take(source, base, c)
		}
		if len(found) < wanted {
			return
		}
	}
}

// take adds a product unless it is masked or the list is full.
func (l *lister) take(source Source, base float32, c candidate, because ...string) {
	if l.missing() <= 0 || l.mask.Has(c.product) {
		return
	}
	if len(l.list.Items) == 0 {
		l.list.Source = source
	}
	if source == SourceLive && int(c.product) >= l.r.ranker.trained {
		source = SourceNewcomer
	}
	l.list.Items = append(l.list.Items, Item{
		ProductID: l.r.catalogue.products[c.product].ID, Score: base + c.score, Source: source,
		Rules: append(l.policy.lifting(c.product), because...),
	})
	l.enter(c.product)
}

// enter marks a product as taken and masks what may not follow it.
func (l *lister) enter(product int32) {
	l.mask.Set(product)
	l.taken = append(l.taken, product)
	l.limit(product)
}

// finish puts the pinned products into their places.
func (l *lister) finish() List {
	for _, p := range l.pinned {
		l.list.Items = slices.Insert(l.list.Items, min(p.place, len(l.list.Items)), p.item)
	}
	return l.list
}

// finishIfAny is finish for a list that may be empty, and is when only pinned
// products would be in it: what is pinned everywhere is not bought again.
func (l *lister) finishIfAny() List {
	if len(l.list.Items) == 0 && l.n > 0 {
		return l.list
	}
	return l.finish()
}

// byID finds those of n scored products that are known, in their order.
func (r *Recommender) byID(n int, scored func(i int) (id string, score float32)) finder {
	order, scores := make([]int32, 0, n), make([]float32, 0, n)
	for i := range n {
		id, score := scored(i)
		if product, known := r.catalogue.number[id]; known {
			order, scores = append(order, product), append(scores, score)
		}
	}
	return inOrder(order, func(i int, _ int32) float32 { return scores[i] })
}

// inOrder finds products in the order given.
func inOrder(order []int32, score func(i int, product int32) float32) finder {
	return func(n int, mask topk.Mask) []topk.Hit {
		hits := make([]topk.Hit, 0, min(n, len(order)))
		for i, product := range order {
			if len(hits) == n {
				break
			}
			if !mask.Has(product) {
				hits = append(hits, topk.Hit{Item: product, Score: score(i, product)})
			}
		}
		return hits
	}
}
