package bell

import (
	"fmt"
	"testing"

	"valse/store"
)

func TestWhoFallsBehindIsToldWhatWasMissedAndHearsTheRest(t *testing.T) {
	b := New()
	notices, err := b.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range backlog + 2 {
		b.Ring(store.Notice{Kind: store.NoticeUser, ID: fmt.Sprint(n)})
	}
	if n := <-notices; n.Kind != store.NoticeMissed {
		t.Errorf("first notice = %+v, want that some were missed", n)
	}
	for n := backlog; n < backlog+2; n++ {
		if got := <-notices; got.ID != fmt.Sprint(n) {
			t.Errorf("notice %q, want %d", got.ID, n)
		}
	}
}

func TestAClosedBellEndsAllWatchesAndTakesNoMore(t *testing.T) {
	b := New()
	notices, err := b.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	b.Ring(store.Notice{Kind: store.NoticeModel})
	if n, open := <-notices; open {
		t.Errorf("a closed bell rings: %+v", n)
	}
	if _, err := b.Watch(t.Context()); err == nil {
		t.Error("a closed bell can be watched")
	}
}
