package rule

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

func someBook() *Book {
	from := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	return &Book{
		Version: 3, SavedAt: from, Author: "mo", Note: "summer",
		Rules: []Rule{
			{ID: "a", Kind: Boost, Enabled: true, Shelves: []Shelf{ForYou, New}, From: &from, Factor: 2, Where: Match{Categories: []string{"Garden > Chairs"}, MaxPrice: 9900}},
			{ID: "b", Kind: Pin, Position: 1, Where: Match{Products: []string{"p1"}}},
			{ID: "c", Kind: Limit, Enabled: true, MaxPerVendor: 2},
			{ID: "d", Kind: Diversify, Enabled: true, Strength: 0.3},
			{ID: "e", Kind: Explore, Share: 0.1},
			{ID: "f", Kind: NotOwn, Enabled: true},
			{ID: "g", Kind: Hide, Where: Match{Vendors: []string{"Acme"}}},
			{ID: "h", Kind: Only, Where: Match{MinPrice: 100}},
			{ID: "i", Kind: Bury, Factor: 10, Where: Match{Vendors: []string{"Acme"}}},
		},
	}
}

func TestABookIsReadAsItWasWritten(t *testing.T) {
	b := someBook()
	if err := b.Validate(); err != nil {
		t.Fatal(err)
	}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, got); diff != "" {
		t.Errorf("book differs (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoBookIsRefused(t *testing.T) {
	for _, text := range []string{"", "{", `{"rule":[]}`, `{"rules":[{"id":"a","kind":"BOOST","facter":2}]}`, `{"format":2,"rules":[]}`, `{"rules":[]} {}`} {
		if b, err := Decode([]byte(text)); err == nil {
			t.Errorf("Decode(%s) = %+v, want an error", text, b)
		}
	}
}

func TestAWrongRuleIsRefusedByTheFieldThatIsWrong(t *testing.T) {
	late := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	early := late.Add(-time.Hour)
	some := Match{Vendors: []string{"v"}}
	for field, r := range map[string]Rule{
		"id":             {Kind: NotOwn},
		"kind":           {ID: "a", Kind: "SHOUT"},
		"note":           {ID: "a", Kind: NotOwn, Note: strings.Repeat("x", MaxText+1)},
		"shelves":        {ID: "a", Kind: NotOwn, Shelves: []Shelf{"FLOOR"}},
		"shelves ":       {ID: "a", Kind: Explore, Share: 0.1, Shelves: []Shelf{BestSellers}},
		"until":          {ID: "a", Kind: NotOwn, From: &late, Until: &early},
		"factor":         {ID: "a", Kind: Boost, Where: some, Factor: 1},
		"factor ":        {ID: "a", Kind: Bury, Where: some, Factor: MaxFactor + 1},
		"factor  ":       {ID: "a", Kind: Hide, Where: some, Factor: 2},
		"where":          {ID: "a", Kind: Boost, Factor: 2},
		"where ":         {ID: "a", Kind: Hide},
		"where  ":        {ID: "a", Kind: NotOwn, Where: some},
		"where   ":       {ID: "a", Kind: Pin, Position: 1, Where: Match{Products: []string{"p"}, Vendors: []string{"v"}}},
		"where.products": {ID: "a", Kind: Pin, Position: 1},
		"where.vendors":  {ID: "a", Kind: Hide, Where: Match{Vendors: []string{""}}},
		"where.maxPrice": {ID: "a", Kind: Hide, Where: Match{MinPrice: 2, MaxPrice: 1}},
		"where.minPrice": {ID: "a", Kind: Hide, Where: Match{MinPrice: -2}},
		"position":       {ID: "a", Kind: Pin, Where: Match{Products: []string{"p"}}},
		"maxPerVendor":   {ID: "a", Kind: Limit},
		"strength":       {ID: "a", Kind: Diversify, Strength: 1},
		"share":          {ID: "a", Kind: Explore, Share: 0.6},
	} {
		err := (&Book{Rules: []Rule{{ID: "z", Kind: NotOwn}, r}}).Validate()
		var invalid *store.Invalid
		if !errors.As(err, &invalid) || invalid.Field != "rules[1]."+strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := (&Book{Rules: []Rule{{ID: "a", Kind: NotOwn}, {ID: "a", Kind: NotOwn}}}).Validate(); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("two rules of one id: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	data, _ := someBook().Encode()
	f.Add(data)
	f.Add([]byte(`{"format":1,"rules":[{"id":"a","kind":"LIMIT","maxPerVendor":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Decode(data)
		if err != nil || b.Validate() != nil {
			return
		}
		again, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if c, err := Decode(again); err != nil || !reflect.DeepEqual(b, c) && !cmp.Equal(b, c) {
			t.Errorf("%s\nis read again as %+v, %v", again, c, err)
		}
	})
}
