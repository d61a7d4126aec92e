package live

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"valse/engine"
	"valse/engine/rule"
	"valse/store"
)

// decide saves rules as the version after the newest and returns it.
func (s *shop) decide(rules ...rule.Rule) int64 {
	s.Helper()
	ctx := context.Background()
	current, err := s.Books().Current(ctx)
	if err != nil {
		s.Fatal(err)
	}
	for i := range rules {
		rules[i].Enabled = true
	}
	book, err := s.Books().Save(ctx, current.Version, rules, "test", "")
	if err != nil {
		s.Fatal(err)
	}
	return book.Version
}

var hideEven = rule.Rule{ID: "hide", Kind: rule.Hide, Where: rule.Match{Categories: []string{"Even"}}}

func onlyOdd(l List) bool {
	return !slices.ContainsFunc(l.Items, func(i engine.Item) bool { return (i.ProductID[len(i.ProductID)-1]-'0')%2 == 0 })
}

func TestSavedRulesReachOpenSubscriptionsAndEveryKindOfList(t *testing.T) {
	s := open(t, 40, Options{}, tastes(30, 40)...)
	lists := subscribe(s, "u0", Request{N: 5})
	if l := next(t, lists); l.RuleVersion != 0 {
		t.Errorf("before any rule: %+v", l)
	}
	version := s.decide(hideEven)
	l := until(t, lists, func(l List) bool { return l.RuleVersion == version })
	if !onlyOdd(l) || len(l.Items) != 5 {
		t.Errorf("subscribed list = %+v", l)
	}
	if best, err := s.BestSellers(t.Context(), "", Request{N: 5}); err != nil || !onlyOdd(best) || len(best.Items) != 5 {
		t.Errorf("best-sellers = %+v, %v", best, err)
	}
	if near, err := s.Similar(t.Context(), "p2", Request{N: 5}); err != nil || !onlyOdd(near) {
		t.Errorf("similar = %+v, %v", near, err)
	}
	for _, row := range shelves(s, ShelfRequest{Page: HomePage, UserID: "u0"}) {
		if !onlyOdd(row.List) || row.List.RuleVersion != version {
			t.Errorf("%s = %+v", row.Kind, row.List)
		}
	}
	if origin, ok := s.seal.Load().Open(l.RecommendationID); !ok || origin.Rules != int(version) {
		t.Errorf("the list's id tells of rules %d, want %d", origin.Rules, version)
	}
}

func TestAnyVersionOfTheRulesCanBeAskedFor(t *testing.T) {
	s := open(t, 40, Options{}, tastes(30, 40)...)
	first := s.decide(hideEven)
	second := s.decide()
	eventually(t, "the second version", func() bool { return s.recommend("", Request{}).RuleVersion == second })
	none, unknown := int64(0), int64(9)
	if l := s.recommend("u0", Request{N: 40}); onlyOdd(l) {
		t.Errorf("under the empty book: %+v", l)
	}
	if l := s.recommend("u0", Request{RuleVersion: &first}); !onlyOdd(l) || l.RuleVersion != first {
		t.Errorf("under version 1: %+v", l)
	}
	if l := s.recommend("u0", Request{RuleVersion: &none}); l.RuleVersion != 0 {
		t.Errorf("under no book: %+v", l)
	}
	if _, err := s.Recommend(t.Context(), "u0", Request{RuleVersion: &unknown}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("under a version that never was: %v", err)
	}
	rows, err := s.Shelves(t.Context(), ShelfRequest{Page: HomePage, RuleVersion: &first})
	if err != nil || len(rows) == 0 || rows[0].List.RuleVersion != first {
		t.Errorf("shelves under version 1: %+v, %v", rows, err)
	}
}

func TestARuleBeginsAndEndsByItself(t *testing.T) {
	var now atomic.Int64
	now.Store(time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC).Unix())
	clock := func() time.Time { return time.Unix(now.Load(), 0).UTC() }
	s := open(t, 40, Options{Clock: clock, PollEvery: 5 * time.Millisecond}, tastes(30, 40)...)
	from, until2 := clock().Add(time.Hour), clock().Add(2*time.Hour)
	r := hideEven
	r.From, r.Until = &from, &until2
	s.decide(r)
	lists := subscribe(s, "", Request{N: 40})
	until(t, lists, func(l List) bool { return l.RuleVersion == 1 && len(l.Items) == 40 })
	now.Add(3600)
	until(t, lists, func(l List) bool { return len(l.Items) == 20 && onlyOdd(l) })
	now.Add(3600)
	until(t, lists, func(l List) bool { return len(l.Items) == 40 })
}

func TestARuleThatCountedBetweenTwoLooksIsAChange(t *testing.T) {
	from := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	until := from.Add(time.Second)
	now := from.Add(-time.Second)
	s := open(t, 4, Options{Clock: func() time.Time { return now }})
	r := hideEven
	r.From, r.Until = &from, &until
	s.decide(r)
	s.stop() // its own keeper reads the clock
	k := &keeper{Service: s.Service}
	for _, look := range []struct {
		at      time.Time
		changed bool
	}{{from.Add(-time.Second), true}, {from.Add(-time.Nanosecond), false}, {until, true}, {until.Add(time.Hour), false}} {
		now = look.at
		if changed, err := k.renewRules(t.Context()); err != nil || changed != look.changed {
			t.Errorf("at %v: changed %t, %v, want %t", look.at, changed, err, look.changed)
		}
	}
}

func TestNobodyIsRecommendedTheirOwnProducts(t *testing.T) {
	s := open(t, 6, Options{})
	own := store.Product{ID: "mine", Title: "Mine", Price: -1, Attributes: map[string]string{"owner": "ann", "other": "x"}}
	if _, _, err := s.st.PutProducts(t.Context(), []store.Product{own}); err != nil {
		t.Fatal(err)
	}
	s.decide(rule.Rule{ID: "own", Kind: rule.NotOwn})
	eventually(t, "the rule", func() bool {
		return s.recommend("bob", Request{}).RuleVersion == 1 && has(s.recommend("bob", Request{}), "mine")
	})
	if l := s.recommend("ann", Request{}); has(l, "mine") || len(l.Items) != 6 {
		t.Errorf("list of the owner = %+v", l)
	}
}

func TestAPreviewShowsBothSidesAndWhatMovedThem(t *testing.T) {
	s := open(t, 60, Options{}, tastes(30, 40)...)
	s.decide(rule.Rule{ID: "push", Kind: rule.Boost, Factor: 1000, Shelves: []rule.Shelf{rule.BestSellers}, Where: rule.Match{Products: []string{"p38"}}})
	eventually(t, "the rule", func() bool { return s.recommend("", Request{}).RuleVersion == 1 })
	rows, err := s.Preview(t.Context(), ShelfRequest{Page: HomePage, N: 4}, []rule.Rule{
		{ID: "pin", Kind: rule.Pin, Enabled: true, Position: 1, Shelves: []rule.Shelf{rule.BestSellers}, Where: rule.Match{Products: []string{"p21"}}},
		{ID: "no", Kind: rule.Hide, Enabled: true, Shelves: []rule.Shelf{rule.New}, Where: rule.Match{Products: []string{"p59"}}},
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	at := func(kind ShelfKind, side func(Previewed) []Placed, product string) Placed {
		for _, row := range rows {
			for _, p := range side(row) {
				if row.Kind == kind && p.ProductID == product {
					return p
				}
			}
		}
		t.Fatalf("no %s in %s of %+v", product, kind, rows)
		return Placed{}
	}
	before, after := func(p Previewed) []Placed { return p.Before }, func(p Previewed) []Placed { return p.After }
	if p := at(ShelfBestSellers, after, "p21"); p.Rank != 1 || p.Other != 0 || !slices.Equal(p.Because, []string{"pin"}) {
		t.Errorf("pinned: %+v", p)
	}
	if p := at(ShelfBestSellers, before, "p38"); p.Rank != 1 || p.Other != 0 || !slices.Equal(p.Because, []string{"push"}) {
		t.Errorf("pushed no more: %+v", p)
	}
	if p := at(ShelfNew, before, "p59"); p.Other != 0 || !slices.Equal(p.Because, []string{"no"}) {
		t.Errorf("hidden: %+v", p)
	}
	if p := at(ShelfNew, after, "p58"); p.Rank != 1 || p.Other != 2 || p.Because != nil {
		t.Errorf("moved up by others: %+v", p)
	}
	if l := s.recommend("", Request{}); l.RuleVersion != 1 {
		t.Error("a preview changed what is in force")
	}
	if _, err := s.Preview(t.Context(), ShelfRequest{Page: HomePage}, []rule.Rule{{ID: "x"}}, time.Now()); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("Preview of nonsense = %v", err)
	}
}
