package sqlite

import (
	"testing"
	"time"

	"valse/store"
)

func TestAnotherProcessIsHeardOf(t *testing.T) {
	dir := t.TempDir()
	here, there := openTest(t, dir, "main"), openTest(t, dir, "main")
	notices, err := here.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hear := func(want store.NoticeKind) {
		t.Helper()
		select {
		case n := <-notices:
			if n.Kind != want {
				t.Errorf("notice = %+v, want %s", n, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("no notice of %s", want)
		}
	}
	if err := there.PutSetting(t.Context(), "name", []byte("says nothing")); err != nil {
		t.Fatal(err)
	}
	if _, err := there.Publish(t.Context(), store.Publication{ModelID: "m"}); err != nil {
		t.Fatal(err)
	}
	hear(store.NoticeModel)
	if _, _, err := there.PutProducts(t.Context(), []store.Product{{ID: "p"}}); err != nil {
		t.Fatal(err)
	}
	hear(store.NoticeCatalog)
}
