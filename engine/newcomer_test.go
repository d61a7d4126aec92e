package engine

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"valse/engine/internal/kernel"
	"valse/store"
)

// without returns the events of all other products.
func without(events []store.Interaction, product string) []store.Interaction {
	return slices.DeleteFunc(slices.Clone(events), func(i store.Interaction) bool { return i.ProductID == product })
}

// extended is a recommender whose model was trained without a product.
func extended(t testing.TB, s Settings, products []store.Product, trained, later []store.Interaction, id string) (*Recommender, *Ranker) {
	t.Helper()
	k := rank(t, train(t, s, trained...))
	at := slices.IndexFunc(products, func(p store.Product) bool { return p.ID == id })
	x, err := NewNewcomers(k, products).Extend(products[at:at+1], eventsOf(later...))
	if err != nil {
		t.Fatal(err)
	}
	return NewRecommender(x, NewCatalogue(products, x.ProductIDs()), nil, nil), x
}

func TestAProductNobodyHasTouchedIsForThoseWhoLikeItsKind(t *testing.T) {
	events := checkerboard(60, 40)
	for name, s := range map[string]Settings{"implicit": small, "explicit": {Feedback: Explicit, Rank: 3, Iterations: 8}} {
		r, _ := extended(t, s, shop(40), without(events, "p4"), nil, "p4")
		place := func(liked ...string) int {
			var history []store.Interaction
			for _, p := range liked {
				history = append(history, event("new", p, store.Purchase, 1, 0), event("new", p, store.Rating, 5, 1))
			}
			l := r.Recommend(Request{History: history, N: 40})
			at := slices.Index(ids(l), "p4")
			if at < 0 {
				t.Fatalf("%s: the new product is not listed", name)
			}
			if got := l.Items[at].Source; got != SourceNewcomer {
				t.Errorf("%s: its source is %s", name, got)
			}
			if got := l.Items[0].Source; at != 0 && got != SourceLive {
				t.Errorf("%s: the source of the first is %s", name, got)
			}
			return at
		}
		if even, odd := place("p2", "p6", "p8"), place("p3", "p5", "p7"); even >= 17 || odd < 17 {
			t.Errorf("%s: the new even product is number %d for who likes even ones and %d for who likes odd ones", name, even+1, odd+1)
		}
	}
}

func TestAProductsFactorApproachesWhatTrainingWouldGive(t *testing.T) {
	events := checkerboard(200, 40)
	s := Settings{Rank: 4, Iterations: 15, Reg: 0.01}
	whole := train(t, s, events...)
	var of []store.Interaction
	for _, i := range events {
		if i.ProductID == "p4" {
			of = append(of, i)
		}
	}
	scores := func(m *Model) []float32 {
		var all []float32
		row := m.Y.Row(slices.Index(m.ProductIDs, "p4"))
		for u := range 200 {
			all = append(all, kernel.Dot(m.X.Row(slices.Index(m.UserIDs, fmt.Sprintf("u%d", u))), row))
		}
		return all
	}
	want := scores(whole)
	var offs []float64
	for _, n := range []int{0, 20, len(of)} {
		_, k := extended(t, s, shop(40), without(events, "p4"), of[:n], "p4")
		off := 0.0
		for u, score := range scores(k.Model()) {
			off += math.Abs(float64(score-want[u])) / 200
		}
		offs = append(offs, off)
	}
	if offs[2] > 0.5*offs[0] || offs[2] > 0.05 {
		t.Errorf("after none, twenty and all interactions scores are off by %.3f, want them to come close", offs)
	}
}

func TestUsersTheModelDoesNotKnowCountForNewProducts(t *testing.T) {
	events := checkerboard(60, 40)
	untitled := shop(40)
	untitled[4].Category, untitled[4].Vendor = "", "" // nothing to guess from
	var later []store.Interaction
	for u := range 20 {
		who := fmt.Sprintf("later%d", u)
		for n, p := range []string{"p2", "p6", "p8", "p4"} {
			later = append(later, event(who, p, store.Purchase, 1, float64(100+n)))
		}
	}
	r, _ := extended(t, small, untitled, without(events, "p4"), later, "p4")
	fan := []store.Interaction{event("new", "p2", store.Purchase, 1, 0), event("new", "p6", store.Purchase, 1, 1)}
	if at := slices.Index(ids(r.Recommend(Request{History: fan, N: 40})), "p4"); at < 0 || at >= 20 {
		t.Errorf("what twenty newer users with this taste bought is number %d", at+1)
	}
	// What someone did with a new product tells about them at once.
	l := r.Recommend(Request{History: []store.Interaction{event("new", "p4", store.View, 1, 0)}, N: 5})
	if l.Source != SourceLive {
		t.Errorf("the source of a list after a view of the new product alone is %s", l.Source)
	}
}
