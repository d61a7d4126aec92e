package demo

import (
	"testing"

	"valse/store"
)

func TestPersonasHaveTheTasteTheyClaim(t *testing.T) {
	s, all := small()
	category := map[string]string{}
	for _, p := range s.Products() {
		category[p.ID] = p.Category
	}
	type tally struct {
		views, liked, bought int
		in                   map[string]int
	}
	tallies := map[string]*tally{}
	for _, p := range s.Personas() {
		tallies[p.User.ID] = &tally{in: map[string]int{}}
		for _, c := range p.Categories {
			tallies[p.User.ID].in[c] = 0
		}
	}
	for _, i := range all {
		ta := tallies[i.UserID]
		if ta == nil || i.Type == store.Impression {
			continue
		}
		if i.Type == store.Purchase {
			ta.bought++
		}
		if i.Type == store.View {
			ta.views++
			if n, claimed := ta.in[category[i.ProductID]]; claimed {
				ta.in[category[i.ProductID]] = n + 1
				ta.liked++
			}
		}
	}
	fresh := 0
	for _, p := range s.Personas() {
		ta := tallies[p.User.ID]
		if p.User.Persona == "" || p.User.Name == "" {
			t.Errorf("persona %+v has no name or no line", p.User)
		}
		if len(p.Categories) == 0 {
			fresh++
			if ta.views > 0 {
				t.Errorf("%s is new but has a history", p.User.ID)
			}
			continue
		}
		if ta.views < 25 || ta.views > 120 || ta.bought < 2 {
			t.Errorf("%s has %d views and %d purchases, want a moderate history", p.User.ID, ta.views, ta.bought)
		}
		if ta.liked*100 < ta.views*85 {
			t.Errorf("%s: %d of %d views are in %v, want 85%%", p.User.ID, ta.liked, ta.views, p.Categories)
		}
		for c, n := range ta.in {
			if n*10 < ta.views {
				t.Errorf("%s claims %q but viewed it %d of %d times", p.User.ID, c, n, ta.views)
			}
		}
	}
	if len(s.Personas()) < 12 || fresh < 1 {
		t.Errorf("%d personas, %d of them new, want at least 12 and 1", len(s.Personas()), fresh)
	}
}
