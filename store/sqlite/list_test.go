package sqlite

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

func FuzzAPackedListIsReadAsWrittenOrRefused(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{listFormat, 200})
	f.Add(packList([]store.Scored{{ProductID: "a, b", Score: 1.5}, {ProductID: "", Score: -1}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := unpackList(b)
		if err != nil {
			return
		}
		again, err := unpackList(packList(items))
		if err != nil || !cmp.Equal(packList(again), packList(items)) {
			t.Fatalf("unpackList(packList(%v)) = %v, %v", items, again, err)
		}
		if len(items) == 0 && !bytes.Equal(b, packList(nil)) {
			t.Fatalf("unpackList(%v) is empty", b)
		}
	})
}
