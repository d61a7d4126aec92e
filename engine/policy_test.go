package engine

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"valse/engine/rule"
	"valse/internal/trial"
	"valse/store"
)

// under returns what the rules say about the user's own list.
func under(t testing.TB, r *Recommender, rules ...rule.Rule) *Policy {
	t.Helper()
	b := &rule.Book{Version: 7, Rules: rules}
	for i := range b.Rules {
		b.Rules[i].ID, b.Rules[i].Enabled = cmp.Or(b.Rules[i].ID, fmt.Sprint("r", i)), true
	}
	if err := b.Validate(); err != nil {
		t.Fatal(err)
	}
	return NewRules(r.Catalogue(), b).Policy(rule.ForYou, start)
}

// ruled is a shop of 60 products and three vendors with a trained model, and
// the history of someone who looked at a few even ones.
func ruled(t testing.TB) (*Recommender, []store.Interaction) {
	t.Helper()
	products := shop(60)
	products[8].Attributes = map[string]string{OwnerAttribute: "me"}
	return open(t, small, products, checkerboard(60, 60)), []store.Interaction{
		event("me", "p2", store.View, 1, 0), event("me", "p14", store.View, 1, 1), event("me", "p20", store.Purchase, 1, 2),
	}
}

func TestABookWithoutRulesChangesNothing(t *testing.T) {
	r, history := ruled(t)
	want := r.Recommend(Request{History: history, N: 10})
	got := r.Recommend(Request{History: history, N: 10, Policy: under(t, r)})
	if got.RuleVersion != 7 || want.RuleVersion != 0 {
		t.Errorf("rule versions %d and %d, want 7 and 0", got.RuleVersion, want.RuleVersion)
	}
	got.RuleVersion = 0
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("lists differ (-want +got):\n%s", diff)
	}
}

// everything is the live part of the list without rules, whole.
func everything(r *Recommender, history []store.Interaction) []Item {
	items := r.Recommend(Request{History: history, N: MaxList}).Items
	return slices.DeleteFunc(items, func(i Item) bool { return i.Source != SourceLive })
}

func TestBoostsAreExactOverTheWholeCatalogue(t *testing.T) {
	r, history := ruled(t)
	random := trial.Rand(t)
	for range trial.Rounds(30, 3000) {
		var rules []rule.Rule
		factors := map[string]float32{}
		for range 1 + random.IntN(40) { // often more groups than are searched one by one
			c := rule.Rule{Kind: rule.Boost, Factor: 1 + random.ExpFloat64()*3 + 0.01, Where: anyMatch(random)}
			if random.IntN(3) == 0 {
				c.Kind = rule.Bury
			}
			rules = append(rules, c)
		}
		p := under(t, r, rules...)
		all := everything(r, history)
		for _, i := range all {
			factors[i.ProductID] = p.factor(r.catalogue.number[i.ProductID])
		}
		slices.SortStableFunc(all, func(a, b Item) int {
			return cmp.Compare(lifted(b.Score, factors[b.ProductID]), lifted(a.Score, factors[a.ProductID]))
		})
		n := 1 + random.IntN(30)
		l := r.Recommend(Request{History: history, N: n, Policy: p})
		if diff := gocmp.Diff(ids(List{Items: all[:n]}), ids(l)); diff != "" {
			t.Fatalf("%d of %+v differ (-want +got):\n%s", n, rules, diff)
		}
	}
}

// anyMatch selects some products in one way or another.
func anyMatch(random *rand.Rand) rule.Match {
	switch random.IntN(4) {
	case 0:
		return rule.Match{Products: []string{fmt.Sprint("p", random.IntN(60)), fmt.Sprint("p", random.IntN(60))}}
	case 1:
		return rule.Match{Vendors: []string{fmt.Sprint("v", random.IntN(3))}}
	case 2:
		return rule.Match{Categories: []string{[]string{"Even", "Odd > All"}[random.IntN(2)]}, MaxPrice: int64(100 + 100*random.IntN(60))}
	default:
		return rule.Match{MinPrice: int64(100 + 100*random.IntN(60))}
	}
}

func TestFactorsOfAllRulesMultiply(t *testing.T) {
	r, _ := ruled(t)
	p := under(t, r,
		rule.Rule{Kind: rule.Boost, Factor: 3, Where: rule.Match{Products: []string{"p1", "p2"}}},
		rule.Rule{Kind: rule.Bury, Factor: 6, Where: rule.Match{Products: []string{"p2", "p3"}}})
	for product, want := range []float32{1, 3, 0.5, 1.0 / 6, 1} {
		if got := p.factor(r.catalogue.number[fmt.Sprint("p", product)]); got != want {
			t.Errorf("p%d counts %v times, want %v", product, got, want)
		}
	}
	if lifted(-1, 4) != -0.25 || lifted(1, 4) != 4 {
		t.Error("a boost must be good for a product whose score is below zero too")
	}
}

func TestLimitsAreThoseOfAGreedyPassOverTheWholeOrder(t *testing.T) {
	r, history := ruled(t)
	for _, c := range []struct{ vendor, category, n int }{{1, 0, 3}, {2, 0, 6}, {5, 0, 12}, {0, 3, 6}, {4, 5, 10}} {
		p := under(t, r, rule.Rule{Kind: rule.Limit, MaxPerVendor: c.vendor, MaxPerCategory: c.category})
		var want []string
		vendors, categories := map[string]int{}, map[string]int{}
		for _, i := range everything(r, history) {
			x, _ := r.Catalogue().Product(i.ProductID)
			if c.vendor > 0 && vendors[x.Vendor] == c.vendor || c.category > 0 && categories[x.Category] == c.category || len(want) == c.n {
				continue
			}
			vendors[x.Vendor]++
			categories[x.Category]++
			want = append(want, i.ProductID)
		}
		l := r.Recommend(Request{History: history, N: c.n, Policy: p})
		if diff := gocmp.Diff(want, ids(l)); diff != "" {
			t.Errorf("%+v differs (-want +got):\n%s", c, diff)
		}
		if len(l.Items) != c.n {
			t.Errorf("%+v: %d items", c, len(l.Items))
		}
	}
}

func TestDiversityIsExactOverTheWholeCatalogue(t *testing.T) {
	r, history := ruled(t)
	random := trial.Rand(t)
	for range trial.Rounds(20, 500) {
		strength, n := 0.05+0.85*random.Float64(), 2+random.IntN(20)
		p := under(t, r, rule.Rule{Kind: rule.Diversify, Strength: strength})
		want := mmr(r, everything(r, history), float32(strength), n)
		if got := ids(r.Recommend(Request{History: history, N: n, Policy: p})); !slices.Equal(got, want) {
			t.Fatalf("%d at strength %v = %v, want %v", n, strength, got, want)
		}
	}
}

// mmr is maximal marginal relevance by its definition.
func mmr(r *Recommender, all []Item, strength float32, n int) (chosen []string) {
	top := all[0].Score
	for range n {
		best, value := "", float32(0)
		for _, i := range all {
			if slices.Contains(chosen, i.ProductID) {
				continue
			}
			near := float32(0)
			for _, c := range chosen {
				near = max(near, r.alike(r.catalogue.number[i.ProductID], r.catalogue.number[c]))
			}
			if v := (1-strength)*i.Score*(1/top) - strength*near; best == "" || v > value {
				best, value = i.ProductID, v
			}
		}
		chosen = append(chosen, best)
	}
	return chosen
}

func TestDiversityKeepsTheBestFirstAndNamesWhatItMoved(t *testing.T) {
	r, history := ruled(t)
	plain := r.Recommend(Request{History: history, N: 10})
	varied := r.Recommend(Request{History: history, N: 10, Policy: under(t, r, rule.Rule{ID: "vary", Kind: rule.Diversify, Strength: 0.8})})
	if varied.Items[0].ProductID != plain.Items[0].ProductID || slices.Equal(ids(plain), ids(varied)) {
		t.Errorf("plain %v, varied %v", ids(plain), ids(varied))
	}
	if !slices.ContainsFunc(varied.Items, func(i Item) bool { return slices.Contains(i.Rules, "vary") }) {
		t.Errorf("no item names the rule: %+v", varied.Items)
	}
}

func TestWithoutAModelLikenessIsTheSharedPathOfCategories(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float32
	}{{"A > B", "A > B", 1}, {"A > B", "A > C", 0.5}, {"A > B > C", "A", 1.0 / 3}, {"A", "B", 0}, {"", "", 0}, {"", "A", 0}} {
		if got := sharedPath(c.a, c.b); got != c.want {
			t.Errorf("%q and %q share %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestPinnedProductsStandInTheirPlaces(t *testing.T) {
	r, history := ruled(t)
	p := under(t, r,
		rule.Rule{ID: "a", Kind: rule.Pin, Position: 2, Where: rule.Match{Products: []string{"p51", "p53"}}},
		rule.Rule{ID: "b", Kind: rule.Pin, Position: 3, Where: rule.Match{Products: []string{"p55", "p20", "p51", "gone"}}},
		rule.Rule{ID: "c", Kind: rule.Pin, Position: 9, Where: rule.Match{Products: []string{"p57"}}})
	l := r.Recommend(Request{History: history, N: 8, Policy: p})
	plain := ids(r.Recommend(Request{History: history, N: 8}))
	want := []string{plain[0], "p51", "p53", "p55", plain[1], plain[2], plain[3], plain[4]} // p20 was bought
	if diff := gocmp.Diff(want, ids(l)); diff != "" {
		t.Errorf("pinned list differs (-want +got):\n%s", diff)
	}
	if l.Source != SourceLive || l.Items[3].Source != SourceRule || !slices.Equal(l.Items[3].Rules, []string{"b"}) {
		t.Errorf("list = %+v", l)
	}
	if l := r.Pick(nil, Request{Policy: p}); len(l.Items) != 0 {
		t.Errorf("pinned products alone made a list: %+v", l)
	}
}

func TestWhatRulesLeaveOutIsLeftOutInScoring(t *testing.T) {
	r, history := ruled(t)
	odd := func(p store.Product) bool { return p.Department() == "Odd" }
	for _, c := range []struct {
		name string
		rule rule.Rule
		keep func(store.Product) bool
	}{
		{"hide a category", rule.Rule{Kind: rule.Hide, Where: rule.Match{Categories: []string{"Even"}}}, odd},
		{"only a category", rule.Rule{Kind: rule.Only, Where: rule.Match{Categories: []string{"Odd > All"}}}, odd},
		{"only a price", rule.Rule{Kind: rule.Only, Where: rule.Match{MinPrice: 1000, MaxPrice: 3000}},
			func(p store.Product) bool { return p.Price >= 1000 && p.Price <= 3000 }},
		{"hide one vendor's category", rule.Rule{Kind: rule.Hide, Where: rule.Match{Categories: []string{"Even"}, Vendors: []string{"v0"}}},
			func(p store.Product) bool { return odd(p) || p.Vendor != "v0" }},
		{"not their own", rule.Rule{Kind: rule.NotOwn}, func(p store.Product) bool { return p.ID != "p8" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := 0
			for _, p := range shop(60) {
				if c.keep(p) && p.ID != "p20" {
					want++
				}
			}
			l := r.Recommend(Request{UserID: "me", History: history, N: 60, Policy: under(t, r, c.rule)})
			if len(l.Items) != want {
				t.Errorf("%d items, want %d", len(l.Items), want)
			}
			for _, i := range l.Items {
				if p, _ := r.Catalogue().Product(i.ProductID); !c.keep(p) {
					t.Errorf("%s is in the list", p.ID)
				}
			}
		})
	}
}

func TestRulesCountOnTheirShelvesBetweenTheirDates(t *testing.T) {
	r, _ := ruled(t)
	from, until := start.Add(time.Hour), start.Add(3*time.Hour)
	rules := NewRules(r.Catalogue(), &rule.Book{Rules: []rule.Rule{
		{ID: "a", Kind: rule.NotOwn, Enabled: true, Shelves: []rule.Shelf{rule.New}, From: &from, Until: &until},
		{ID: "b", Kind: rule.NotOwn},
	}})
	for _, c := range []struct {
		shelf rule.Shelf
		hours int
		want  bool
	}{{rule.New, 0, false}, {rule.New, 1, true}, {rule.New, 2, true}, {rule.New, 3, false}, {rule.ForYou, 2, false}} {
		if got := rules.Policy(c.shelf, start.Add(time.Duration(c.hours)*time.Hour)).notOwn; got != c.want {
			t.Errorf("%s after %d hours: %v, want %v", c.shelf, c.hours, got, c.want)
		}
	}
	if NewRules(r.Catalogue(), nil).Policy(rule.New, start) != nil {
		t.Error("there is a policy without a book")
	}
}

// Whatever the rules say, a list holds only what is eligible, nothing twice,
// and is as long as asked while eligible products remain.
func TestRulesKeepTheInvariantOfLists(t *testing.T) {
	r, history := ruled(t)
	random := trial.Rand(t)
	for range trial.Rounds(60, 5000) {
		kinds := []rule.Rule{
			{Kind: rule.Boost, Factor: 4, Where: anyMatch(random)}, {Kind: rule.Bury, Factor: 4, Where: anyMatch(random)},
			{Kind: rule.Hide, Where: anyMatch(random)}, {Kind: rule.Only, Where: anyMatch(random)},
			{Kind: rule.Pin, Position: 1 + random.IntN(12), Where: rule.Match{Products: []string{fmt.Sprint("p", random.IntN(60))}}},
			{Kind: rule.Diversify, Strength: 0.1 + 0.8*random.Float64()}, {Kind: rule.NotOwn},
		}
		random.Shuffle(len(kinds), func(a, b int) { kinds[a], kinds[b] = kinds[b], kinds[a] })
		rules := kinds[:random.IntN(len(kinds)+1)]
		p := under(t, r, slices.Clone(rules)...)
		q := Request{UserID: "me", History: history, N: 1 + random.IntN(50), Policy: p}
		_, mask := r.prepare(q)
		eligible := len(r.catalogue.products) - mask.Count()
		for name, l := range map[string]List{"for you": r.Recommend(q), "best-sellers": r.BestSellers(q)} {
			if want := min(q.N, eligible); len(l.Items) != want {
				t.Fatalf("%s under %+v: %d items, want %d", name, rules, len(l.Items), want)
			}
			seen := map[string]bool{}
			for _, i := range l.Items {
				if seen[i.ProductID] || mask.Has(r.catalogue.number[i.ProductID]) {
					t.Fatalf("%s under %+v: %s", name, rules, i.ProductID)
				}
				seen[i.ProductID] = true
			}
		}
	}
}
