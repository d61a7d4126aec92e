package engine

import (
	"cmp"
	"slices"
	"strings"

	"valse/engine/topk"
	"valse/store"
)

// Catalogue is a view of all products, numbered and ready for filtering. The
// products of a model come first, in the model's order, whether they still
// exist or not; those that training never saw follow. It is immutable.
type Catalogue struct {
	products   []store.Product // without descriptions and attributes
	number     map[string]int32
	banned     topk.Mask // hidden, out of stock or gone
	byCategory map[string][]int32
	byVendor   map[string][]int32
	byOwner    map[string][]int32 // by OwnerAttribute
	newest     []int32            // with a date, newest first
	stale      topk.Mask          // all but the new products
}

// OwnerAttribute names the attribute that holds the id of the user who sells a
// product, for shops whose users sell to each other.
const OwnerAttribute = "owner"

// Slim returns the product without what a catalogue does not read.
func Slim(p store.Product) store.Product {
	p.Description = ""
	if owner := p.Attributes[OwnerAttribute]; owner != "" {
		p.Attributes = map[string]string{OwnerAttribute: owner}
	} else {
		p.Attributes = nil
	}
	return p
}

// NewCatalogue numbers products after modelIDs, the ids of a model's products
// in its order; nil without a model. Products with the same id are a
// programmer's mistake: the last one counts.
func NewCatalogue(products []store.Product, modelIDs []string) *Catalogue {
	c := &Catalogue{
		number:     make(map[string]int32, max(len(products), len(modelIDs))),
		byCategory: map[string][]int32{}, byVendor: map[string][]int32{}, byOwner: map[string][]int32{},
	}
	for _, id := range modelIDs {
		c.add(store.Product{ID: id, Hidden: true, Price: -1}) // until found below
	}
	for _, p := range products {
		owner := p.Attributes[OwnerAttribute]
		p.Description, p.Attributes = "", nil
		if n, known := c.number[p.ID]; known {
			c.products[n] = p
		} else {
			c.add(p)
		}
		if owner != "" {
			c.byOwner[owner] = append(c.byOwner[owner], c.number[p.ID])
		}
	}
	c.banned = topk.NewMask(len(c.products))
	for n := range c.products {
		c.file(int32(n))
	}
	slices.SortStableFunc(c.newest, func(a, b int32) int {
		return c.products[b].PublishedAt.Compare(c.products[a].PublishedAt)
	})
	c.stale = c.allBut(map[string][]int32{"": c.fresh()}, []string{""})
	return c
}

// CatalogueOf is the catalogue of products of which nothing but the id is
// known: all may be recommended.
func CatalogueOf(ids []string) *Catalogue {
	products := make([]store.Product, len(ids))
	for i, id := range ids {
		products[i] = store.Product{ID: id, Price: -1}
	}
	return NewCatalogue(products, ids)
}

func (c *Catalogue) add(p store.Product) {
	c.number[p.ID] = int32(len(c.products))
	c.products = append(c.products, p)
}

// file enters a product into the mask or into the lists of its category and
// vendor.
func (c *Catalogue) file(n int32) {
	p := &c.products[n]
	if p.Hidden || p.OutOfStock {
		c.banned.Set(n)
		return
	}
	for path := p.Category; path != ""; path = parent(path) {
		c.byCategory[path] = append(c.byCategory[path], n)
	}
	if p.Vendor != "" {
		c.byVendor[p.Vendor] = append(c.byVendor[p.Vendor], n)
	}
	if !p.PublishedAt.IsZero() {
		c.newest = append(c.newest, n)
	}
}

// parent is the category path without its last part; empty for a department.
func parent(path string) string {
	return path[:max(0, strings.LastIndex(path, store.CategorySeparator))]
}

// Len is the number of products, those of the model that are gone included.
func (c *Catalogue) Len() int { return len(c.products) }

// Product returns what is known of a visible product, but for its description
// and attributes.
func (c *Catalogue) Product(id string) (store.Product, bool) {
	n, ok := c.number[id]
	if !ok || c.products[n].Hidden {
		return store.Product{}, false
	}
	return c.products[n], true
}

// Filter keeps some products only. Conditions of different fields must all
// hold; the zero value keeps everything.
type Filter struct {
	Categories []string // a department or a full path each; any of them
	Vendors    []string // any of them
	// MinPrice and MaxPrice are in minor units, inclusive; 0 is no bound. A
	// product of unknown price passes neither.
	MinPrice, MaxPrice int64
	Exclude            []string // ids of products to leave out
}

// mask returns the products that must not be in a list. The caller owns it.
func (c *Catalogue) mask(f Filter) topk.Mask {
	mask := topk.NewMask(len(c.products))
	mask.Or(c.banned)
	if len(f.Categories) > 0 {
		mask.Or(c.allBut(c.byCategory, f.Categories))
	}
	if len(f.Vendors) > 0 {
		mask.Or(c.allBut(c.byVendor, f.Vendors))
	}
	if f.MinPrice > 0 || f.MaxPrice > 0 {
		c.maskPrices(mask, f.MinPrice, cmp.Or(f.MaxPrice, int64(1)<<62))
	}
	for _, id := range f.Exclude {
		if n, ok := c.number[id]; ok {
			mask.Set(n)
		}
	}
	return mask
}

// allBut returns a mask of everything but the products listed under the names.
func (c *Catalogue) allBut(lists map[string][]int32, names []string) topk.Mask {
	mask := topk.NewMask(len(c.products))
	for w := range mask {
		mask[w] = ^uint64(0)
	}
	for _, name := range names {
		for _, n := range lists[name] {
			mask.Clear(n)
		}
	}
	return mask
}

func (c *Catalogue) maskPrices(mask topk.Mask, low, high int64) {
	for n := range c.products {
		if price := c.products[n].Price; price < 0 || price < low || price > high {
			mask.Set(int32(n))
		}
	}
}
