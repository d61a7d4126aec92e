package live

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine/rule"
	"valse/store"
)

// shelves composes a page and checks what holds for every page.
func shelves(s *shop, q ShelfRequest) []Shelf {
	s.Helper()
	rows, err := s.Shelves(s.Context(), q)
	if err != nil {
		s.Fatal(err)
	}
	known, issued := map[string]bool{q.ProductID: true}, map[string]bool{}
	for _, row := range rows {
		if len(row.List.Items) == 0 || row.Title == "" || row.List.Source == "" || issued[row.List.RecommendationID] {
			s.Errorf("%s of %+v: %+v", row.Kind, q, row)
		}
		issued[row.List.RecommendationID] = true
		for _, item := range row.List.Items {
			if known[item.ProductID] {
				s.Errorf("%s of %+v shows %s again", row.Kind, q, item.ProductID)
			}
			known[item.ProductID] = true
		}
	}
	return rows
}

func kinds(rows []Shelf) []ShelfKind {
	var all []ShelfKind
	for _, row := range rows {
		all = append(all, row.Kind)
	}
	return all
}

func find(t testing.TB, rows []Shelf, kind ShelfKind) Shelf {
	t.Helper()
	at := slices.IndexFunc(rows, func(s Shelf) bool { return s.Kind == kind })
	if at < 0 {
		t.Fatalf("no shelf %s among %v", kind, kinds(rows))
	}
	return rows[at]
}

func TestTheFirstDayHasShelvesWithoutModelAndHistory(t *testing.T) {
	s := open(t, 60, Options{})
	for _, c := range []struct {
		q    ShelfRequest
		want []ShelfKind
	}{
		{ShelfRequest{Page: HomePage, UserID: "new"}, []ShelfKind{ShelfNew, ShelfBestSellers}},
		{ShelfRequest{Page: HomePage}, []ShelfKind{ShelfNew, ShelfBestSellers}},
		{ShelfRequest{Page: ProductPage, ProductID: "p7"}, []ShelfKind{ShelfSimilar, ShelfSameVendor}},
		{ShelfRequest{Page: CategoryPage, Category: "Odd"}, []ShelfKind{ShelfCategoryBestSellers, ShelfNew}},
		{ShelfRequest{Page: CartPage, UserID: "new"}, nil},
	} {
		if diff := cmp.Diff(c.want, kinds(shelves(s, c.q))); diff != "" {
			t.Errorf("%+v differs (-want +got):\n%s", c.q, diff)
		}
	}
}

func TestShelvesOfSomeoneKnown(t *testing.T) {
	s := open(t, 400, Options{}, tastes(40, 400)...)
	s.append(s.do("u1", "p9", store.View, 1), s.do("u1", "p11", store.View, 1), s.do("u1", "p21", store.Cart, 1))
	s.publish("m1")
	eventually(t, "model and baskets", func() bool { return s.Status().ModelID == "m1" && s.Status().Paired > 0 })

	home := shelves(s, ShelfRequest{Page: HomePage, UserID: "u1", N: 8})
	if row := find(t, home, ShelfForYou); row.List.ModelID != "m1" || len(row.List.Items) != 8 {
		t.Errorf("for you = %+v", row)
	}
	because := find(t, home, ShelfBecauseYou)
	if because.Subject != "p399" || because.Title != "Because you bought Product 399" {
		t.Errorf("because you = %q about %s", because.Title, because.Subject)
	}
	find(t, home, ShelfBuyAgain)
	find(t, home, ShelfNew)
	find(t, home, ShelfCategoryBestSellers)

	product := shelves(s, ShelfRequest{Page: ProductPage, UserID: "u1", ProductID: "p8", N: 8})
	if similar := find(t, product, ShelfSimilar); similar.Subject != "p8" {
		t.Errorf("similar = %+v", similar)
	}
	if vendor := find(t, product, ShelfSameVendor); vendor.Title != "More from Vendor 2" {
		t.Errorf("same vendor = %q", vendor.Title)
	}
	cart := shelves(s, ShelfRequest{Page: CartPage, UserID: "u1", N: 8})
	if row := find(t, cart, ShelfTogether); row.Subject != "p21" || has(row.List, "p21") {
		t.Errorf("with the cart goes %+v", row)
	}
	if row := find(t, cart, ShelfBuyAgain); len(row.List.Items) != 8 {
		t.Errorf("buy again = %+v", row)
	}
}

func TestUnknownPagesAndProductsAreRefused(t *testing.T) {
	s := open(t, 3, Options{})
	if _, err := s.Shelves(t.Context(), ShelfRequest{Page: "CELLAR"}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("Shelves = %v, want invalid", err)
	}
	if _, err := s.Shelves(t.Context(), ShelfRequest{Page: ProductPage, ProductID: "nothing"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Shelves = %v, want not found", err)
	}
}

func TestWhatAHistoryRemembers(t *testing.T) {
	did := func(kind store.EventType, product string, value float64) store.Interaction {
		return store.Interaction{Type: kind, ProductID: product, Value: value}
	}
	history := []store.Interaction{ // newest first
		did(store.Cart, "lamp", 1), did(store.View, "lamp", 1), did(store.Rating, "soap", 2), did(store.View, "book", 1),
		did(store.Purchase, "milk", 1), did(store.Cart, "milk", 1), did(store.Purchase, "tent", 1), did(store.Purchase, "milk", 1),
	}
	about := []string{}
	for _, s := range subjects(history) {
		about = append(about, s.ProductID)
	}
	for what, c := range map[string]struct{ got, want []string }{
		"subjects":     {about, []string{"milk", "lamp"}},
		"viewed":       {viewed(history), []string{"lamp", "book"}},
		"bought often": {boughtOften(history), []string{"milk", "tent"}},
		"cart":         {cart(history, ""), []string{"lamp"}},
		"cart of one":  {cart(history, "tent"), []string{"tent"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s differ (-want +got):\n%s", what, diff)
		}
	}
}

// Two products that sell are no row yet.
func TestTwoProductsAreNotARowOfWhatIsOnTheRise(t *testing.T) {
	s := open(t, 60, Options{CountsEvery: 5 * time.Millisecond}, tastes(20, 60)...)
	rising := func(n int) bool {
		return slices.Contains(kinds(shelves(s, ShelfRequest{Page: HomePage, N: n})), ShelfTrending)
	}
	sell := func(product string) {
		for u := range 12 {
			s.append(s.do(fmt.Sprint("buyer", u), product, store.Purchase, 1))
		}
	}
	sell("p59")
	sell("p58")
	eventually(t, "a row of two, where no more are asked for", func() bool { return rising(2) })
	if rising(0) {
		t.Error("two products made a row")
	}
	sell("p57")
	eventually(t, "a row of three", func() bool { return rising(0) })
}

// On the first day there is no model, only what was counted since the morning.
func TestEveryKindOfShelfWorksFromCountersAlone(t *testing.T) {
	s := open(t, 60, Options{CountsEvery: 5 * time.Millisecond, TogetherEvery: 5 * time.Millisecond}, tastes(20, 60)...)
	for u := range 12 { // sold for the first time, enough to be on the rise even if that was before midnight
		for n := range 1 + u%2*2 {
			s.append(s.do(fmt.Sprint("buyer", u), fmt.Sprint("p", 59-n), store.Purchase, 1))
		}
	}
	s.append(s.do("ann", "p3", store.Purchase, 1), s.do("ann", "p3", store.Purchase, 1),
		s.do("ann", "p4", store.View, 1), s.do("ann", "p6", store.Cart, 1))
	eventually(t, "baskets and counts", func() bool {
		return s.Status().Paired > 0 && slices.Contains(kinds(shelves(s, ShelfRequest{Page: HomePage})), ShelfTrending)
	})
	found := map[ShelfKind]bool{}
	for _, q := range []ShelfRequest{
		{Page: HomePage, N: 3}, {Page: HomePage, UserID: "ann", N: 3}, {Page: ProductPage, UserID: "ann", ProductID: "p8", N: 3},
		{Page: CategoryPage, UserID: "ann", Category: "Odd", N: 3}, {Page: CartPage, UserID: "ann", N: 3},
	} {
		var above []string
		for _, row := range shelves(s, q) {
			found[row.Kind] = true
			if row.List.ModelID != "" || len(row.List.Items) == 0 {
				t.Errorf("%s = %+v", row.Kind, row.List)
			}
			if row.Kind == ShelfTrending && !slices.Contains(above, "p59") && row.List.Items[0].ProductID != "p59" {
				t.Errorf("on the rise are %+v, want p59 first", row.List.Items)
			}
			for _, item := range row.List.Items {
				above = append(above, item.ProductID)
			}
		}
	}
	for _, kind := range rule.Shelves {
		if !found[kind] {
			t.Errorf("no %s anywhere", kind)
		}
	}
}
