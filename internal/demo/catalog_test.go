package demo

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCatalogueHasItsDepartmentsCategoriesAndVendors(t *testing.T) {
	s, _ := small()
	departments, categories := map[string]bool{}, map[string]int{}
	reach := map[string]map[string]bool{}
	for _, p := range s.Products() {
		departments[p.Department()] = true
		categories[p.Category]++
		if reach[p.Vendor] == nil {
			reach[p.Vendor] = map[string]bool{}
		}
		reach[p.Vendor][p.Category] = true
	}
	if len(s.Products()) != 2400 || len(departments) != 12 || len(categories) != 60 || len(reach) != 150 {
		t.Errorf("%d products, %d departments, %d categories, %d vendors, want 2400, 12, 60, 150",
			len(s.Products()), len(departments), len(categories), len(reach))
	}
	for c, n := range categories {
		if n < 20 || n > 80 {
			t.Errorf("category %q has %d products", c, n)
		}
	}
	for v, in := range reach {
		if len(in) > 4 {
			t.Errorf("vendor %q sells in %d categories, want at most 4", v, len(in))
		}
	}
}

func TestProductsReadWell(t *testing.T) {
	s, _ := small()
	titles, ids, texts := map[string]bool{}, map[string]bool{}, map[string]int{}
	soldOut := 0
	for _, p := range s.Products() {
		titles[strings.ToLower(p.Title)], ids[p.ID] = true, true
		texts[p.Description]++
		if p.OutOfStock {
			soldOut++
		}
		for _, text := range []string{p.Title, p.Description} {
			if strings.ContainsAny(text, "{}|") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text || text == "" || !utf8.ValidString(text) {
				t.Errorf("%s: text %q", p.ID, text)
			}
		}
		if !strings.HasSuffix(p.Description, ".") || strings.Contains(p.Title, "edition 2") {
			t.Errorf("%s: %q, %q", p.ID, p.Title, p.Description)
		}
		for name, value := range p.Attributes {
			if value == "" || value == "-" {
				t.Errorf("%s: attribute %s is %q", p.ID, name, value)
			}
		}
		if stutters(p.Title) {
			t.Errorf("%s: title %q repeats a word", p.ID, p.Title)
		}
	}
	if len(titles) != 2400 || len(ids) != 2400 {
		t.Errorf("%d titles and %d ids, want 2400", len(titles), len(ids))
	}
	if soldOut < 40 || soldOut > 140 {
		t.Errorf("%d products are out of stock, want a few percent", soldOut)
	}
	if len(texts) < 2350 {
		t.Errorf("%d different descriptions, want nearly 2400", len(texts))
	}
}

func TestPricesAndDatesAreBelievable(t *testing.T) {
	s, _ := small()
	for i, p := range s.Products() {
		k := s.lexicon.kinds[s.items[i].kind]
		if euros := p.Price / 100; euros < int64(k.low)*9/10-5 || euros > int64(k.high) {
			t.Errorf("%s %q costs %d cents, its kind %d to %d euros", p.ID, p.Title, p.Price, k.low, k.high)
		}
		if cents := p.Price % 100; p.Currency != "EUR" || (cents != 0 && cents != 50 && cents != 90 && cents != 95) {
			t.Errorf("%s costs %d cents %s", p.ID, p.Price, p.Currency)
		}
		if p.PublishedAt.After(DefaultEnd()) || p.PublishedAt.Before(DefaultEnd().AddDate(-3, 0, -2)) {
			t.Errorf("%s was published %v", p.ID, p.PublishedAt)
		}
	}
}

func TestComplementsComeFromOtherKindsThatGoTogether(t *testing.T) {
	s, _ := small()
	partners := parsePartners(s.lexicon)
	linked := 0
	for i, p := range s.Products() {
		list := s.Complements(p.ID)
		if want := len(partners[s.items[i].kind]) * 2; len(list) > want {
			t.Errorf("%s has %d complements, want at most %d", p.ID, len(list), want)
		}
		if len(list) > 0 {
			linked++
		}
		for _, id := range list {
			if id == p.ID {
				t.Errorf("%s goes with itself", id)
			}
		}
	}
	if linked < 600 {
		t.Errorf("%d products have complements, want at least a quarter", linked)
	}
	if got := s.Complements("nothing"); got != nil {
		t.Errorf(`Complements("nothing") = %v, want none`, got)
	}
}

func TestVocabularyMistakesPanic(t *testing.T) {
	for _, text := range []string{"== A\n-- B\n* kind 9", "nonsense"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("parseLexicon(%q) does not panic", text)
				}
			}()
			parseLexicon(text)
		}()
	}
}

func TestKindsAreNamedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range vocabulary().kinds {
		if seen[k.name] {
			t.Errorf("kind %q is there twice", k.name)
		}
		seen[k.name] = true
	}
}
