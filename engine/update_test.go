package engine

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

// byTime splits events at a part of their number, in order of time.
func byTime(events []store.Interaction, part float64) (before, after []store.Interaction) {
	all := slices.Clone(events)
	slices.SortStableFunc(all, func(a, b store.Interaction) int { return a.Time.Compare(b.Time) })
	cut := int(part * float64(len(all)))
	return all[:cut], all
}

func TestAnUpdateIsNearlyATrainingAndLeavesAllElseAlone(t *testing.T) {
	for name, s := range map[string]Settings{"implicit": {Rank: 4, Iterations: 15, Reg: 0.05}, "explicit": {Feedback: Explicit, Rank: 3, Iterations: 15}} {
		before, after := byTime(checkerboard(60, 30), 0.9)
		after = append(before, historyOf("u7", after)...) // only what u7 did is new
		base := train(t, s, before...)
		m, err := Update(t.Context(), base, eventsOf(before...), eventsOf(after...), TrainOptions{ID: "m2"})
		if err != nil {
			t.Fatal(err)
		}
		if m.Info.Parent != "m1" || m.Info.ID != "m2" || m.Info.Interactions <= base.Info.Interactions || !cmp.Equal(m.Info.Settings, base.Info.Settings) {
			t.Errorf("%s: info = %+v", name, m.Info)
		}
		changed := 0
		for u, id := range m.UserIDs {
			same := slices.Equal(m.X.Row(u), base.X.Row(slices.Index(base.UserIDs, id)))
			if !same {
				changed++
			}
			if (id == "u7") == same {
				t.Errorf("%s: row of %s kept = %v", name, id, same)
			}
		}
		if changed != 1 {
			t.Errorf("%s: %d users' rows changed, want u7's alone", name, changed)
		}
	}
}

func TestAnUpdateLearnsNewUsersAndProducts(t *testing.T) {
	events := checkerboard(60, 30)
	var before []store.Interaction
	for _, i := range events {
		if i.ProductID != "p4" && i.UserID != "u9" {
			before = append(before, i)
		}
	}
	base := train(t, small, before...)
	m, err := Update(t.Context(), base, eventsOf(before...), eventsOf(events...), TrainOptions{ID: "m2"})
	if err != nil {
		t.Fatal(err)
	}
	k := rank(t, m)
	r := NewRecommender(k, NewCatalogue(shop(30), k.ProductIDs()), nil, nil)
	for _, item := range r.Recommend(Request{History: historyOf("u9", events), N: 3}).Items {
		if p, _ := r.Catalogue().Product(item.ProductID); p.Department() != "Odd" {
			t.Errorf("%s is for u9, who likes odd products", p.ID)
		}
	}
	fan := []store.Interaction{event("new", "p6", store.Purchase, 1, 0), event("new", "p8", store.Purchase, 1, 1)}
	if l := r.Recommend(Request{History: fan, N: 13}); !slices.Contains(ids(l), "p4") {
		t.Errorf("the product learned is not among %v", ids(l))
	}
}
