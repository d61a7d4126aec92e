package live

import (
	"cmp"
	"strings"
	"time"

	"valse/engine"
	"valse/store"
)

// defaultRow is the longest row when none is asked for.
const defaultRow = 16

// fewestTrending is the shortest row of what is on the rise.
const fewestTrending = 3

// composer builds the rows of one page from top to bottom. What one row shows,
// the rows below leave out.
type composer struct {
	r         *engine.Recommender
	rules     *engine.Rules
	at        time.Time
	q         ShelfRequest
	history   []store.Interaction // newest first
	recommend func(engine.Request) (engine.List, error)

	rows  []row
	shown []string
	err   error
}

type row struct {
	kind           ShelfKind
	title, subject string
	list           engine.List
}

// request is what a row asks for: the user's history, the rules of its kind and
// nothing that was shown above.
func (c *composer) request(kind ShelfKind) engine.Request {
	q := engine.Request{
		UserID: c.q.UserID, History: c.history, N: cmp.Or(c.q.N, defaultRow),
		Policy: c.rules.Policy(kind, c.at), Seed: seed(c.q.UserID, kind, c.at),
	}
	q.Filter.Exclude = c.shown
	if c.q.Page == CategoryPage && c.q.Category != "" {
		q.Filter.Categories = []string{c.q.Category}
	}
	return q
}

// again is a request that lets products return that the user knows.
func (c *composer) again(kind ShelfKind) engine.Request {
	q := c.request(kind)
	q.IncludeSeen = true
	return q
}

// add keeps a row unless it is empty.
func (c *composer) add(kind ShelfKind, title, subject string, l engine.List) {
	if len(l.Items) == 0 {
		return
	}
	for _, item := range l.Items {
		c.shown = append(c.shown, item.ProductID)
	}
	c.rows = append(c.rows, row{kind, title, subject, l})
}

// title is what a product is called; its id when it has no title.
func (c *composer) title(productID string) string {
	p, _ := c.r.Catalogue().Product(productID)
	return cmp.Or(p.Title, productID)
}

// forYou is left out for someone of whom nothing is known: best-sellers have a
// row of their own.
func (c *composer) forYou() {
	l, err := c.recommend(c.request(ShelfForYou))
	if err != nil {
		c.err = err
		return
	}
	if l.Source != engine.SourceBestSellers {
		c.add(ShelfForYou, "For you", "", l)
	}
}

func (c *composer) becauseYou() {
	for _, s := range subjects(c.history) {
		if _, known := c.r.Catalogue().Product(s.ProductID); known {
			title := "Because you " + verbs[s.Type] + " " + c.title(s.ProductID)
			c.add(ShelfBecauseYou, title, s.ProductID, c.r.Similar(s.ProductID, c.request(ShelfBecauseYou)))
		}
	}
}

func (c *composer) similar() {
	c.add(ShelfSimilar, "Similar to this", c.q.ProductID, c.r.Similar(c.q.ProductID, c.request(ShelfSimilar)))
}

func (c *composer) together() {
	c.add(ShelfTogether, "Goes well with this", c.q.ProductID, c.r.Together(c.q.ProductID, c.request(ShelfTogether)))
}

func (c *composer) togetherWithCart() {
	ids := cart(c.history, c.q.ProductID)
	c.shown = append(c.shown, ids...)
	for _, id := range ids {
		c.add(ShelfTogether, "Goes well with "+c.title(id), id, c.r.Together(id, c.request(ShelfTogether)))
	}
}

func (c *composer) sameVendor() {
	p, _ := c.r.Catalogue().Product(c.q.ProductID)
	if p.Vendor == "" {
		return
	}
	q := c.request(ShelfSameVendor)
	q.Filter.Vendors = []string{p.Vendor}
	l := c.r.BestSellers(q)
	l.Source = engine.SourceRule
	c.add(ShelfSameVendor, "More from "+p.Vendor, c.q.ProductID, l)
}

func (c *composer) categoryBestSellers() {
	c.bestOf(c.q.Category)
}

// topCategory shows what sells in the department that the user's newest
// interaction of interest was in.
func (c *composer) topCategory() {
	for _, s := range subjects(c.history) {
		if p, known := c.r.Catalogue().Product(s.ProductID); known && p.Category != "" {
			c.bestOf(p.Department())
			return
		}
	}
}

func (c *composer) bestOf(category string) {
	if category == "" {
		return
	}
	q := c.request(ShelfCategoryBestSellers)
	q.Filter.Categories = []string{category}
	parts := strings.Split(category, store.CategorySeparator)
	c.add(ShelfCategoryBestSellers, "Best-sellers in "+parts[len(parts)-1], "", c.r.BestSellers(q))
}

func (c *composer) bestSellers() {
	c.add(ShelfBestSellers, "Best-sellers", "", c.r.BestSellers(c.request(ShelfBestSellers)))
}

// trending is left out where a few looks would make it: one visitor is no trend.
func (c *composer) trending() {
	if l := c.r.Trending(c.request(ShelfTrending)); len(l.Items) >= min(fewestTrending, cmp.Or(c.q.N, defaultRow)) {
		c.add(ShelfTrending, "On the rise", "", l)
	}
}

func (c *composer) newest() {
	c.add(ShelfNew, "New for you", "", c.r.Newest(c.request(ShelfNew)))
}

func (c *composer) buyAgain() {
	c.add(ShelfBuyAgain, "Buy again", "", c.r.Pick(boughtOften(c.history), c.again(ShelfBuyAgain)))
}

func (c *composer) recentlyViewed() {
	c.add(ShelfRecentlyViewed, "Recently viewed", "", c.r.Pick(viewed(c.history), c.again(ShelfRecentlyViewed)))
}
