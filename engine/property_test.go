package engine

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"valse/store"
)

// drawHistory draws what a user may have done with the products of a shop, some
// of which do not exist.
func drawHistory(t *rapid.T, products int) []store.Interaction {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Interaction {
		kind := rapid.SampledFrom(store.EventTypes()).Draw(t, "type")
		value := 1.0
		switch kind {
		case store.Rating:
			value = rapid.SampledFrom([]float64{0, 0.5, 2, 3, 4.5, 5}).Draw(t, "stars")
		case store.Hide:
			value = rapid.SampledFrom([]float64{0, 1}).Draw(t, "hidden")
		}
		product := fmt.Sprintf("p%d", rapid.IntRange(0, products+2).Draw(t, "product"))
		return event("drawn", product, kind, value, rapid.Float64Range(0, 5000).Draw(t, "hours"))
	}), 0, 60).Draw(t, "history")
}

// forbidden says by its own reading of the rules whether a product must not be
// listed.
func forbidden(p store.Product, q Request) bool {
	if p.Hidden || p.OutOfStock || slices.Contains(q.Filter.Exclude, p.ID) {
		return true
	}
	if q.Filter.MaxPrice > 0 && (p.Price < 0 || p.Price > q.Filter.MaxPrice) {
		return true
	}
	var mine []pastEvent
	for _, i := range q.History {
		if i.ProductID == p.ID {
			mine = append(mine, pastEvent{occurrence: occurrence{i.Type, float32(i.Value), i.Time.UnixMicro()}})
		}
	}
	slices.SortStableFunc(mine, func(a, b pastEvent) int { return int(a.Time - b.Time) })
	return seen(mine, q.IncludeSeen)
}

func TestAListHoldsNothingForbiddenAndIsAsLongAsItCanBe(t *testing.T) {
	const products = 24
	events := checkerboard(30, 20) // the model does not know the last four
	for name, s := range map[string]Settings{"implicit": small, "explicit": {Feedback: Explicit, Rank: 3, Iterations: 4}} {
		k := rank(t, train(t, s, events...))
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			catalogue := shop(products)
			for i := range catalogue {
				catalogue[i].Hidden = rapid.IntRange(0, 6).Draw(t, "hidden") == 0
				catalogue[i].OutOfStock = rapid.IntRange(0, 6).Draw(t, "sold out") == 0
			}
			r := NewRecommender(k, NewCatalogue(catalogue, k.ProductIDs()), nil, Together(eventsOf(events...)))
			q := Request{
				History: drawHistory(t, products), N: rapid.IntRange(1, products+2).Draw(t, "n"),
				IncludeSeen: rapid.Bool().Draw(t, "include seen"),
				Filter: Filter{
					Exclude:  rapid.SliceOfN(rapid.SampledFrom([]string{"p1", "p2", "p9"}), 0, 3).Draw(t, "exclude"),
					MaxPrice: rapid.SampledFrom([]int64{0, 0, 900}).Draw(t, "price"),
				},
			}
			allowed := map[string]bool{}
			for _, p := range catalogue {
				if !forbidden(p, q) {
					allowed[p.ID] = true
				}
			}
			l := r.Recommend(q)
			if want := min(q.N, len(allowed)); len(l.Items) != want {
				t.Errorf("%d items, want %d", len(l.Items), want)
			}
			for _, item := range l.Items {
				if !allowed[item.ProductID] {
					t.Errorf("%s is forbidden or comes twice", item.ProductID)
				}
				delete(allowed, item.ProductID)
				if math.IsNaN(float64(item.Score)) || math.IsInf(float64(item.Score), 0) {
					t.Errorf("%s scores %v", item.ProductID, item.Score)
				}
			}
		}))
	}
}

func TestContributionsAddUpToTheScoreOfTheList(t *testing.T) {
	events := checkerboard(30, 20)
	settings := map[string]Settings{
		"implicit": {Rank: 4, Iterations: 4, Reg: 0.01, HalfLife: 20},
		"binary":   {Rank: 4, Iterations: 4, Binary: true},
		"explicit": {Feedback: Explicit, Rank: 3, Iterations: 4},
	}
	for name, s := range settings {
		r := open(t, s, shop(20), events)
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			history := drawHistory(t, 20)
			for _, item := range r.Recommend(Request{History: history}).Items {
				if item.Source != SourceLive {
					continue
				}
				e, err := r.Explain(history, item.ProductID)
				if err != nil {
					t.Fatal(err)
				}
				sum := float64(e.Base)
				for _, c := range e.Contributions {
					sum += float64(c.Value)
				}
				if want := float64(item.Score); !near(sum, want) || !near(float64(e.Score), want) {
					t.Errorf("contributions to %s add up to %v, explained score %v, listed score %v", item.ProductID, sum, e.Score, want)
				}
			}
		}))
	}
}

// near reports whether a is b to a ten-thousandth, or to a millionth of the whole
// scale where b is next to nothing.
func near(a, b float64) bool { return math.Abs(a-b) <= max(1e-4*math.Abs(b), 2e-6) }

func TestAProductNoModelKnowsCannotBeExplained(t *testing.T) {
	r := open(t, small, append(shop(20), store.Product{ID: "late"}), checkerboard(30, 20))
	for _, id := range []string{"late", "nothing"} {
		if _, err := r.Explain(nil, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Explain(%s) = %v, want not found", id, err)
		}
	}
	if _, err := firstDay(shop(2), nil).Explain(nil, "p1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Explain without a model = %v, want not found", err)
	}
}

func TestFoldingInATrainedUserGivesTheTrainedRow(t *testing.T) {
	events := checkerboard(40, 30)
	s := Settings{Rank: 4, Iterations: 40, Reg: 0.1}
	r := open(t, s, shop(30), events)
	m := r.ranker.Model()
	for u, id := range m.UserIDs {
		f, ok := r.FoldIn(historyOf(id, events))
		if !ok {
			t.Fatalf("%s has no factor", id)
		}
		for k, want := range m.X.Row(u) {
			if math.Abs(float64(f.Vector[k]-want)) > 0.02 {
				t.Fatalf("factor of %s = %v, trained %v", id, f.Vector, m.X.Row(u))
			}
		}
	}
	if _, ok := r.FoldIn(nil); ok {
		t.Error("an empty history has a factor")
	}
}
