package trace

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store"
)

// memory is the setting of one partition.
type memory struct{ key []byte }

func (m *memory) InitSetting(_ context.Context, _ string, value []byte) ([]byte, error) {
	if m.key == nil {
		m.key = value
	}
	return m.key, nil
}

func newSealer(t testing.TB, m *memory) *Sealer {
	t.Helper()
	s, err := NewSealer(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func TestAnIDTellsItsOriginToEveryServerOfThePartition(t *testing.T) {
	var partition memory
	one, other, stranger := newSealer(t, &partition), newSealer(t, &partition), newSealer(t, &memory{})
	for _, o := range []Origin{
		{},
		{Shelf: "FOR_YOU", ModelID: "20261126T011200-ab12"},
		{Shelf: "CATEGORY_BEST_SELLERS", ModelID: "a, model; é", Rules: 1 << 30, Experiment: 99_999, Arm: 1},
	} {
		id := one.ID(o, noon)
		if len(id) > 256 || len(id) > 90+len(o.ModelID)*2 {
			t.Errorf("ID(%v) has %d bytes", o, len(id))
		}
		if got, ok := other.Open(id); !ok || got != o {
			t.Errorf("Open(ID(%v)) = %v, %v", o, got, ok)
		}
		if _, ok := stranger.Open(id); ok {
			t.Errorf("another partition opens the id of %v", o)
		}
		if id == one.ID(o, noon) {
			t.Errorf("two lists of one second have the id %s", id)
		}
	}
}

func TestAnIDThatWasTamperedWithOpensNothing(t *testing.T) {
	s := newSealer(t, &memory{})
	id := s.ID(Origin{Shelf: "FOR_YOU", ModelID: "m1", Experiment: 3}, noon)
	raw, _ := base64.RawURLEncoding.DecodeString(id)
	for i := range raw {
		for bit := range 8 {
			forged := []byte(string(raw))
			forged[i] ^= 1 << bit
			if o, ok := s.Open(base64.RawURLEncoding.EncodeToString(forged)); ok {
				t.Fatalf("byte %d, bit %d flipped opens as %v", i, bit, o)
			}
		}
	}
	for _, other := range []string{"", "x", id[:len(id)-1], id + "A", strings.Repeat("A", 40), "0197c0de-0000-7000-8000-000000000000"} {
		if o, ok := s.Open(other); ok {
			t.Errorf("Open(%q) = %v", other, o)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := newSealer(f, &memory{})
	f.Add(s.ID(Origin{Shelf: "NEW"}, noon))
	f.Add("AQAA")
	f.Fuzz(func(t *testing.T, id string) {
		if o, ok := s.Open(id); ok && o != (Origin{Shelf: "NEW"}) {
			t.Errorf("Open(%q) = %v", id, o)
		}
	})
}

func FuzzParseCredit(f *testing.F) {
	f.Add(Merit{Origin{"FOR_YOU", "m1", 2, 3, 1}, 63}.Credit())
	f.Add("0,0,0,0,,")
	f.Fuzz(func(t *testing.T, credit string) {
		m, err := ParseCredit(credit)
		if err != nil {
			return
		}
		if again, err := ParseCredit(m.Credit()); err != nil || again != m {
			t.Errorf("ParseCredit(%q) = %v; its own text is %v, %v", credit, m, again, err)
		}
	})
}

// history is a store's histories of clicks.
type history map[string][]store.Interaction

func (h history) History(_ context.Context, userID string, _ store.HistoryQuery) (store.HistoryPage, error) {
	return store.HistoryPage{Interactions: h[userID]}, nil
}

func TestPurchasesCountForTheListTheyNameElseForTheLastTouch(t *testing.T) {
	s := newSealer(t, &memory{})
	forYou, similar := Origin{Shelf: "FOR_YOU", ModelID: "m1"}, Origin{Shelf: "SIMILAR", ModelID: "m1", Experiment: 4, Arm: 1}
	did := func(kind store.EventType, product string, ago time.Duration, o *Origin) store.Interaction {
		i := store.Interaction{UserID: "ann", ProductID: product, Type: kind, Time: noon.Add(-ago)}
		if o != nil {
			i.RecommendationID = s.ID(*o, i.Time)
		}
		return i
	}
	past := history{"ann": {
		did(store.Click, "tea", 2*time.Hour, &similar), did(store.Click, "tea", 3*time.Hour, &forYou),
		did(store.Click, "pot", Window, &forYou), did(store.Click, "cup", Window+time.Second, &forYou),
		did(store.Click, "jar", -time.Hour, &forYou), did(store.Click, "pan", time.Hour, nil),
	}}
	forged := did(store.Impression, "tea", 0, nil)
	forged.RecommendationID = "0197c0de-0000-7000-8000-000000000000"
	for _, c := range []struct {
		name string
		e    store.Interaction
		want *Origin
	}{
		{"an impression of a list", did(store.Impression, "tea", 0, &forYou), &forYou},
		{"an impression with an id that is not ours", forged, nil},
		{"a view without an id", did(store.View, "tea", 0, nil), nil},
		{"a purchase that names a list", did(store.Purchase, "tea", 0, &forYou), &forYou},
		{"a purchase of what was clicked in two lists", did(store.Purchase, "tea", 0, nil), &similar},
		{"a purchase between two clicks", did(store.Cart, "tea", 150*time.Minute, nil), &forYou},
		{"a purchase at the end of the window", did(store.Purchase, "pot", 0, nil), &forYou},
		{"a purchase after the window", did(store.Purchase, "cup", 0, nil), nil},
		{"a purchase before the click", did(store.Purchase, "jar", 0, nil), nil},
		{"a purchase after a click in no list of ours", did(store.Purchase, "pan", 0, nil), nil},
	} {
		batch := []store.Interaction{c.e}
		if err := s.Credit(t.Context(), past, batch); err != nil {
			t.Fatal(err)
		}
		want := ""
		if c.want != nil {
			want = c.want.merit("ann").Credit()
		}
		if batch[0].Credit != want {
			t.Errorf("%s counts for %q, want %q", c.name, batch[0].Credit, want)
		}
	}
	batch := []store.Interaction{did(store.Click, "mug", time.Minute, &forYou), did(store.Purchase, "mug", 0, nil)}
	if err := s.Credit(t.Context(), past, batch); err != nil || batch[1].Credit != batch[0].Credit || batch[0].Credit == "" {
		t.Errorf("click and purchase in one call = %q and %q, %v", batch[0].Credit, batch[1].Credit, err)
	}
}

func TestBucketsAreEvenAndUnrelatedBetweenExperiments(t *testing.T) {
	random := trial.Rand(t)
	const users = 64_000
	var sizes [Buckets]int
	together := 0
	for range users {
		user := strconv.FormatUint(random.Uint64(), 36)
		b := Bucket(1, user)
		sizes[b]++
		if Bucket(2, user) == b {
			together++
		}
	}
	for b, n := range sizes {
		if n < 800 || n > 1200 { // 1,000 ± 6.3 standard deviations
			t.Errorf("bucket %d holds %d of %d users", b, n, users)
		}
	}
	if together < 800 || together > 1200 {
		t.Errorf("%d of %d users fall into the same bucket of two experiments, want one in %d", together, users, Buckets)
	}
}
