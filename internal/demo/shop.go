package demo

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"valse/store"
)

// Size is how big a shop is.
type Size struct {
	Products int
	Users    int // personas included, who come first
}

// Small is the size of the demo: a quick start with believable shelves.
func Small() Size { return Size{Products: 2_400, Users: 5_000} }

// Large is a size for load trials.
func Large() Size { return Size{Products: 100_000, Users: 1_000_000} }

// ParseSize reads "demo" or "large"; the error is a [store.Invalid].
func ParseSize(name string) (Size, error) {
	switch name {
	case "demo":
		return Small(), nil
	case "large":
		return Large(), nil
	}
	return Size{}, &store.Invalid{Field: "size", Value: name, Want: "demo or large"}
}

// sortedUsers is up to how many users interactions are put in order of time,
// which needs all of them in memory (40 bytes each).
const sortedUsers = 20_000

// Shop is a made-up shop. It is immutable and safe for concurrent use.
type Shop struct {
	seed  uint64
	size  Size
	end   time.Time
	start time.Time // of the interactions: eighteen months before end

	lexicon     *lexicon
	items       []item // parallel to products
	products    []store.Product
	shelves     []shelf   // by category
	crowd       []int     // cumulated popularity of categories
	complements [][]int32 // by item
	leanings    [][]int   // categories that go together in tastes
	following   []int     // cumulated popularity of leanings
	personas    []Persona
}

// DefaultEnd is the end date of a shop that is asked for none.
func DefaultEnd() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }

// New makes the catalogue of a shop whose interactions cover the eighteen
// months before the UTC day of end; the zero end means [DefaultEnd]. The shop
// depends on seed, size and that day alone. A size may be as small as nothing.
func New(seed uint64, size Size, end time.Time) *Shop {
	if end.IsZero() {
		end = DefaultEnd()
	}
	end = store.DayOf(end).Time()
	s := &Shop{
		seed: seed, size: size, end: end, start: end.AddDate(0, -18, 0),
		lexicon: vocabulary(),
	}
	s.stock()
	s.link()
	s.leanings = parseLeanings(s.lexicon)
	s.following = cumulate(newRandom(seed, "following", 0).zipf(len(s.leanings), 11))
	s.personas = parsePersonas(s.lexicon)
	s.personas = s.personas[:min(len(s.personas), max(size.Users, 0))]
	return s
}

// Products returns the catalogue in order of id. The caller must not change it.
func (s *Shop) Products() []store.Product { return s.products }

// Complements returns the ids of the products that go with one, best first:
// the truth behind its baskets. It is empty for an unknown product.
func (s *Shop) Complements(productID string) []string {
	i, ok := slices.BinarySearchFunc(s.products, productID, func(p store.Product, id string) int {
		return cmp.Compare(p.ID, id)
	})
	if !ok {
		return nil
	}
	ids := make([]string, len(s.complements[i]))
	for j, other := range s.complements[i] {
		ids[j] = s.products[other].ID
	}
	return ids
}

// Users yields every user, personas first.
func (s *Shop) Users() iter.Seq[store.User] {
	return func(yield func(store.User) bool) {
		for u := range s.size.Users {
			if !yield(s.user(u)) {
				return
			}
		}
	}
}

// Interactions yields everything that happened: in order of time in a shop of
// up to 20,000 users, else user by user, each in order of time.
func (s *Shop) Interactions() iter.Seq[store.Interaction] {
	if s.size.Users > sortedUsers {
		return s.interactionsByUser
	}
	return func(yield func(store.Interaction) bool) {
		var all []event
		for u := range s.size.Users {
			all = append(all, s.history(u)...)
		}
		slices.SortStableFunc(all, func(a, b event) int { return cmp.Compare(a.at, b.at) })
		for _, e := range all {
			if !yield(s.interaction(e)) {
				return
			}
		}
	}
}

func (s *Shop) interactionsByUser(yield func(store.Interaction) bool) {
	for u := range s.size.Users {
		for _, e := range s.history(u) {
			if !yield(s.interaction(e)) {
				return
			}
		}
	}
}

// interaction spells an event out.
func (s *Shop) interaction(e event) store.Interaction {
	i := store.Interaction{
		EventID:   fmt.Sprintf("d-%d-%d", e.user, e.number),
		UserID:    s.userID(int(e.user)),
		ProductID: s.products[e.item].ID,
		Type:      e.kind,
		Value:     float64(e.halves) / 2,
		Time:      time.Unix(e.at, 0).UTC(),
		Basket:    fmt.Sprintf("b-%d-%d", e.user, e.visit),
	}
	if e.listed {
		i.RecommendationID = fmt.Sprintf("r-%d-%d", e.user, e.visit)
	}
	return i
}
