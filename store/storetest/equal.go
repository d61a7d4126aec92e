package storetest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/store"
)

// noon is the instant that checks count from: fixed, whole microseconds.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

// equal compares what the contracts compare: nothing stored is the same as an
// empty slice or map, and what the store sets itself is left out.
var equal = gocmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(store.Product{}, "UpdatedAt"),
	cmpopts.IgnoreFields(store.Interaction{}, "Shard", "Seq", "RecordedAt"),
}

// same fails the test when got is not want.
func same[T any](u *subject, what string, got, want T) {
	u.t.Helper()
	if diff := gocmp.Diff(want, got, equal); diff != "" {
		u.t.Fatalf("%s differs (-want +got):\n%s", what, diff)
	}
}

// fails fails the test when err is not the sentinel.
func (u *subject) fails(what string, err, sentinel error) {
	u.t.Helper()
	if !errors.Is(err, sentinel) {
		u.t.Fatalf("%s = %v, want error %q", what, err, sentinel)
	}
}

// sortedBy returns a copy in the order of a key.
func sortedBy[T any, K cmp.Ordered](in []T, key func(T) K) []T {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return out
}

// pluck maps a slice.
func pluck[T, V any](in []T, f func(T) V) []V {
	out := make([]V, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

func productID(p store.Product) string          { return p.ID }
func userID(v store.User) string                { return v.ID }
func eventID(i store.Interaction) string        { return i.EventID }
func ratedProduct(r store.UserRating) string    { return r.ProductID }
func publishedModel(p store.Publication) string { return p.ModelID }
func runID(r store.Run) string                  { return r.ID }
