package storetest

import (
	"errors"
	"fmt"
	"time"

	"valse/store"
)

var catalogChecks = []check{
	{"a product comes back as it was put", productRoundTrip},
	{"putting counts new and changed products and equal ones as neither", productCounts},
	{"of the same product twice in one call the last one stays", productTwiceInOnePut},
	{"products by id keep the order asked and are nil where there is none", productsByID},
	{"a deleted product is gone and its interactions stay", productDelete},
	{"a hidden product is kept but neither listed, found nor counted", productHide},
	{"categories and vendors count visible products by name", productFacets},
	{"a changed product moves in listings, facets and search", productMoves},
	{"every product passes through the bulk read, an error ends it", eachProduct},
	{"the catalogue version grows with each put, hiding and deletion", catalogVersion},
}

// product is a product with every field set.
func product(id string) store.Product {
	return store.Product{
		ID: id, Title: "Title of " + id, Description: "What " + id + " is good for",
		Category: "Outdoor > Trail running", Vendor: "Fell & Söhne", Price: 12_99, Currency: "EUR",
		ImageURL: "/covers/" + id + ".svg", PublishedAt: noon,
		Attributes: map[string]string{"colour": "red, dark", "größe": "44 \"wide\"\n"},
	}
}

func (u *subject) putProducts(products ...store.Product) (created, updated int) {
	u.t.Helper()
	created, updated, err := u.s.PutProducts(u.ctx, products)
	u.ok("PutProducts", err)
	return created, updated
}

func (u *subject) product(id string) store.Product {
	u.t.Helper()
	p, err := u.s.Product(u.ctx, id)
	u.ok("Product", err)
	return p
}

func (u *subject) catalogVersion() int64 {
	u.t.Helper()
	v, err := u.s.CatalogVersion(u.ctx)
	u.ok("CatalogVersion", err)
	return v
}

func productRoundTrip(u *subject) {
	full, bare, unknown := product("full"), store.Product{ID: "bare"}, product("unknown price")
	full.OutOfStock, full.Hidden = true, true
	unknown.Price, unknown.Currency = -1, ""
	u.putProducts(full, bare, unknown)
	for _, want := range []store.Product{full, bare, unknown} {
		got := u.product(want.ID)
		same(u, "Product", got, want)
		if age := time.Since(got.UpdatedAt); age < -time.Minute || age > time.Minute {
			u.t.Errorf("Product(%q).UpdatedAt = %v, want now", want.ID, got.UpdatedAt)
		}
		if got.PublishedAt.IsZero() != want.PublishedAt.IsZero() {
			u.t.Errorf("Product(%q).PublishedAt = %v, want %v", want.ID, got.PublishedAt, want.PublishedAt)
		}
	}
	_, err := u.s.Product(u.ctx, "nobody")
	u.fails("Product(nobody)", err, store.ErrNotFound)
}

func productCounts(u *subject) {
	wantCounts := func(what string, wantCreated, wantUpdated int, products ...store.Product) {
		u.t.Helper()
		if created, updated := u.putProducts(products...); created != wantCreated || updated != wantUpdated {
			u.t.Fatalf("PutProducts(%s) = %d new, %d changed, want %d and %d", what, created, updated, wantCreated, wantUpdated)
		}
	}
	a, b, c := product("a"), product("b"), product("c")
	wantCounts("nothing", 0, 0)
	wantCounts("a and b", 2, 0, a, b)
	wantCounts("a and b again", 0, 0, a, b)
	b.Attributes = map[string]string{"colour": "blue"}
	wantCounts("a as it was, b changed, c new", 1, 1, a, b, c)
	same(u, "changed product", u.product("b"), b)
	b.Attributes = nil
	wantCounts("b without attributes", 0, 1, b)
	b.Attributes = map[string]string{}
	wantCounts("b with no attributes, said otherwise", 0, 0, b)
	b.UpdatedAt = noon
	wantCounts("b with another UpdatedAt, which is the store's", 0, 0, b)
	changes := map[string]func(p *store.Product){
		"title":        func(p *store.Product) { p.Title += "!" },
		"description":  func(p *store.Product) { p.Description += "!" },
		"category":     func(p *store.Product) { p.Category += " > Spikes" },
		"vendor":       func(p *store.Product) { p.Vendor = "" },
		"price":        func(p *store.Product) { p.Price++ },
		"currency":     func(p *store.Product) { p.Currency = "CHF" },
		"image":        func(p *store.Product) { p.ImageURL = "" },
		"published":    func(p *store.Product) { p.PublishedAt = p.PublishedAt.Add(time.Microsecond) },
		"out of stock": func(p *store.Product) { p.OutOfStock = true },
		"hidden":       func(p *store.Product) { p.Hidden = true },
	}
	for what, change := range changes {
		change(&a)
		wantCounts("a with another "+what, 0, 1, a)
		same(u, "a with another "+what, u.product("a"), a)
	}
}

func productTwiceInOnePut(u *subject) {
	first, last := product("p"), product("p")
	last.Title = "The last word"
	if created, updated := u.putProducts(first, last); created != 1 || updated != 1 {
		u.t.Errorf("PutProducts(p, p changed) = %d new, %d changed, want 1 and 1", created, updated)
	}
	same(u, "Product", u.product("p"), last)
	same(u, "total", u.page(store.ProductQuery{}).Total, 1)
}

func productsByID(u *subject) {
	u.putProducts(product("a"), product("b"), product("c"))
	got, err := u.s.ProductsByID(u.ctx, []string{"c", "nobody", "a", "c"})
	u.ok("ProductsByID", err)
	c, a := product("c"), product("a")
	same(u, "ProductsByID", got, []*store.Product{&c, nil, &a, &c})
	got, err = u.s.ProductsByID(u.ctx, nil)
	u.ok("ProductsByID of none", err)
	same(u, "ProductsByID of none", got, nil)

	many := make([]store.Product, 1_500)
	for i := range many {
		many[i] = product(fmt.Sprintf("many-%04d", i))
	}
	u.putProducts(many...)
	got, err = u.s.ProductsByID(u.ctx, pluck(many, productID))
	u.ok("ProductsByID of many", err)
	for i, p := range got {
		if p == nil || p.ID != many[i].ID {
			u.t.Fatalf("ProductsByID of many: at %d stands %v, want %s", i, p, many[i].ID)
		}
	}
}

func productDelete(u *subject) {
	u.putProducts(product("a"), product("b"))
	u.append(event("e1", "u", "a", store.View, 0))
	u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, "a"))
	_, err := u.s.Product(u.ctx, "a")
	u.fails("Product after deletion", err, store.ErrNotFound)
	u.fails("DeleteProduct again", u.s.DeleteProduct(u.ctx, "a"), store.ErrNotFound)
	same(u, "listing", pluck(u.page(store.ProductQuery{}).Products, productID), []string{"b"})
	same(u, "search", u.page(store.ProductQuery{Search: "title a"}).Total, 0)
	same(u, "history", pluck(u.history("u", store.HistoryQuery{}).Interactions, eventID), []string{"e1"})
	if created, _ := u.putProducts(product("a")); created != 1 {
		u.t.Errorf("PutProducts after deletion = %d new, want 1", created)
	}
}

func productHide(u *subject) {
	u.putProducts(product("a"), product("b"))
	u.fails("HideProduct(nobody)", u.s.HideProduct(u.ctx, "nobody", true), store.ErrNotFound)
	u.ok("HideProduct", u.s.HideProduct(u.ctx, "a", true))
	u.ok("HideProduct again", u.s.HideProduct(u.ctx, "a", true))
	hidden := product("a")
	hidden.Hidden = true
	same(u, "hidden product", u.product("a"), hidden)
	for what, q := range map[string]store.ProductQuery{
		"listing": {}, "category": {Category: "Outdoor"}, "vendor": {Vendor: "Fell & Söhne"}, "search": {Search: "title"},
	} {
		page := u.page(q)
		same(u, what, pluck(page.Products, productID), []string{"b"})
		same(u, what+" total", page.Total, 1)
		q.IncludeHidden = true
		same(u, what+" for admins", pluck(u.page(q).Products, productID), []string{"a", "b"})
	}
	u.ok("HideProduct false", u.s.HideProduct(u.ctx, "a", false))
	same(u, "shown again", u.page(store.ProductQuery{}).Total, 2)
}

func productFacets(u *subject) {
	shelf := func(id, category, vendor string, hidden bool) store.Product {
		p := product(id)
		p.Category, p.Vendor, p.Hidden = category, vendor, hidden
		return p
	}
	u.putProducts(
		shelf("1", "Outdoor > Trail running", "Fell", false), shelf("2", "Outdoor > Trail running", "Aare", false),
		shelf("3", "Outdoor", "Fell", false), shelf("4", "Music > Jazz", "", false),
		shelf("5", "", "Fell", false), shelf("6", "Secret", "Nobody", true), shelf("7", "Music > Jazz", "Fell", true),
	)
	categories, err := u.s.Categories(u.ctx)
	u.ok("Categories", err)
	same(u, "Categories", categories, []store.Facet{{Name: "Music > Jazz", Products: 1}, {Name: "Outdoor", Products: 1}, {Name: "Outdoor > Trail running", Products: 2}})
	vendors, err := u.s.Vendors(u.ctx)
	u.ok("Vendors", err)
	same(u, "Vendors", vendors, []store.Facet{{Name: "Aare", Products: 1}, {Name: "Fell", Products: 3}})
}

func productMoves(u *subject) {
	a, b := product("a"), product("b")
	a.Title, b.Title = "Apple", "Banana"
	u.putProducts(a, b)
	a.Title, a.Category, a.Vendor, a.Price = "Cherry", "Kitchen", "Orchard", 1
	u.putProducts(a)
	same(u, "by title", pluck(u.page(store.ProductQuery{}).Products, productID), []string{"b", "a"})
	same(u, "by price", pluck(u.page(store.ProductQuery{Order: store.ByPrice}).Products, productID), []string{"a", "b"})
	same(u, "old category", u.page(store.ProductQuery{Category: "Outdoor"}).Total, 1)
	same(u, "new category", u.page(store.ProductQuery{Category: "Kitchen"}).Total, 1)
	same(u, "old word", u.page(store.ProductQuery{Search: "apple"}).Total, 0)
	same(u, "new word", u.page(store.ProductQuery{Search: "cherry"}).Total, 1)
	vendors, err := u.s.Vendors(u.ctx)
	u.ok("Vendors", err)
	same(u, "vendors", vendors, []store.Facet{{Name: "Fell & Söhne", Products: 1}, {Name: "Orchard", Products: 1}})
}

func eachProduct(u *subject) {
	want := make([]store.Product, 2_500)
	for i := range want {
		want[i] = product(fmt.Sprintf("p%04d", i))
		want[i].Hidden = i%7 == 0
	}
	u.putProducts(want...)
	var got []store.Product
	u.ok("EachProduct", u.s.EachProduct(u.ctx, func(batch []store.Product) error {
		got = append(got, batch...)
		return nil
	}))
	same(u, "EachProduct", sortedBy(got, productID), want)
	enough := errors.New("enough")
	err := u.s.EachProduct(u.ctx, func([]store.Product) error { return enough })
	u.fails("EachProduct whose f fails", err, enough)
}

func catalogVersion(u *subject) {
	last := u.catalogVersion()
	grew := func(after string) {
		u.t.Helper()
		now := u.catalogVersion()
		if now <= last {
			u.t.Errorf("CatalogVersion after %s = %d, want above %d", after, now, last)
		}
		last = now
	}
	u.putProducts(product("a"))
	grew("a new product")
	changed := product("a")
	changed.Title = "Another"
	u.putProducts(changed)
	grew("a change")
	u.ok("HideProduct", u.s.HideProduct(u.ctx, "a", true))
	grew("hiding")
	u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, "a"))
	grew("deletion")
}
