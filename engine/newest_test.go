package engine

import (
	"fmt"
	"slices"
	"testing"

	"valse/store"
)

func TestNewProductsAreOrderedByTaste(t *testing.T) {
	products := shop(200)
	r := open(t, small, append(products, store.Product{ID: "late", Category: "Even > All", PublishedAt: start.AddDate(0, 0, 300)}), checkerboard(60, 200))
	history := []store.Interaction{event("me", "p2", store.View, 1, 0), event("me", "p14", store.View, 1, 1)}
	l := r.Newest(Request{History: history, N: 20})
	if l.Source != SourceLive || len(l.Items) != 20 {
		t.Fatalf("list = %+v", l)
	}
	for _, i := range l.Items {
		p, _ := r.Catalogue().Product(i.ProductID)
		if p.Department() != "Even" {
			t.Errorf("%s is new for someone who looks at even ones", p.ID)
		}
		if i.Source == SourceLive && p.PublishedAt.Before(start.AddDate(0, 0, 140)) {
			t.Errorf("%s of %s is not new", p.ID, p.PublishedAt)
		}
	}
	if l := r.Newest(Request{N: 2}); !slices.Equal(ids(l), []string{"late", "p199"}) {
		t.Errorf("new for nobody in particular: %v", ids(l))
	}
}

func TestNewProductsFollowInterestWithoutAModel(t *testing.T) {
	r := firstDay(shop(200), nil)
	history := []store.Interaction{event("me", "p3", store.View, 1, 0)}
	if got := ids(r.Newest(Request{History: history, N: 3})); !slices.Equal(got, []string{"p199", "p197", "p195"}) {
		t.Errorf("new for someone who looks at odd ones: %v", got)
	}
	if l := r.Newest(Request{History: history, N: 199}); len(l.Items) != 199 {
		t.Errorf("%d items, want everything with a date", len(l.Items))
	}
	if l := firstDay([]store.Product{{ID: "a"}}, nil).Newest(Request{}); len(l.Items) != 0 {
		t.Errorf("new without dates: %+v", l)
	}
}

func TestBestSellersOfAWindow(t *testing.T) {
	var events []store.Interaction
	sell := func(product string, n int, daysAgo float64) {
		for u := range n {
			events = append(events, event(fmt.Sprint(product, u), product, store.Purchase, 1, 24*(60-daysAgo)))
		}
	}
	sell("p0", 9, 1)   // of the last days
	sell("p1", 25, 12) // of the season
	sell("p2", 60, 59) // of all time
	r := firstDay(shop(5), events)
	for w, want := range map[Window]string{JustNow: "p0", Lately: "p1", Ever: "p2"} {
		if l := r.BestSellers(Request{Window: w, N: 5}); l.Items[0].ProductID != want || len(l.Items) != 5 {
			t.Errorf("best-sellers of window %d = %v, want %s first", w, ids(l), want)
		}
	}
}
