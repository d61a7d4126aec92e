package redis

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/store"
)

// packed is an event as the append script stores it.
func packed(i *store.Interaction) string {
	return stamp(i.Seq) + stamp(i.RecordedAt.UnixMicro()) + packBody(i)
}

func TestAnEventIsUnpackedAsItWasPacked(t *testing.T) {
	noon := time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)
	for _, want := range []store.Interaction{
		{EventID: "e", UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: noon, Seq: 1, RecordedAt: noon},
		{EventID: "e", UserID: "u", ProductID: strings.Repeat("🦊", 64), Type: store.Click, Value: 0.1, Time: time.Unix(0, 0).UTC(),
			Basket: "a\x00b", RecommendationID: "r", Seq: 1<<53 - 1, RecordedAt: noon},
	} {
		want.Shard = shardOf(want.UserID)
		got, err := unpackEvent("u", "e", packed(&want))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("unpackEvent: %v, differs (-want +got):\n%s", err, diff)
		}
	}
}

func TestEventsThatAreTheSameHaveTheSameBody(t *testing.T) {
	one := store.Interaction{ProductID: "p", Type: store.Rating, Value: 3.5, Time: time.Now()}
	other := one
	other.Time, other.Seq, other.RecordedAt = one.Time.UTC().Truncate(time.Microsecond), 9, time.Now()
	if packBody(&one) != packBody(&other) {
		t.Error("packBody tells events apart that Same does not")
	}
	for name, change := range map[string]func(i *store.Interaction){
		"product":        func(i *store.Interaction) { i.ProductID = "q" },
		"type":           func(i *store.Interaction) { i.Type = store.Purchase },
		"value":          func(i *store.Interaction) { i.Value = 3 },
		"time":           func(i *store.Interaction) { i.Time = i.Time.Add(time.Microsecond) },
		"basket":         func(i *store.Interaction) { i.Basket = "b" },
		"recommendation": func(i *store.Interaction) { i.RecommendationID = "b" },
	} {
		other := one
		if change(&other); packBody(&one) == packBody(&other) {
			t.Errorf("packBody does not see another %s", name)
		}
	}
}

func FuzzUnpackEvent(f *testing.F) {
	f.Add(packed(&store.Interaction{ProductID: "p", Type: store.View, Value: 1, Time: time.Now(), RecordedAt: time.Now(), Seq: 7}))
	f.Add(strings.Repeat("0", headerSize) + "\x01\x02")
	f.Fuzz(func(t *testing.T, text string) {
		event, err := unpackEvent("u", "e", text)
		if err != nil {
			return
		}
		again, err := unpackEvent("u", "e", packed(&event))
		if err != nil || !again.Same(&event) && event.Value == event.Value {
			t.Errorf("unpackEvent(%q) = %+v, packed again %+v, %v", text, event, again, err)
		}
	})
}

func FuzzUnpackList(f *testing.F) {
	f.Add(packList([]store.Scored{{ProductID: "p", Score: 1.5}, {ProductID: "", Score: -1}}))
	f.Add("\x05ab")
	f.Fuzz(func(t *testing.T, text string) {
		items, err := unpackList(text)
		if err == nil && len(packList(items)) > len(text) {
			t.Errorf("unpackList(%q) = %v, which packs to more than it came from", text, items)
		}
	})
}

func FuzzUnpackProduct(f *testing.F) {
	record, err := packProduct(&store.Product{ID: "p", Title: "Title", Attributes: map[string]string{"a": "b"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(stamp(7) + record)
	f.Add(strings.Repeat("0", productHeader) + "\x00{")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := unpackProduct("p", text)
		if err != nil {
			return
		}
		if record, err := packProduct(&p); err == nil {
			again, err := unpackProduct("p", text[:16]+record)
			if diff := cmp.Diff(p, again, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("unpackProduct(%q) packed again: %v, differs (-want +got):\n%s", text, err, diff)
			}
		}
	})
}

func FuzzDecodeCursor(f *testing.F) {
	f.Add("query", encodeCursor("query", "place"))
	f.Add("query", "AAAA")
	f.Add("query", "\r\n"+encodeCursor("query", "place")) // base64 takes line ends
	f.Fuzz(func(t *testing.T, query, cursor string) {
		place, err := decodeCursor(query, cursor)
		if err == nil && cursor != "" && encodeCursor(query, place) != cursor {
			t.Errorf("decodeCursor(%q, %q) = %q, whose cursor is another", query, cursor, place)
		}
	})
}
