package engine

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

// shop is a catalogue of n products p0, p1, … in categories "Even" and "Odd",
// priced at 100 times their number.
func shop(n int) []store.Product {
	products := make([]store.Product, n)
	for i := range products {
		products[i] = store.Product{
			ID: fmt.Sprintf("p%d", i), Category: [...]string{"Even > All", "Odd > All"}[i%2],
			Vendor: fmt.Sprintf("v%d", i%3), Price: int64(100 * i), PublishedAt: start.AddDate(0, 0, i),
		}
	}
	return products
}

// open joins a model of the checkerboard with a shop.
func open(t testing.TB, s Settings, products []store.Product, events []store.Interaction) *Recommender {
	t.Helper()
	k := rank(t, train(t, s, events...))
	e := eventsOf(events...)
	popularity := NewPopularity(e.Counts(), PopularityOptions{Today: store.DayOf(start) + 60})
	return NewRecommender(k, NewCatalogue(products, k.ProductIDs()), popularity, Together(e))
}

// firstDay is a shop without any model.
func firstDay(products []store.Product, events []store.Interaction) *Recommender {
	e := eventsOf(events...)
	popularity := NewPopularity(e.Counts(), PopularityOptions{Today: store.DayOf(start) + 60})
	return NewRecommender(nil, NewCatalogue(products, nil), popularity, Together(e))
}

func TestAListFollowsTheTasteOfAHistoryTheModelNeverSaw(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	l := r.Recommend(Request{N: 8, History: []store.Interaction{
		event("new", "p2", store.View, 1, 0), event("new", "p4", store.Purchase, 1, 1),
	}})
	if l.Source != SourceLive || l.ModelID != "m1" || len(l.Items) != 8 {
		t.Fatalf("list = %+v", l)
	}
	for _, item := range l.Items {
		if p, _ := r.Catalogue().Product(item.ProductID); p.Department() != "Even" || p.ID == "p4" {
			t.Errorf("%s is in the list of someone who bought p4", item.ProductID)
		}
	}
}

func TestTheChainFallsFromLiveToStoredToCategoryToAll(t *testing.T) {
	events := checkerboard(60, 40)
	r := open(t, small, append(shop(40), store.Product{ID: "late", Category: "Odd > All"}), events)
	stored := &store.List{Items: []store.Scored{{ProductID: "p7", Score: 2}, {ProductID: "gone", Score: 1}, {ProductID: "p9", Score: 1}}}
	onlyNew := []store.Interaction{event("new", "late", store.View, 1, 0)}
	for _, c := range []struct {
		name string
		r    *Recommender
		q    Request
		want Source
	}{
		{"a history", r, Request{History: historyOf("u1", events), StoredList: stored}, SourceLive},
		{"no history but a stored list", r, Request{StoredList: stored}, SourceStored},
		{"a history the model cannot read", r, Request{History: onlyNew}, SourceCategoryBestSellers},
		{"nothing at all", r, Request{}, SourceBestSellers},
		{"no model", firstDay(shop(40), events), Request{History: historyOf("u1", events)}, SourceCategoryBestSellers},
		{"no model and no history", firstDay(shop(40), nil), Request{}, SourceBestSellers},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.q.N = 5
			l := c.r.Recommend(c.q)
			if l.Source != c.want || len(l.Items) != 5 {
				t.Errorf("list = %+v, want 5 from %s", l, c.want)
			}
		})
	}
	l := r.Recommend(Request{N: 3, StoredList: stored})
	if diff := cmp.Diff([]string{"p7", "p9"}, ids(l)[:2]); diff != "" {
		t.Errorf("the stored list lost its order (-want +got):\n%s", diff)
	}
	if l.Items[2].Source != SourceBestSellers {
		t.Errorf("the last item came from %s", l.Items[2].Source)
	}
}

func TestAnEmptyShopAnswersWithAnEmptyList(t *testing.T) {
	l := firstDay(nil, nil).Recommend(Request{History: []store.Interaction{event("a", "b", store.View, 1, 0)}})
	if l.Items == nil || len(l.Items) != 0 {
		t.Errorf("list = %+v, want an empty one", l)
	}
}

// Lists were once cut before seen products were removed, so that they shrank
// with every purchase.
func TestAListKeepsItsLengthHoweverMuchWasSeen(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	var history []store.Interaction
	for p := range 30 {
		history = append(history, event("new", fmt.Sprintf("p%d", p), store.Purchase, 1, float64(p)))
		l := r.Recommend(Request{N: 10, History: history})
		if len(l.Items) != 10 {
			t.Fatalf("after %d purchases the list has %d items, want 10", p+1, len(l.Items))
		}
	}
	history = append(history, event("new", "p30", store.Purchase, 1, 31))
	if l := r.Recommend(Request{N: 10, History: history}); len(l.Items) != 9 {
		t.Errorf("with 9 products unseen the list has %d items", len(l.Items))
	}
	if l := r.Recommend(Request{N: 10, History: history, IncludeSeen: true}); len(l.Items) != 10 {
		t.Errorf("with seen products the list has %d items, want 10", len(l.Items))
	}
}

func TestWhatCountsAsSeen(t *testing.T) {
	at := func(kind store.EventType, value, hours float64) store.Interaction {
		return event("a", "p1", kind, value, hours)
	}
	for _, c := range []struct {
		name           string
		history        []store.Interaction
		seen, withSeen bool // whether p1 is left out, and left out with IncludeSeen
	}{
		{"a view does not", []store.Interaction{at(store.View, 1, 0)}, false, false},
		{"a purchase does", []store.Interaction{at(store.Purchase, 1, 0)}, true, false},
		{"stars do", []store.Interaction{at(store.Rating, 2, 0)}, true, false},
		{"stars taken back do not", []store.Interaction{at(store.Rating, 0, 1), at(store.Rating, 2, 0)}, false, false},
		{"a dislike does", []store.Interaction{at(store.Dislike, 1, 0)}, true, false},
		{"a like takes a dislike back", []store.Interaction{at(store.Like, 1, 1), at(store.Dislike, 1, 0)}, false, false},
		{"a hide always does", []store.Interaction{at(store.Hide, 1, 0)}, true, true},
		{"a hide taken back does not", []store.Interaction{at(store.Hide, 0, 1), at(store.Hide, 1, 0)}, false, false},
		{"a hide after one taken back does", []store.Interaction{at(store.Hide, 1, 2), at(store.Hide, 0, 1), at(store.Hide, 1, 0)}, true, true},
		{"a hide taken back leaves a dislike", []store.Interaction{at(store.Hide, 0, 2), at(store.Hide, 1, 1), at(store.Dislike, 1, 0)}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := firstDay(shop(3), nil)
			if got := !slices.Contains(ids(r.Recommend(Request{History: c.history})), "p1"); got != c.seen {
				t.Errorf("left out = %v, want %v", got, c.seen)
			}
			if got := !slices.Contains(ids(r.Recommend(Request{History: c.history, IncludeSeen: true})), "p1"); got != c.withSeen {
				t.Errorf("left out with IncludeSeen = %v, want %v", got, c.withSeen)
			}
		})
	}
}

func TestFiltersKeepWhatTheyName(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	history := []store.Interaction{event("new", "p2", store.View, 1, 0)}
	for _, c := range []struct {
		filter Filter
		keep   func(p store.Product) bool
	}{
		{Filter{Categories: []string{"Odd"}}, func(p store.Product) bool { return p.Department() == "Odd" }},
		{Filter{Categories: []string{"Odd > All", "Nowhere"}}, func(p store.Product) bool { return p.Department() == "Odd" }},
		{Filter{Vendors: []string{"v1", "v2"}}, func(p store.Product) bool { return p.Vendor != "v0" }},
		{Filter{MinPrice: 1000, MaxPrice: 2000}, func(p store.Product) bool { return p.Price >= 1000 && p.Price <= 2000 }},
		{Filter{Exclude: []string{"p3", "p8"}}, func(p store.Product) bool { return p.ID != "p3" && p.ID != "p8" }},
	} {
		want := 0
		for _, p := range shop(40) {
			if c.keep(p) {
				want++
			}
		}
		for _, l := range []List{
			r.Recommend(Request{N: 40, History: history, Filter: c.filter}),
			r.BestSellers(Request{N: 40, Filter: c.filter}),
			r.Newest(Request{N: 40, Filter: c.filter}),
		} {
			if len(l.Items) != want {
				t.Errorf("%+v: %d items, want %d", c.filter, len(l.Items), want)
			}
			for _, item := range l.Items {
				if p, _ := r.Catalogue().Product(item.ProductID); !c.keep(p) {
					t.Errorf("%+v let %s through", c.filter, item.ProductID)
				}
			}
		}
	}
}

func TestProductsThatAreGoneOrHiddenOrSoldOutAreNotListed(t *testing.T) {
	products := shop(40)[1:] // p0 was deleted after training
	products[0].Hidden, products[1].OutOfStock = true, true
	r := open(t, small, products, checkerboard(60, 40))
	l := r.Recommend(Request{N: 40, History: []store.Interaction{event("new", "p4", store.View, 1, 0)}})
	if len(l.Items) != 37 {
		t.Errorf("%d items, want 37", len(l.Items))
	}
	for _, gone := range []string{"p0", "p1", "p2"} {
		if slices.Contains(ids(l), gone) {
			t.Errorf("%s is in the list", gone)
		}
	}
}

func TestWithoutAnEventTheListIsAsIfItNeverHappened(t *testing.T) {
	events := checkerboard(60, 40)
	r := open(t, small, shop(40), events)
	history := historyOf("u3", events)
	undone := []string{history[0].EventID, history[5].EventID}
	never := slices.DeleteFunc(slices.Clone(history), func(i store.Interaction) bool { return slices.Contains(undone, i.EventID) })
	want := r.Recommend(Request{N: 20, History: never})
	if diff := cmp.Diff(want, r.Recommend(Request{N: 20, History: history, Without: undone})); diff != "" {
		t.Errorf("undo differs from never (-want +got):\n%s", diff)
	}
}

func TestSimilarProductsShareATasteAndFallBackToBasketsAndCategory(t *testing.T) {
	events := checkerboard(60, 40)
	r := open(t, small, append(shop(40), store.Product{ID: "late", Category: "Odd > All"}), events)
	l := r.Similar("p3", Request{N: 6})
	if l.Source != SourceSimilar || len(l.Items) != 6 || slices.Contains(ids(l), "p3") {
		t.Fatalf("similar = %+v", l)
	}
	for _, item := range l.Items {
		if p, _ := r.Catalogue().Product(item.ProductID); p.Department() != "Odd" {
			t.Errorf("%s is like p3", p.ID)
		}
	}
	if l := r.Similar("late", Request{N: 6}); l.Source != SourceCategoryBestSellers || len(l.Items) != 6 {
		t.Errorf("similar to a product no model knows = %+v", l)
	}
	if l := firstDay(shop(40), events).Similar("p3", Request{N: 6}); l.Source != SourceTogether || len(l.Items) != 6 {
		t.Errorf("similar without a model = %+v", l)
	}
	if l := r.Similar("nothing", Request{}); len(l.Items) != 0 {
		t.Errorf("similar to nothing = %+v", l)
	}
}
