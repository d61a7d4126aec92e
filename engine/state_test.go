package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"valse/internal/trial"
	"valse/store"
)

// kinds are models whose regulariser moves with a history, stands, and of stars.
func kinds() map[string]Settings {
	return map[string]Settings{
		"implicit": {Rank: 4, Iterations: 4, Reg: 0.01, HalfLife: 20},
		"binary":   {Rank: 4, Iterations: 4, Binary: true},
		"explicit": {Feedback: Explicit, Rank: 3, Iterations: 4},
	}
}

// closeLists compares two lists; neighbours of about the same score may have
// changed places.
func closeLists(a, b List) bool {
	if len(a.Items) != len(b.Items) || a.Source != b.Source {
		return false
	}
	scores := map[string]float64{}
	for _, item := range b.Items {
		scores[item.ProductID] = float64(item.Score)
	}
	for i, item := range a.Items {
		if !near(float64(item.Score), float64(b.Items[i].Score)) {
			return false
		}
	}
	return true
}

func TestAListWithKeptStateIsTheOneWithout(t *testing.T) {
	random := trial.Rand(t)
	events := checkerboard(30, 20)
	for name, s := range kinds() {
		r := open(t, s, shop(20), events)
		kept := &Kept{}
		var history []store.Interaction
		for n := range 200 {
			if len(history) > 0 && random.IntN(4) == 0 {
				history = slices.Delete(slices.Clone(history), 0, 1)
			} else {
				kind := []store.EventType{store.View, store.Purchase, store.Rating, store.Dislike}[random.IntN(4)]
				e := event("me", fmt.Sprintf("p%d", random.IntN(20)), kind, float64(1+random.IntN(5)), float64(n))
				e.EventID = fmt.Sprint(n)
				history = append(history, e)
			}
			q := Request{History: history, IncludeSeen: true}
			if len(history) > 5 && n%3 == 0 {
				q.Without = []string{history[random.IntN(len(history))].EventID, history[2].EventID}
			}
			want := r.Recommend(q)
			q.Kept = kept
			if got := r.Recommend(q); !closeLists(got, want) {
				t.Fatalf("%s, event %d: with kept state %+v, want %+v", name, n, got, want)
			}
		}
	}
}

func TestWidthsNarrowAsAUserIsKnown(t *testing.T) {
	for name, s := range kinds() {
		r := open(t, s, shop(20), checkerboard(30, 20))
		last := 0.0
		for n := range 12 {
			var history []store.Interaction
			for p := range n {
				history = append(history, event("me", fmt.Sprintf("p%d", p), store.Rating, 4, float64(p)))
			}
			state, err := r.State(Request{History: history})
			if err != nil {
				t.Fatal(err)
			}
			width, err := state.Uncertainty("p3")
			if err != nil || width <= 0 || last > 0 && width > last*1.001 {
				t.Errorf("%s: width after %d ratings = %v, %v; before %v", name, n, width, err, last)
			}
			last = width
		}
	}
}

func TestAWidthNeedsAModelThatKnowsTheProduct(t *testing.T) {
	r := open(t, small, append(shop(20), store.Product{ID: "late"}), checkerboard(30, 20))
	state, err := r.State(Request{History: []store.Interaction{event("me", "p2", store.Purchase, 1, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	if width, err := state.Uncertainty("p4"); err != nil || width <= 0 {
		t.Errorf("Uncertainty(p4) = %v, %v, want a width", width, err)
	}
	if _, err := state.Uncertainty("late"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Uncertainty = %v, want not found", err)
	}
	if _, err := firstDay(shop(2), nil).State(Request{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("State without a model = %v, want not found", err)
	}
}

func TestTwoScoresInThreeEndWithinTheirWidths(t *testing.T) {
	m := train(t, Settings{Rank: 8, Iterations: 6}, noisy(300, 80)...)
	c := m.Info.Calibration
	if c == nil {
		t.Fatal("there is no calibration")
	}
	if c.WithinOne < 0.6 || c.WithinOne > 0.77 || c.WithinTwo < 0.9 {
		t.Errorf("calibration = %+v, want about .68 within one width and .95 within two", *c)
	}
	if few := train(t, small, checkerboard(4, 4)...); few.Info.Calibration != nil {
		t.Errorf("four users calibrate to %+v, want nothing", few.Info.Calibration)
	}
}

// noisy are purchases of people each of whom likes one of four kinds of
// products, and something else now and then.
func noisy(users, products int) []store.Interaction {
	random := rand.New(rand.NewPCG(3, 4))
	var all []store.Interaction
	for u := range users {
		for n := range 6 + random.IntN(10) {
			p := random.IntN(products)
			if random.IntN(4) > 0 {
				p = p/4*4 + u%4
			}
			all = append(all, event(fmt.Sprintf("u%d", u), fmt.Sprintf("p%d", p), store.Purchase, 1, float64(n)))
		}
	}
	return all
}
