package live

import (
	"context"
	"fmt"

	"valse/engine"
	"valse/store"
)

// ShelfKind says what a shelf is.
type ShelfKind string

// The kinds of shelf.
const (
	ShelfForYou              ShelfKind = "FOR_YOU"
	ShelfBecauseYou          ShelfKind = "BECAUSE_YOU" // like a product the user viewed, bought or rated
	ShelfSimilar             ShelfKind = "SIMILAR"
	ShelfTogether            ShelfKind = "TOGETHER"
	ShelfSameVendor          ShelfKind = "SAME_VENDOR"
	ShelfCategoryBestSellers ShelfKind = "CATEGORY_BEST_SELLERS"
	ShelfBestSellers         ShelfKind = "BEST_SELLERS"
	ShelfTrending            ShelfKind = "TRENDING"
	ShelfNew                 ShelfKind = "NEW"
	ShelfBuyAgain            ShelfKind = "BUY_AGAIN"
	ShelfRecentlyViewed      ShelfKind = "RECENTLY_VIEWED"
)

// Page is a page that shelves are composed for.
type Page string

// The pages.
const (
	HomePage     Page = "HOME"
	ProductPage  Page = "PRODUCT"
	CategoryPage Page = "CATEGORY"
	CartPage     Page = "CART"
)

// Shelf is one titled row of recommendations, never empty.
type Shelf struct {
	Kind    ShelfKind
	Title   string
	Subject string // id of the product that the row is about; empty for none
	List    List
}

// ShelfRequest asks for the shelves of a page.
type ShelfRequest struct {
	Page      Page
	UserID    string // empty for nobody
	ProductID string // the subject of a product page, or of a cart
	Category  string // of a category page
	N         int    // longest row; default 16
}

// plans are the rows of each page from top to bottom. A row that has nothing to
// show is left out, so that a page works without a model, a history or both.
var plans = map[Page][]func(*composer){
	HomePage: {
		(*composer).forYou, (*composer).becauseYou, (*composer).buyAgain, (*composer).trending,
		(*composer).topCategory, (*composer).newest, (*composer).recentlyViewed, (*composer).bestSellers,
	},
	ProductPage: {
		(*composer).similar, (*composer).together, (*composer).sameVendor, (*composer).forYou,
		(*composer).recentlyViewed,
	},
	CategoryPage: {
		(*composer).forYou, (*composer).categoryBestSellers, (*composer).trending, (*composer).newest,
	},
	CartPage: {
		(*composer).togetherWithCart, (*composer).buyAgain, (*composer).forYou,
	},
}

// Shelves composes the rows of a page: no product twice, no row empty. Errors
// are store.ErrInvalid for an unknown page and store.ErrNotFound for an unknown
// product of a product page.
func (s *Service) Shelves(ctx context.Context, q ShelfRequest) ([]Shelf, error) {
	plan, ok := plans[q.Page]
	if !ok {
		return nil, &store.Invalid{Field: "page", Value: string(q.Page), Want: "HOME, PRODUCT, CATEGORY or CART"}
	}
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	if _, known := st.recommender.Catalogue().Product(q.ProductID); q.Page == ProductPage && !known {
		return nil, fmt.Errorf("shelves of product %q: %w", q.ProductID, store.ErrNotFound)
	}
	history, err := s.history(ctx, q.UserID)
	if err != nil {
		return nil, err
	}
	c := &composer{r: st.recommender, q: q, history: history}
	c.recommend = func(q engine.Request) (engine.List, error) { return s.recommend(ctx, st, c.q.UserID, q) }
	if q.ProductID != "" {
		c.shown = append(c.shown, q.ProductID)
	}
	for _, row := range plan {
		row(c)
	}
	if c.err != nil {
		return nil, c.err
	}
	shelves := make([]Shelf, len(c.rows))
	for i, row := range c.rows {
		shelves[i] = Shelf{Kind: row.kind, Title: row.title, Subject: row.subject, List: s.issue(st, row.kind, row.list)}
	}
	return shelves, nil
}
