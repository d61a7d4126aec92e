package rule

import "slices"

// Shelf says what a list is: the kind of row it fills.
type Shelf string

// The kinds of shelf.
const (
	ForYou              Shelf = "FOR_YOU"     // a user's own list
	BecauseYou          Shelf = "BECAUSE_YOU" // like a product the user viewed, bought or rated
	Similar             Shelf = "SIMILAR"
	Together            Shelf = "TOGETHER"
	SameVendor          Shelf = "SAME_VENDOR"
	CategoryBestSellers Shelf = "CATEGORY_BEST_SELLERS"
	BestSellers         Shelf = "BEST_SELLERS"
	Trending            Shelf = "TRENDING"
	New                 Shelf = "NEW"
	BuyAgain            Shelf = "BUY_AGAIN"
	RecentlyViewed      Shelf = "RECENTLY_VIEWED"
)

// Shelves are all kinds of shelf.
var Shelves = []Shelf{
	ForYou, BecauseYou, Similar, Together, SameVendor, CategoryBestSellers, BestSellers,
	Trending, New, BuyAgain, RecentlyViewed,
}

// Known reports whether s is a kind of shelf.
func (s Shelf) Known() bool { return slices.Contains(Shelves, s) }

// Explores reports whether lists of the shelf are ordered by the user's own
// factor, whose uncertainty exploration draws from.
func (s Shelf) Explores() bool { return s == ForYou || s == New }
