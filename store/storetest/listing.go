package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"valse/store"
)

var listingChecks = []check{
	{"every order is walked to the end without gap or repeat", listingOrders},
	{"a page says how many match and whether more follow", listingPages},
	{"every cursor continues right after its own product", listingCursors},
	{"a walk goes on past products deleted meanwhile", listingDeletedCursor},
	{"a category holds its own products and those below it", listingCategories},
	{"filters combine", listingFilters},
	{"search wants every word and takes the last as a prefix", listingSearch},
	{"by match, what has all words in the title comes first", listingByMatch},
	{"search takes any text without failing", listingOddSearch},
	{"a cursor of another query or of nobody is invalid", listingForeignCursors},
	{"a limit out of bounds is invalid", listingLimits},
}

func (u *subject) page(q store.ProductQuery) store.ProductPage {
	u.t.Helper()
	page, err := u.s.Products(u.ctx, q)
	u.ok(fmt.Sprintf("Products(%+v)", q), err)
	if len(page.Cursors) != len(page.Products) {
		u.t.Fatalf("Products(%+v) has %d cursors for %d products", q, len(page.Cursors), len(page.Products))
	}
	return page
}

// walk follows a listing to its end and returns all ids.
func (u *subject) walk(q store.ProductQuery) []string {
	u.t.Helper()
	ids := []string{}
	for {
		page := u.page(q)
		ids = append(ids, pluck(page.Products, productID)...)
		if !page.HasNext {
			return ids
		}
		if len(page.Products) == 0 || len(ids) > 10_000 {
			u.t.Fatalf("Products(%+v) promises more after %d products and gives none", q, len(ids))
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
}

// shop is a small catalogue with ties in every order, unknown prices and
// dates, and names that begin alike.
func shop() []store.Product {
	categories := []string{"Outdoor > Trail running", "Outdoor > Trail", "Outdoor > Trail running > Shoes", "Out", "Music > Jazz", ""}
	products := make([]store.Product, 47)
	for i := range products {
		p := product(fmt.Sprintf("p%02d", (i*29)%47))
		p.Title = fmt.Sprintf("Thing %d", i%11)
		p.Category = categories[i%len(categories)]
		p.Vendor = []string{"Fell", "Fell & Söhne", ""}[i%3]
		p.Price = int64(i % 5 * 100)
		p.PublishedAt = noon.Add(time.Duration(i%6) * time.Hour)
		if i%9 == 0 {
			p.Price, p.Currency = -1, ""
		}
		if i%13 == 0 {
			p.PublishedAt = time.Time{}
		}
		p.Hidden = i%10 == 3
		products[i] = p
	}
	return products
}

// expected is the listing by its definition: filter, then sort.
func expected(products []store.Product, q store.ProductQuery) []string {
	var in []store.Product
	for _, p := range products {
		if p.InCategory(q.Category) && (q.Vendor == "" || p.Vendor == q.Vendor) && (q.IncludeHidden || !p.Hidden) {
			in = append(in, p)
		}
	}
	slices.SortFunc(in, func(a, b store.Product) int {
		first := strings.Compare(a.Title, b.Title)
		switch q.Order {
		case store.ByNewest:
			first = b.PublishedAt.Compare(a.PublishedAt)
		case store.ByPrice:
			// As unsigned numbers, unknown prices are the dearest.
			first = cmp.Compare(uint64(a.Price), uint64(b.Price))
		}
		return cmp.Or(first, strings.Compare(a.ID, b.ID))
	})
	return pluck(in, productID)
}

var orders = []store.ProductOrder{store.ByTitle, store.ByNewest, store.ByPrice, store.ByMatch}

func listingOrders(u *subject) {
	u.putProducts(shop()...)
	for _, order := range orders {
		for _, limit := range []int{0, 1, 2, 7, 43, store.MaxPage} {
			q := store.ProductQuery{Order: order, Limit: limit}
			same(u, fmt.Sprintf("walk of %+v", q), u.walk(q), expected(shop(), q))
		}
	}
}

func listingPages(u *subject) {
	u.putProducts(shop()...)
	total := len(expected(shop(), store.ProductQuery{}))
	page := u.page(store.ProductQuery{})
	if len(page.Products) != 20 || !page.HasNext || page.Total != total {
		u.t.Errorf("Products() = %d of %d, more %v; want 20 of %d, more", len(page.Products), page.Total, page.HasNext, total)
	}
	for _, limit := range []int{total - 1, total, total + 1} {
		page := u.page(store.ProductQuery{Limit: limit})
		if want := limit < total; page.HasNext != want || page.Total != total || len(page.Products) != min(limit, total) {
			u.t.Errorf("Products(limit %d) = %d of %d, more %v; want more %v", limit, len(page.Products), page.Total, page.HasNext, want)
		}
	}
	last := u.page(store.ProductQuery{Limit: 5})
	after := u.page(store.ProductQuery{Limit: 5, After: last.Cursors[4]})
	same(u, "total on a later page", after.Total, total)
	none := u.page(store.ProductQuery{Vendor: "nobody"})
	if len(none.Products) != 0 || none.HasNext || none.Total != 0 {
		u.t.Errorf("Products of nobody = %+v, want an empty page", none)
	}
}

func listingCursors(u *subject) {
	u.putProducts(shop()...)
	for _, order := range orders {
		q := store.ProductQuery{Order: order, Limit: store.MaxPage}
		all := u.page(q)
		for i, cursor := range all.Cursors {
			q.After = cursor
			same(u, fmt.Sprintf("order %d after %d", order, i), pluck(u.page(q).Products, productID), pluck(all.Products[i+1:], productID))
		}
	}
}

func listingDeletedCursor(u *subject) {
	u.putProducts(shop()...)
	for _, order := range orders {
		q := store.ProductQuery{Order: order, Limit: 5}
		page := u.page(q)
		ids := u.walk(q)
		u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, ids[4]))
		q.After = page.Cursors[4]
		same(u, "walk after a deleted product", u.walk(q), ids[5:])
	}
}

func listingCategories(u *subject) {
	u.putProducts(shop()...)
	for _, category := range []string{"Outdoor", "Outdoor > Trail", "Outdoor > Trail running", "Outdoor > Trail running > Shoes", "Out", "Music", "Jazz", "outdoor", "Outdoor > "} {
		for _, order := range orders {
			q := store.ProductQuery{Category: category, Order: order, Limit: 3}
			want := expected(shop(), q)
			same(u, fmt.Sprintf("walk of %+v", q), u.walk(q), want)
			same(u, "total", u.page(q).Total, len(want))
		}
	}
}

func listingFilters(u *subject) {
	u.putProducts(shop()...)
	for _, vendor := range []string{"Fell", "Fell & Söhne", "Fel"} {
		for _, category := range []string{"", "Outdoor", "Music > Jazz"} {
			for _, hidden := range []bool{false, true} {
				q := store.ProductQuery{Vendor: vendor, Category: category, IncludeHidden: hidden, Order: store.ByPrice, Limit: 4}
				want := expected(shop(), q)
				same(u, fmt.Sprintf("walk of %+v", q), u.walk(q), want)
				same(u, "total", u.page(q).Total, len(want))
			}
		}
	}
	q := store.ProductQuery{Vendor: "Fell", Search: "thing 3", Category: "Outdoor", IncludeHidden: true}
	for _, p := range u.page(q).Products {
		if p.Vendor != "Fell" || !p.InCategory("Outdoor") || p.Title != "Thing 3" {
			u.t.Errorf("Products(%+v) has %+v", q, p)
		}
	}
}

func listingSearch(u *subject) {
	u.putProducts(
		store.Product{ID: "shoe", Title: "Red Trail Shoe", Vendor: "Fell", Category: "Outdoor > Running", Description: "Grips on wet rock."},
		store.Product{ID: "boot", Title: "Red boot", Vendor: "Aare", Category: "Outdoor > Hiking", Description: "Keeps feet dry"},
		store.Product{ID: "disc", Title: "Kind of Blue", Vendor: "Columbia", Category: "Music > Jazz", Description: "Modal jazz, 1959"},
		store.Product{ID: "word", Title: "Ähre", Description: "rocking"},
	)
	for _, c := range []struct {
		search string
		want   []string
	}{
		{"red", []string{"boot", "shoe"}},
		{"RED TRAIL", []string{"shoe"}},
		{"trail red", []string{"shoe"}},
		{"red tra", []string{"shoe"}},     // the last word as a prefix
		{"tra red", nil},                  // only the last
		{"red fell", []string{"shoe"}},    // title and vendor
		{"outdoor dry", []string{"boot"}}, // category and description
		{"rock", []string{"shoe", "word"}},
		{"rock grips", []string{"shoe"}},
		{"1959", []string{"disc"}},
		{"modal-jazz", []string{"disc"}}, // punctuation parts words
		{"ähre", []string{"word"}},
		{"red jazz", nil},
		{"ail", nil}, // inside a word
		{"  ", []string{"boot", "disc", "shoe", "word"}},
	} {
		page := u.page(store.ProductQuery{Search: c.search})
		same(u, fmt.Sprintf("search %q", c.search), sortedBy(pluck(page.Products, productID), strings.Clone), c.want)
		same(u, fmt.Sprintf("total of search %q", c.search), page.Total, len(c.want))
	}
	u.putProducts(shop()...)
	for _, order := range orders {
		q := store.ProductQuery{Search: "thing", Order: order, Limit: 4}
		same(u, "walk of a search", u.walk(q), expected(shop(), q))
	}
}

func listingByMatch(u *subject) {
	u.putProducts(
		store.Product{ID: "gift", Title: "Gift card", Vendor: "Blue Kettle"},
		store.Product{ID: "apron", Title: "Apron", Vendor: "Aare", Description: "With a blue kettle on it."},
		store.Product{ID: "bib", Title: "Blue bib", Vendor: "Aare", Description: "Goes with the kettle."},
		store.Product{ID: "two", Title: "Kettle (blue)", Vendor: "Fell"},
		store.Product{ID: "one", Title: "Blue kettle", Vendor: "Aare"},
		store.Product{ID: "gone", Title: "A blue kettle", Vendor: "Aare", Hidden: true},
		store.Product{ID: "red", Title: "Red kettle", Vendor: "Aare"},
	)
	for _, c := range []struct {
		q    store.ProductQuery
		want []string
	}{
		{store.ProductQuery{Search: "blue kettle"}, []string{"one", "two", "apron", "bib", "gift"}},
		{store.ProductQuery{Search: "kettle blue"}, []string{"one", "two", "apron", "bib", "gift"}},
		{store.ProductQuery{Search: "blue kett"}, []string{"one", "two", "apron", "bib", "gift"}},
		{store.ProductQuery{Search: "blue ke"}, []string{"one", "two", "apron", "bib", "gift"}},
		{store.ProductQuery{Search: "BLUE"}, []string{"bib", "one", "two", "apron", "gift"}},
		{store.ProductQuery{Search: "blue", Vendor: "Aare"}, []string{"bib", "one", "apron"}},
		{store.ProductQuery{Search: "blue kettle", IncludeHidden: true}, []string{"gone", "one", "two", "apron", "bib", "gift"}},
		{store.ProductQuery{Search: "aare"}, []string{"apron", "bib", "one", "red"}},
		{store.ProductQuery{Search: "red"}, []string{"red"}},
		{store.ProductQuery{Search: "green"}, []string{}},
		{store.ProductQuery{}, []string{"apron", "bib", "one", "gift", "two", "red"}},
	} {
		for c.q.Order, c.q.Limit = store.ByMatch, 1; c.q.Limit <= 7; c.q.Limit++ {
			same(u, fmt.Sprintf("walk of %+v", c.q), u.walk(c.q), c.want)
		}
		all := u.page(c.q)
		same(u, "total", all.Total, len(c.want))
		for n, cursor := range all.Cursors {
			c.q.After = cursor
			page := u.page(c.q)
			same(u, fmt.Sprintf("%+v", c.q), pluck(page.Products, productID), c.want[n+1:])
			same(u, "total on a later page", page.Total, len(c.want))
		}
	}
	u.putProducts(
		store.Product{ID: "apron", Title: "Apron, kettle, blue", Vendor: "Aare"},
		store.Product{ID: "one", Title: "Teapot", Vendor: "Aare", Description: "Not a blue kettle."},
	)
	u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, "two"))
	q := store.ProductQuery{Search: "blue kettle", Order: store.ByMatch, Limit: 2}
	same(u, "walk after titles changed", u.walk(q), []string{"apron", "bib", "gift", "one"})

	many := shop()
	var titled, others []store.Product
	for n := range many {
		if n%3 == 0 {
			many[n].Title = fmt.Sprintf("Down the fell %d", n%5)
			titled = append(titled, many[n])
		} else if strings.HasPrefix(many[n].Vendor, "Fell") {
			others = append(others, many[n])
		}
	}
	u.putProducts(many...)
	for _, search := range []string{"fel", "fell"} {
		for _, hidden := range []bool{false, true} {
			q := store.ProductQuery{Search: search, Order: store.ByMatch, Limit: 2, IncludeHidden: hidden}
			same(u, fmt.Sprintf("walk of %+v", q), u.walk(q), append(expected(titled, q), expected(others, q)...))
		}
	}
}

func listingOddSearch(u *subject) {
	u.putProducts(shop()...)
	for _, search := range []string{`"`, `thing"`, "*", "thing*", "AND", "thing OR", "NOT thing", "NEAR(", "title:thing", "-thing", "^thing", "{a}", "a:b", "'; --", "%_", "\\", "🦊", strings.Repeat("word ", 200)} {
		u.page(store.ProductQuery{Search: search})
		u.page(store.ProductQuery{Search: search, Order: store.ByMatch})
	}
	// An operator's name is a word like any other.
	same(u, "search for NOT thing", u.page(store.ProductQuery{Search: "NOT thing"}).Total, 0)
}

func listingForeignCursors(u *subject) {
	u.putProducts(shop()...)
	cursor := u.page(store.ProductQuery{Category: "Outdoor"}).Cursors[0]
	for _, q := range []store.ProductQuery{
		{After: cursor}, {After: cursor, Category: "Music"}, {After: cursor, Category: "Outdoor", Order: store.ByPrice},
		{After: cursor, Category: "Outdoor", Vendor: "Fell"}, {After: cursor, Category: "Outdoor", Search: "thing"},
		{After: cursor, Category: "Outdoor", IncludeHidden: true},
		{After: "nonsense"}, {After: "\x00"}, {After: cursor[1:], Category: "Outdoor"}, {After: cursor + "A", Category: "Outdoor"},
	} {
		_, err := u.s.Products(u.ctx, q)
		u.fails(fmt.Sprintf("Products(%+v)", q), err, store.ErrInvalid)
	}
	u.page(store.ProductQuery{Category: "Outdoor", After: cursor, Limit: 3}) // the length of a page may change
}

func listingLimits(u *subject) {
	for _, limit := range []int{-1, store.MaxPage + 1} {
		_, err := u.s.Products(u.ctx, store.ProductQuery{Limit: limit})
		u.fails(fmt.Sprintf("Products(limit %d)", limit), err, store.ErrInvalid)
		_, err = u.s.Users(u.ctx, store.UserQuery{Limit: limit})
		u.fails(fmt.Sprintf("Users(limit %d)", limit), err, store.ErrInvalid)
	}
}
