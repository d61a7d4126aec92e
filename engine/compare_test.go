package engine

import (
	"math"
	"slices"
	"strings"
	"testing"

	"valse/internal/trial"
	"valse/store"
)

func TestAgreementOfLists(t *testing.T) {
	for _, c := range []struct {
		a, b string
		k    int
		want Agreement
	}{
		{"a b c", "a b c", 3, Agreement{1, 1, 0}},
		{"a b c", "x y z", 3, Agreement{0, 0, 0}},
		// X₁ = 0, X₂ = 2: 1·0.81 + (0.1/0.9)·0.81.
		{"a b", "b a", 2, Agreement{1, 0.81 + 0.1/0.9*0.81, 1}},
		// X₁ = 1, X₂ = 1: 0.5·0.81 + (0.1/0.9)·(0.9 + 0.5·0.81).
		{"a b", "a c", 2, Agreement{0.5, 0.405 + 0.1/0.9*(0.9+0.405), 0}},
		{"a b c d", "d c b a", 4, Agreement{1, 0.6561 + 0.1/0.9*(0+0+2.0/3*0.729+0.6561), 2}},
		{"a b c", "a x y", 1, Agreement{1, 1, 0}},
		{"", "", 5, Agreement{1, 1, 0}},
	} {
		got := Agree(strings.Fields(c.a), strings.Fields(c.b), c.k)
		if math.Abs(got.RBO-c.want.RBO) > 1e-12 || got.Overlap != c.want.Overlap || got.Moved != c.want.Moved {
			t.Errorf("Agree(%s; %s; %d) = %+v, want %+v", c.a, c.b, c.k, got, c.want)
		}
	}
}

func TestAgreementIsSymmetricAndFallsWithEveryReplacement(t *testing.T) {
	r := trial.Rand(t)
	for range 200 {
		var a []string
		for _, p := range r.Perm(40)[:20] {
			a = append(a, string(rune('a'+p)))
		}
		b, last := slices.Clone(a), 1.0
		for i, place := range r.Perm(20) {
			b[place] = "new" + string(rune('a'+i))
			g, mirrored := Agree(a, b, 20), Agree(b, a, 20)
			if math.Abs(g.RBO-mirrored.RBO) > 1e-12 || g.Overlap != mirrored.Overlap {
				t.Fatalf("Agree(a, b) = %+v, Agree(b, a) = %+v", g, mirrored)
			}
			if g.RBO >= last || g.RBO < -1e-12 {
				t.Fatalf("after %d replacements RBO = %v, was %v", i+1, g.RBO, last)
			}
			last = g.RBO
		}
	}
}

func TestSpreadTellsBestSellersFromTheLongTail(t *testing.T) {
	ids := strings.Fields("a b c d e f g h i j")
	p := NewPopularity(func(yield func(store.Count) bool) {
		for i, id := range ids {
			if !yield(store.Count{Day: 100, ProductID: id, Type: store.Purchase, N: int64(1000 >> i)}) {
				return
			}
		}
	}, PopularityOptions{Today: 100})
	r := NewRecommender(nil, CatalogueOf(ids), p, nil)
	head, tail := r.Spread([][]string{{"a", "b"}, {"a", "b"}}), r.Spread([][]string{{"i", "j"}, {"h", "g"}})
	if head.Products != 2 || head.Coverage != 0.2 || head.LongTail != 0 || tail.Products != 4 || tail.Coverage != 0.4 || tail.LongTail != 1 {
		t.Errorf("spread of best-sellers = %+v, of the tail = %+v", head, tail)
	}
	if head.Novelty >= tail.Novelty-3 || head.Novelty <= 0 {
		t.Errorf("novelty of best-sellers = %v, of the tail = %v", head.Novelty, tail.Novelty)
	}
}
