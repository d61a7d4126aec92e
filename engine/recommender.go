package engine

import (
	"cmp"
	"slices"
	"sync"

	"valse/engine/topk"
	"valse/store"
)

// Recommender joins a model (or none), a catalogue, popularity and what is
// bought together, and answers from memory. It is immutable and safe for
// concurrent use; when a part changes, a new one replaces it whole.
//
// All lists keep one invariant: they never hold a product that is hidden, out
// of stock, seen or filtered out, none twice, and they are as long as asked
// while eligible products remain (Similar and the lists by rule end where
// their rule does).
type Recommender struct {
	ranker    *Ranker
	catalogue *Catalogue
	pairs     *Pairs

	sales       [windows]func() *sales // by window, worked out when first needed
	bestSellers []int32                // all visible products by what they sell lately, then newest
	trending    []int32                // those on the rise, steepest first
	trend       []float32              // parallel to trending
}

// NewRecommender joins its parts. The catalogue must have been made for the
// ranker's products; ranker, popularity and pairs may be nil.
func NewRecommender(k *Ranker, c *Catalogue, p *Popularity, pairs *Pairs) *Recommender {
	r := &Recommender{ranker: k, catalogue: c, pairs: pairs}
	for w := range r.sales {
		r.sales[w] = sync.OnceValue(func() *sales { return newSales(c, p, Window(w)) })
	}
	r.bestSellers = r.sales[Lately]().order
	trends := make([]float64, c.Len())
	for n := range c.products {
		if c.banned.Has(int32(n)) {
			continue
		}
		if trends[n] = p.Trend(c.products[n].ID); trends[n] > 1 {
			r.trending = append(r.trending, int32(n))
		}
	}
	slices.SortFunc(r.trending, func(a, b int32) int {
		return cmp.Or(cmp.Compare(trends[b], trends[a]), cmp.Compare(a, b))
	})
	for _, n := range r.trending {
		r.trend = append(r.trend, float32(trends[n]))
	}
	return r
}

// Catalogue returns the catalogue that it answers from.
func (r *Recommender) Catalogue() *Catalogue { return r.catalogue }

// Added is how many products have factors that were made since the training.
func (r *Recommender) Added() int { return r.ranker.added() }

// ModelID returns the id of the model that it answers from, empty for none.
func (r *Recommender) ModelID() string { return r.ranker.ModelID() }

// Request asks for a list. The zero value asks for best-sellers.
type Request struct {
	UserID  string              // who asks; may be empty
	History []store.Interaction // the user's, in any order; nil for nobody
	N       int                 // length of the list, at most MaxList; default DefaultListLength
	Filter  Filter
	// IncludeSeen lets products come again that were bought, rated or
	// disliked. Hidden ones never do.
	IncludeSeen bool
	// Without are ids of events to answer as if they had never happened.
	Without []string
	// Policy is what the shop's rules say about the list; may be nil.
	Policy *Policy
	// Window is how far back sales count in best-sellers.
	Window Window
	// Seed decides what is explored where the policy asks for it: the same
	// seed, the same list.
	Seed uint64
	// StoredList stands in where no factor can be solved; may be nil.
	StoredList *store.List
	// Kept is the user's, to carry work from one request to the next; may be
	// nil.
	Kept *Kept
}

// prepare sorts the request's past and makes the one mask of its answer.
func (r *Recommender) prepare(q Request) (past, topk.Mask) {
	p := r.catalogue.past(q.History, q.Without)
	mask := r.catalogue.mask(q.Filter)
	p.maskSeen(mask, q.IncludeSeen)
	q.Policy.restrict(mask, q.UserID)
	return p, mask
}

// Recommend answers with the user's best products: by their factor solved from
// the whole history, else from the stored list, else best-sellers of the
// category they show most interest in, else best-sellers. What one source
// lacks, the next fills.
func (r *Recommender) Recommend(q Request) List {
	p, mask := r.prepare(q)
	l := r.lister(q, mask, SourceBestSellers)
	if factor, ok := r.ranker.fold(p, q); ok {
		l.keepPlaces(p, q)
		l.takeFrom(SourceLive, r.ranker.base(factor), r.ranker.finder(factor))
		l.explore(nil)
	} else if stored := q.StoredList; stored != nil {
		l.takeFrom(SourceStored, 0, r.byID(len(stored.Items), func(i int) (string, float32) {
			return stored.Items[i].ProductID, stored.Items[i].Score
		}))
	}
	if l.missing() > 0 {
		if category := r.catalogue.topCategory(p); category != "" {
			l.takeBestSellers(category)
		}
	}
	l.takeBestSellers("")
	return l.finish()
}

// BestSellers answers with what sells most within the request's window; of the
// one category that the filter names, if it names one.
func (r *Recommender) BestSellers(q Request) List {
	_, mask := r.prepare(q)
	l := r.lister(q, mask, SourceBestSellers)
	category := ""
	if len(q.Filter.Categories) == 1 {
		category = q.Filter.Categories[0]
	}
	l.takeBestSellers(category)
	return l.finish()
}

// Trending answers with products that rise above their own baseline, the
// steepest first. It may be empty.
func (r *Recommender) Trending(q Request) List {
	_, mask := r.prepare(q)
	l := r.lister(q, mask, SourceRule)
	l.takeFrom(SourceRule, 0, inOrder(r.trending, func(i int, _ int32) float32 { return r.trend[i] }))
	return l.finishIfAny()
}

// Pick answers with those of the given products that may be shown, in their
// order.
func (r *Recommender) Pick(productIDs []string, q Request) List {
	_, mask := r.prepare(q)
	l := r.lister(q, mask, SourceRule)
	l.takeFrom(SourceRule, 0, r.byID(len(productIDs), func(i int) (string, float32) {
		return productIDs[i], float32(len(productIDs) - i)
	}))
	return l.finishIfAny()
}
