package engine

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine/rule"
)

// explored returns the items that exploration put into a list, and the others.
func explored(l List) (tried, rest []string) {
	for _, i := range l.Items {
		if i.Source == SourceExploration {
			tried = append(tried, i.ProductID)
		} else {
			rest = append(rest, i.ProductID)
		}
	}
	return tried, rest
}

func TestExplorationChangesOnlyItsShareOfAList(t *testing.T) {
	r, history := ruled(t)
	plain := r.Recommend(Request{History: history, N: 12})
	share := 0.25
	p := under(t, r, rule.Rule{ID: "x", Kind: rule.Explore, Share: share}, rule.Rule{Kind: rule.Hide, Where: rule.Match{Vendors: []string{"v1"}}})
	hidden := r.Recommend(Request{History: history, N: 12, Policy: under(t, r, rule.Rule{Kind: rule.Hide, Where: rule.Match{Vendors: []string{"v1"}}})})
	sum, different := 0, map[string]bool{}
	const rounds = 200
	for seed := range uint64(rounds) {
		q := Request{History: history, N: 12, Policy: p, Seed: seed}
		l := r.Recommend(q)
		tried, rest := explored(l)
		sum += len(tried)
		if len(l.Items) != 12 || len(tried) > 4 || !slices.Equal(rest, ids(hidden)[:len(rest)]) {
			t.Fatalf("seed %d: %v, want the others in the order of %v", seed, l.Items, ids(hidden))
		}
		if l.Items[0].Source != SourceLive || l.Source != SourceLive {
			t.Fatalf("seed %d: the first is %+v", seed, l.Items[0])
		}
		_, mask := r.prepare(q)
		for _, i := range l.Items {
			if i.Source != SourceExploration {
				continue
			}
			different[i.ProductID] = true
			if mask.Has(r.catalogue.number[i.ProductID]) || !slices.Equal(i.Rules, []string{"x"}) {
				t.Fatalf("seed %d: tried %+v", seed, i)
			}
		}
		if diff := cmp.Diff(l, r.Recommend(q)); diff != "" {
			t.Fatalf("seed %d gives two lists:\n%s", seed, diff)
		}
	}
	if got := float64(sum) / (12 * rounds); math.Abs(got-share) > 0.02 {
		t.Errorf("%.3f of all places were explored, want %v", got, share)
	}
	if len(different) < 3 {
		t.Errorf("only %d products were ever tried", len(different))
	}
	if diff := cmp.Diff(plain, r.Recommend(Request{History: history, N: 12, Seed: 3})); diff != "" {
		t.Errorf("off, lists differ by their seed:\n%s", diff)
	}
}

func TestNothingIsExploredWithoutAFactor(t *testing.T) {
	r, _ := ruled(t)
	p := under(t, r, rule.Rule{Kind: rule.Explore, Share: 0.5})
	for name, l := range map[string]List{
		"a stranger":   r.Recommend(Request{N: 10, Policy: p}),
		"best-sellers": r.BestSellers(Request{N: 10, Policy: p}),
		"no model":     firstDay(shop(30), nil).Recommend(Request{N: 10, Policy: under(t, firstDay(shop(30), nil), rule.Rule{Kind: rule.Explore, Share: 0.5})}),
	} {
		if tried, _ := explored(l); len(tried) != 0 || len(l.Items) != 10 {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestPinnedProductsKeepTheirPlacesBesideExploration(t *testing.T) {
	r, history := ruled(t)
	p := under(t, r, rule.Rule{Kind: rule.Explore, Share: 0.5}, rule.Rule{Kind: rule.Pin, Position: 3, Where: rule.Match{Products: []string{"p51"}}})
	for seed := range uint64(50) {
		l := r.Recommend(Request{History: history, N: 8, Policy: p, Seed: seed})
		if len(l.Items) != 8 || l.Items[2].ProductID != "p51" {
			t.Fatalf("seed %d: %+v", seed, l.Items)
		}
	}
}
