package model

import (
	"testing"

	"valse/store"
)

func TestMoneyIsWrittenTheWayItsCurrencyIs(t *testing.T) {
	for _, c := range []struct {
		amount   int64
		currency string
		want     string
	}{
		{1290, "EUR", "€12.90"},
		{123456789, "USD", "$1,234,567.89"},
		{0, "GBP", "£0.00"},
		{500, "JPY", "¥500"},
		{1500, "KWD", "KWD 1.500"},
		{1290, "???", "??? 12.90"},
	} {
		if got := (&Money{Amount: c.amount, Currency: c.currency}).Formatted(); got != c.want {
			t.Errorf("%d %s reads %q, want %q", c.amount, c.currency, got, c.want)
		}
	}
}

func TestLocalIDTakesGlobalIdsOfItsKindApartAndLeavesTheRest(t *testing.T) {
	for _, id := range []string{"p1", "a:b", "Product:x", "UHJvZHVjdA==", "日本", "x\x00y"} {
		if got := LocalID(KindProduct, GlobalID(KindProduct, id)); got != id {
			t.Errorf("LocalID(GlobalID(%q)) = %q", id, got)
		}
		if got := LocalID(KindProduct, id); got != id {
			t.Errorf("LocalID(%q) = %q, want it as it is", id, got)
		}
		if foreign := GlobalID(KindUser, id); LocalID(KindProduct, foreign) != foreign {
			t.Errorf("the global id of a user passes for a product's")
		}
	}
	if _, _, ok := SplitID("bm9uc2Vuc2U6eA=="); ok {
		t.Error("an id of no kind was taken apart")
	}
}

func TestAProductShowsNullForWhatIsUnknown(t *testing.T) {
	p := Product{store.Product{ID: "a/b ü", Price: -1}}
	if p.Price() != nil || p.Category() != nil || p.Vendor() != nil || len(p.Attributes()) != 0 || !p.InStock() {
		t.Errorf("an empty product shows %v %v %v", p.Price(), p.Category(), p.Vendor())
	}
	if got := p.ImageURL(); got != "/covers/a%2Fb%20%C3%BC.svg" {
		t.Errorf("ImageURL = %s", got)
	}
	c := Category{Path: "Outdoor > Trail running > Shoes"}
	if c.Name() != "Shoes" || c.Department() != "Outdoor" {
		t.Errorf("category %s in %s", c.Name(), c.Department())
	}
}
