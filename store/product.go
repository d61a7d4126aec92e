package store

import (
	"context"
	"strings"
	"time"
)

// Product is one thing that can be recommended.
type Product struct {
	ID          string // up to 256 bytes, kept byte for byte
	Title       string
	Description string
	// Category is a path from department to leaf, parts joined by " > ", like
	// "Outdoor > Trail running". Empty is allowed.
	Category string
	// Vendor is who makes or sells it. Empty is allowed.
	Vendor string
	// Price is in minor units (cents) of Currency; negative means unknown.
	Price int64
	// Currency is an ISO 4217 code; empty when Price is unknown.
	Currency string
	ImageURL string
	// PublishedAt is when it became available; zero means unknown.
	PublishedAt time.Time
	// OutOfStock products stay visible but are never recommended.
	OutOfStock bool
	// Hidden products are neither listed, found nor recommended.
	Hidden bool
	// Attributes are further columns of the source, by column name.
	Attributes map[string]string
	UpdatedAt  time.Time // set by the store
}

// CategorySeparator joins the parts of a category path.
const CategorySeparator = " > "

// Department is the first part of the category path.
func (p *Product) Department() string {
	head, _, _ := strings.Cut(p.Category, CategorySeparator)
	return head
}

// InCategory reports whether the product lies in the category or below it.
// Every product lies in the empty category.
func (p *Product) InCategory(category string) bool {
	return category == "" || p.Category == category ||
		strings.HasPrefix(p.Category, category+CategorySeparator)
}

// ProductOrder is the order of a product listing.
type ProductOrder uint8

// Orders of a product listing. Ties go by id; text is compared byte by byte.
const (
	ByTitle  ProductOrder = iota // title, ascending
	ByNewest                     // published date, newest first, unknown last
	ByPrice                      // price, ascending, unknown last
	ByMatch                      // first what has all words of the search in the title, then the rest; each by title
)

// ProductQuery selects a page of products. The zero value lists every visible
// product by title.
type ProductQuery struct {
	Category      string // a department or a full path; empty means all
	Vendor        string // empty means all
	Search        string // words (letters and digits, any case) that must all occur (the last as a prefix) in title, vendor, category or description
	IncludeHidden bool   // for admins
	Order         ProductOrder
	After         string // cursor of the last product seen; empty starts at the front
	Limit         int    // 1 to MaxPage; 0 means 20
}

// MaxPage bounds the length of one page of any listing.
const MaxPage = 500

// ProductPage is one page of a listing.
type ProductPage struct {
	Products []Product
	Cursors  []string // parallel to Products; opaque to callers
	HasNext  bool
	Total    int // matches in all, without regard to After and Limit
}

// Facet is a distinct category or vendor and how many visible products it has.
type Facet struct {
	Name     string
	Products int
}

// Catalog is the store's role as keeper of products.
type Catalog interface {
	// PutProducts inserts or replaces products by id. It is atomic per
	// product and returns how many were new and how many changed; a product
	// equal to what is stored counts as neither.
	PutProducts(ctx context.Context, products []Product) (created, updated int, err error)
	// DeleteProduct removes a product; its interactions stay. ErrNotFound.
	DeleteProduct(ctx context.Context, id string) error
	// HideProduct hides or shows a product. ErrNotFound.
	HideProduct(ctx context.Context, id string, hidden bool) error
	// Product returns one product, hidden or not. ErrNotFound.
	Product(ctx context.Context, id string) (Product, error)
	// ProductsByID returns the products with these ids in the order asked,
	// nil where there is none, in one round trip.
	ProductsByID(ctx context.Context, ids []string) ([]*Product, error)
	// Products returns one page of a listing. A cursor that was not handed
	// out for the same query and a Limit out of bounds are ErrInvalid.
	Products(ctx context.Context, q ProductQuery) (ProductPage, error)
	// Categories returns every category path of visible products, by name.
	Categories(ctx context.Context) ([]Facet, error)
	// Vendors returns every vendor of visible products, by name.
	Vendors(ctx context.Context) ([]Facet, error)
	// EachProduct calls f with every product, hidden ones too, in batches: a
	// bulk read for building snapshots, not for a request path.
	EachProduct(ctx context.Context, f func([]Product) error) error
	// CatalogVersion grows whenever a product is put, hidden or deleted.
	CatalogVersion(ctx context.Context) (int64, error)
}
