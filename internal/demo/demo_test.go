package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"valse/store"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/golden.txt")

// small is the demo shop and everything that happened in it.
var small = sync.OnceValues(func() (*Shop, []store.Interaction) {
	s := New(1, Small(), time.Time{})
	return s, slices.Collect(s.Interactions())
})

// tiny is a shop that is quick to make.
func tiny() *Shop { return New(7, Size{Products: 180, Users: 60}, time.Time{}) }

func TestShopIsTheSameToTheByte(t *testing.T) {
	s, interactions := small()
	got := new(strings.Builder)
	for _, part := range []struct {
		name  string
		write func(context.Context, io.Writer) error
	}{{"products", s.WriteProducts}, {"users", s.WriteUsers}, {"interactions", s.WriteInteractions}} {
		h := sha256.New()
		if err := part.write(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(got, "%-13s sha256 %x\n", part.name, h.Sum(nil))
	}
	counts := [store.NumEventTypes]int{}
	for i := range interactions {
		counts[interactions[i].Type]++
	}
	for _, kind := range store.EventTypes() {
		fmt.Fprintf(got, "%-13s %6d\n", kind, counts[kind])
	}
	fmt.Fprintf(got, "Gini          %.3f\n", gini(s, interactions))

	const golden = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the shop of seed 1 changed (-want +got; -update accepts it):\n%s", diff)
	}
}

func TestShopDependsOnSeedSizeAndDay(t *testing.T) {
	end := time.Date(2027, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	write := func(s *Shop) string {
		var b bytes.Buffer
		if err := s.WriteInteractions(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	size := Size{Products: 120, Users: 40}
	base := write(New(1, size, end))
	if write(New(1, size, end.Add(6*time.Hour))) != base {
		t.Error("two moments of one day make different shops")
	}
	if write(New(2, size, end)) == base {
		t.Error("two seeds make the same shop")
	}
	if write(New(1, size, end.AddDate(0, 0, 1))) == base {
		t.Error("two days make the same shop")
	}
}

func TestTinyShopsWork(t *testing.T) {
	for _, size := range []Size{{}, {Products: 1}, {Users: 1}, {1, 1}, {1, 30}, {3, 20}, {59, 14}, {61, 15}} {
		s := New(3, size, time.Time{})
		if len(s.Products()) != size.Products {
			t.Errorf("New(%v) has %d products", size, len(s.Products()))
		}
		users := 0
		for range s.Users() {
			users++
		}
		if users != size.Users {
			t.Errorf("New(%v) has %d users", size, users)
		}
		for i := range s.Interactions() {
			if err := i.Validate("", DefaultEnd()); err != nil {
				t.Fatalf("New(%v): %v", size, err)
			}
		}
	}
}

func TestParseSizeKnowsTwoNames(t *testing.T) {
	if got, err := ParseSize("demo"); got != Small() || err != nil {
		t.Errorf(`ParseSize("demo") = %v, %v, want %v`, got, err, Small())
	}
	if got, err := ParseSize("large"); got != Large() || err != nil {
		t.Errorf(`ParseSize("large") = %v, %v, want %v`, got, err, Large())
	}
	if _, err := ParseSize("huge"); err == nil {
		t.Error(`ParseSize("huge") accepts it`)
	}
}

func TestLargeShopStreamsInBoundedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 100,000 products")
	}
	s := New(1, Large(), time.Time{})
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	titles := map[string]bool{}
	for _, p := range s.Products() {
		titles[strings.ToLower(p.Title)] = true
	}
	if len(titles) != Large().Products {
		t.Errorf("%d titles, want %d", len(titles), Large().Products)
	}
	before, n := live(), 0
	for i := range s.Interactions() {
		if err := i.Validate("", DefaultEnd()); err != nil {
			t.Fatal(err)
		}
		if n++; n == 300_000 {
			break
		}
	}
	if grown := int64(live()) - int64(before); grown > 8<<20 {
		t.Errorf("%d interactions left %d bytes behind, want at most 8 MiB", n, grown)
	}
	if n < 300_000 {
		t.Errorf("a large shop has %d interactions, want more", n)
	}
	runtime.KeepAlive(s)
}

func TestExportWritesTheThreeFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := tiny().Export(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for name, header := range map[string]string{
		"products.csv":     "item_id,title,description,category,vendor,price,currency,image_url,published_at,stock,",
		"users.csv":        "user_id,name,persona,created_at\n",
		"interactions.csv": "user_id,item_id,type,value,timestamp,event_id,basket,recommendation_id\n",
	} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(b), header) {
			t.Errorf("%s starts with %.90q, want %q", name, b, header)
		}
		if lines := bytes.Count(b, []byte("\n")); lines < 60 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

func TestExportStopsWhenItIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, _ := small()
	if err := s.WriteInteractions(ctx, io.Discard); err != context.Canceled {
		t.Errorf("WriteInteractions(cancelled) = %v, want %v", err, context.Canceled)
	}
}
