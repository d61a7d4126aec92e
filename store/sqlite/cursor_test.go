package sqlite

import (
	"errors"
	"testing"

	"valse/store"
)

func FuzzACursorIsReadAsWrittenOrRefused(f *testing.F) {
	f.Add("", int64(0), "", "")
	f.Add("nonsense", int64(-1), "title", "id, \x01")
	f.Add(cursor{text: "a"}.encode(7)+"\r\n", int64(0), "", "") // base64 takes line ends
	f.Fuzz(func(t *testing.T, foreign string, number int64, text, id string) {
		want := cursor{number: number, text: text, id: id}
		got, err := decodeCursor("after", want.encode(7), 7)
		if err != nil || got != want {
			t.Fatalf("decodeCursor(encode(%+v)) = %+v, %v", want, got, err)
		}
		if _, err := decodeCursor("after", want.encode(7), 8); !errors.Is(err, store.ErrInvalid) {
			t.Fatalf("a cursor of another query = %v, want invalid", err)
		}
		if c, err := decodeCursor("after", foreign, 7); err == nil && c.encode(7) != foreign {
			t.Fatalf("decodeCursor(%q) = %+v, which is not what it says", foreign, c)
		}
	})
}

func TestACursorOfNoPartOfASearchIsRefused(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), "main", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, q := range []store.ProductQuery{{Order: store.ByMatch, Search: "lamp"}, {Order: store.ByMatch}} {
		for _, part := range []int64{-1, 2, 1 << 40} {
			forged := q
			forged.After = cursor{number: part, text: "a", id: "a"}.encode(queryHash("products", q.Category, q.Vendor, q.Search, q.IncludeHidden, q.Order))
			if _, err := s.Products(t.Context(), forged); !errors.Is(err, store.ErrInvalid) {
				t.Errorf("Products(%+v) after part %d = %v, want invalid", q, part, err)
			}
		}
	}
}
