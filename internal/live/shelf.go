package live

import (
	"context"
	"fmt"
	"time"

	"valse/engine"
	"valse/engine/rule"
	"valse/store"
)

// ShelfKind says what a shelf is.
type ShelfKind = rule.Shelf

// The kinds of shelf.
const (
	ShelfForYou              = rule.ForYou
	ShelfBecauseYou          = rule.BecauseYou
	ShelfSimilar             = rule.Similar
	ShelfTogether            = rule.Together
	ShelfSameVendor          = rule.SameVendor
	ShelfCategoryBestSellers = rule.CategoryBestSellers
	ShelfBestSellers         = rule.BestSellers
	ShelfTrending            = rule.Trending
	ShelfNew                 = rule.New
	ShelfBuyAgain            = rule.BuyAgain
	ShelfRecentlyViewed      = rule.RecentlyViewed
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
	// RuleVersion is as that of a [Request].
	RuleVersion *int64
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
	st, err := s.answering(ctx, q.UserID, Request{RuleVersion: q.RuleVersion})
	if err != nil {
		return nil, err
	}
	history, err := s.asked(ctx, st, q)
	if err != nil {
		return nil, err
	}
	rules, err := st.under(ctx, q.RuleVersion)
	if err != nil {
		return nil, err
	}
	rows, err := s.compose(ctx, st, q, history, rules, s.o.Clock())
	if err != nil {
		return nil, err
	}
	shelves := make([]Shelf, len(rows))
	for i, row := range rows {
		shelves[i] = Shelf{Kind: row.kind, Title: row.title, Subject: row.subject, List: s.issue(st, row.kind, row.list)}
	}
	return shelves, nil
}

// asked checks what is asked for and returns the history of the user.
func (s *Service) asked(ctx context.Context, st *state, q ShelfRequest) ([]store.Interaction, error) {
	if _, ok := plans[q.Page]; !ok {
		return nil, &store.Invalid{Field: "page", Value: string(q.Page), Want: "HOME, PRODUCT, CATEGORY or CART"}
	}
	if _, known := st.recommender.Catalogue().Product(q.ProductID); q.Page == ProductPage && !known {
		return nil, fmt.Errorf("shelves of product %q: %w", q.ProductID, store.ErrNotFound)
	}
	return s.history(ctx, q.UserID)
}

// compose makes the rows of a page under rules as of a time.
func (s *Service) compose(ctx context.Context, st *state, q ShelfRequest, history []store.Interaction, rules *engine.Rules, at time.Time) ([]row, error) {
	c := &composer{r: st.recommender, rules: rules, at: at, q: q, history: history}
	c.recommend = func(q engine.Request) (engine.List, error) { return s.recommend(ctx, st, c.q.UserID, q) }
	if q.ProductID != "" {
		c.shown = append(c.shown, q.ProductID)
	}
	for _, row := range plans[q.Page] {
		row(c)
	}
	return c.rows, c.err
}
