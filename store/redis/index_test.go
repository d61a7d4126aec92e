package redis

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

func TestFacetsAreEachCategoryFromTheDepartmentDownAndTheVendor(t *testing.T) {
	for _, c := range []struct {
		category, vendor string
		want             []string
	}{
		{"", "", nil},
		{"Out", "", []string{"category:Out"}},
		{"Out > Trail > Shoes", "Fell", []string{"category:Out", "category:Out > Trail", "category:Out > Trail > Shoes", "vendor:Fell"}},
		{"Out >", "", []string{"category:Out >"}},
	} {
		got := facetsOf(&store.Product{Category: c.category, Vendor: c.vendor})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("facetsOf(%q, %q) differs (-want +got):\n%s", c.category, c.vendor, diff)
		}
	}
}

func TestASearchHasEachWordOnceAndItsPrefixLast(t *testing.T) {
	for search, want := range map[string][]string{
		"":                        nil,
		" - ":                     nil,
		"Red":                     {"red"},
		"red, RED trail-red sho":  {"red", "trail", "sho"},
		"Ähre d'été \u0065\u0301": {"d", "ähre", "été", "e\u0301"},
	} {
		if diff := cmp.Diff(want, searchWords(search)); diff != "" {
			t.Errorf("searchWords(%q) differs (-want +got):\n%s", search, diff)
		}
	}
}

func TestSortKeysOrderAsTheirOrdersSay(t *testing.T) {
	at := func(year int) store.Product {
		return store.Product{PublishedAt: time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)}
	}
	priced := func(cents int64) store.Product { return store.Product{Price: cents} }
	for _, c := range []struct {
		order  store.ProductOrder
		sorted []store.Product
	}{
		{store.ByNewest, []store.Product{at(2100), at(2026), at(1970), at(1890), {}}},
		{store.ByPrice, []store.Product{priced(0), priced(9), priced(10), priced(1 << 40), priced(-1)}},
		{store.ByTitle, []store.Product{{Title: "A"}, {Title: "A b"}, {Title: "Ab"}, {Title: "a"}, {Title: "Ä"}}},
	} {
		keys := make([]string, len(c.sorted))
		for n := range c.sorted {
			keys[n] = orderEntry(&c.sorted[n], c.order)
		}
		if !slices.IsSorted(keys) {
			t.Errorf("order %d: keys %q are not sorted", c.order, keys)
		}
	}
}

func TestEveryWordHasItsShortPrefixes(t *testing.T) {
	words, prefixes := wordsOf("A Ähren-Tee", "a")
	want := map[string]bool{"a": true, "ähren": true, "tee": true}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Errorf("words differ (-want +got):\n%s", diff)
	}
	want = map[string]bool{"a": true, "ä": true, "äh": true, "ähr": true, "t": true, "te": true, "tee": true}
	if diff := cmp.Diff(want, prefixes); diff != "" {
		t.Errorf("prefixes differ (-want +got):\n%s", diff)
	}
}
