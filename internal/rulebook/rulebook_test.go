package rulebook

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine/rule"
	"valse/store"
	"valse/store/sqlite"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) *Books {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return New(s, func() time.Time { return noon })
}

func hide(vendor string) []rule.Rule {
	return []rule.Rule{{ID: "a", Kind: rule.Hide, Enabled: true, Where: rule.Match{Vendors: []string{vendor}}}}
}

func TestEveryVersionStaysAsItWasSaved(t *testing.T) {
	b := open(t)
	if first, err := b.Current(t.Context()); err != nil || first.Version != 0 || len(first.Rules) != 0 {
		t.Fatalf("before the first: %+v, %v", first, err)
	}
	var saved []*rule.Book
	for v := range int64(20) {
		book, err := b.Save(t.Context(), v, hide(fmt.Sprint("v", v)), "mo", fmt.Sprint("note ", v))
		if err != nil || book.Version != v+1 || !book.SavedAt.Equal(noon) {
			t.Fatalf("Save = %+v, %v", book, err)
		}
		saved = append([]*rule.Book{book}, saved...)
	}
	history, err := b.History(t.Context(), MaxHistory)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saved, history); diff != "" {
		t.Errorf("history differs (-want +got):\n%s", diff)
	}
	for _, want := range saved {
		if got, err := b.Book(t.Context(), want.Version); err != nil || !cmp.Equal(got, want) {
			t.Errorf("version %d = %+v, %v", want.Version, got, err)
		}
	}
	if newer, err := b.Newer(t.Context(), 19); err != nil || !newer {
		t.Errorf("newer than 19: %v, %v", newer, err)
	}
	if newer, err := b.Newer(t.Context(), 20); err != nil || newer {
		t.Errorf("newer than 20: %v, %v", newer, err)
	}
}

func TestAnOldVersionIsMadeCurrentByTheNextNumber(t *testing.T) {
	b := open(t)
	for v, vendor := range []string{"x", "y"} {
		if _, err := b.Save(t.Context(), int64(v), hide(vendor), "mo", ""); err != nil {
			t.Fatal(err)
		}
	}
	book, err := b.Restore(t.Context(), 2, 1, "jo")
	if err != nil || book.Version != 3 || book.Note != "Back to version 1" || book.Rules[0].Where.Vendors[0] != "x" {
		t.Errorf("Restore = %+v, %v", book, err)
	}
	if book, err = b.Restore(t.Context(), 3, 0, "jo"); err != nil || len(book.Rules) != 0 {
		t.Errorf("Restore to no rules = %+v, %v", book, err)
	}
	if _, err := b.Restore(t.Context(), 4, 9, "jo"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Restore of a version that never was = %v", err)
	}
}

func TestOfManyWhoEditOneVersionOneSaves(t *testing.T) {
	b := open(t)
	var saved, refused atomic.Int32
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			switch _, err := b.Save(context.Background(), 0, hide(fmt.Sprint(n)), "", ""); {
			case err == nil:
				saved.Add(1)
			case errors.Is(err, store.ErrConflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if saved.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d saved and %d were refused", saved.Load(), refused.Load())
	}
	if _, err := b.Save(t.Context(), 5, hide("x"), "", ""); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Save over a version that never was = %v", err)
	}
}

func TestABookThatIsNotValidIsNotSaved(t *testing.T) {
	b := open(t)
	if _, err := b.Save(t.Context(), 0, []rule.Rule{{ID: "a", Kind: rule.Boost}}, "", ""); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("Save = %v", err)
	}
	if book, err := b.Current(t.Context()); err != nil || book.Version != 0 {
		t.Errorf("Current = %+v, %v", book, err)
	}
}
