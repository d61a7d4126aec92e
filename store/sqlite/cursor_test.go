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
