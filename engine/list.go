package engine

import (
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
	SourceRule                Source = "RULE"                  // by date, trend, vendor or the user's own history
)

// Item is one entry of a list.
type Item struct {
	ProductID string
	// Score is what the entry was ordered by; comparable among entries of one
	// source.
	Score  float32
	Source Source
}

// List is a list of products, best first.
type List struct {
	Items []Item
	// Source is that of the first item; what follows may come from sources
	// further down the chain.
	Source Source
	// ModelID is the model that served, empty when none did.
	ModelID string
}

// MaxList bounds the length of a list.
const MaxList = 1000

// DefaultListLength is the length of a list when none is asked for.
const DefaultListLength = 20

// lister collects a list from one source after another. What was taken enters
// the mask, so that no product comes twice.
type lister struct {
	r    *Recommender
	mask topk.Mask
	n    int
	list List
}

// lister starts a list, which has the given source as long as it is empty.
func (r *Recommender) lister(q Request, mask topk.Mask, source Source) *lister {
	n := q.N
	if n <= 0 {
		n = DefaultListLength
	}
	return &lister{r: r, mask: mask, n: min(n, MaxList), list: List{Items: []Item{}, Source: source, ModelID: r.ranker.ModelID()}}
}

// missing is how many items are still wanted.
func (l *lister) missing() int { return l.n - len(l.list.Items) }

// take adds a product unless it is masked or the list is full.
func (l *lister) take(source Source, product int32, score float32) {
	if l.missing() == 0 || l.mask.Has(product) {
		return
	}
	if len(l.list.Items) == 0 {
		l.list.Source = source
	}
	l.mask.Set(product)
	l.list.Items = append(l.list.Items, Item{l.r.catalogue.products[product].ID, score, source})
}

// takeHits adds the answer of a search.
func (l *lister) takeHits(source Source, hits []topk.Hit) {
	for _, h := range hits {
		l.take(source, h.Item, h.Score)
	}
}

// takeByID adds a product by its id if it is known.
func (l *lister) takeByID(source Source, id string, score float32) {
	if product, ok := l.r.catalogue.number[id]; ok {
		l.take(source, product, score)
	}
}

// takeBestSellers adds best-sellers, of one category unless it is empty.
func (l *lister) takeBestSellers(category string) {
	source, order := SourceBestSellers, l.r.bestSellers
	if category != "" {
		source = SourceCategoryBestSellers
	}
	for _, product := range order {
		if l.missing() == 0 {
			return
		}
		if l.r.catalogue.products[product].InCategory(category) {
			l.take(source, product, l.r.popularity[product])
		}
	}
}
