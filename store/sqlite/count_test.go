package sqlite

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

func FuzzPackedCountsAreReadAsWrittenOrRefused(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{countsFormat, 200})
	f.Add(packCounts([]itemCount{{1, store.View, 3}, {1, store.Cart, -1}, {900, store.Rating, 1 << 40}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		counts, err := unpackCounts(b)
		if err != nil {
			return
		}
		again, err := unpackCounts(packCounts(counts))
		if err != nil || !slices.Equal(again, counts) {
			t.Fatalf("unpackCounts(packCounts(%v)) = %v, %v", counts, again, err)
		}
	})
}

func TestPiecesOfADayStayFewAndAddUp(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	const rounds = 300
	want := map[string]int64{}
	for n := range rounds {
		var batch []store.Interaction
		for event := range 1 + n%7 {
			product := fmt.Sprint(n * 31 % (40 + event))
			want[product]++
			batch = append(batch, store.Interaction{
				EventID: fmt.Sprint(n, "-", event), UserID: "u", ProductID: product, Type: store.View, Value: 1, Time: time.Unix(86400, 0),
			})
		}
		if _, err := s.Append(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int64{}
	if err := s.Counts(t.Context(), 0, func(c store.Count) error { got[c.ProductID] += c.N; return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	var pieces int
	if err := s.read.get(t.Context(), []any{&pieces}, "SELECT count(*) FROM day_counts"); err != nil {
		t.Fatal(err)
	}
	if most := bits.Len(uint(4 * len(want))); pieces > most {
		t.Errorf("%d appends left %d pieces of a day with %d counts, want at most %d", rounds, pieces, len(want), most)
	}
}

func TestCountsMergedBetweenTwoChunksAreReadOnce(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	events := 0
	add := func(day, products int) {
		batch := make([]store.Interaction, products)
		for n := range batch {
			events++
			batch[n] = store.Interaction{
				EventID: fmt.Sprint(events), UserID: "u", ProductID: fmt.Sprint(n), Type: store.View, Value: 1, Time: store.Day(day).Time(),
			}
		}
		if _, err := s.Append(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	// The first chunk would end between the two pieces of the last day.
	for day := range countsChunk - 1 {
		add(day, 1)
	}
	const last, many, few = countsChunk - 1, 40, 10
	add(last, many)
	add(last, few)
	var got int64
	merged := false
	err := s.Counts(t.Context(), 0, func(c store.Count) error {
		if !merged {
			merged = true
			add(last, many)
		}
		if c.Day == last {
			got += c.N
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got != many+few && got != many+few+many {
		t.Errorf("a day of %d counts, to which %d are added while it is read, has %d", many+few, many, got)
	}
}
