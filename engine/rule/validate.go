package rule

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"valse/store"
)

// Bounds of what a rule may say.
const (
	MaxRules    = 200  // of a book
	MaxMatch    = 200  // entries of one list of a match
	MaxFactor   = 1000 // of BOOST and BURY
	MaxPosition = 100  // of PIN
	MaxPinned   = 20   // products of one PIN
	MaxPer      = 1000 // of LIMIT
	MaxStrength = 0.9  // of DIVERSIFY: a list must keep to its purpose
	MaxShare    = 0.5  // of EXPLORE
	MaxText     = 500  // bytes of a note
)

// Validate checks every rule and that ids are unique. The error is a
// store.Invalid that names the field.
func (b *Book) Validate() error {
	if len(b.Rules) > MaxRules {
		return &store.Invalid{Field: "rules", Value: fmt.Sprint(len(b.Rules)), Want: fmt.Sprintf("at most %d rules", MaxRules)}
	}
	if err := checkText("note", b.Note); err != nil {
		return err
	}
	known := map[string]bool{}
	for i := range b.Rules {
		prefix := fmt.Sprintf("rules[%d].", i)
		if err := b.Rules[i].validate(prefix); err != nil {
			return err
		}
		if id := b.Rules[i].ID; known[id] {
			return &store.Invalid{Field: prefix + "id", Value: id, Want: "an id that no other rule has"}
		}
		known[b.Rules[i].ID] = true
	}
	return nil
}

func (r *Rule) validate(prefix string) error {
	if err := store.ValidateID(prefix+"id", r.ID); err != nil {
		return err
	}
	if err := checkText(prefix+"note", r.Note); err != nil {
		return err
	}
	for _, s := range r.Shelves {
		if !s.Known() {
			return &store.Invalid{Field: prefix + "shelves", Value: string(s), Want: "a kind of shelf, like FOR_YOU"}
		}
		if r.Kind == Explore && !s.Explores() {
			return &store.Invalid{Field: prefix + "shelves", Value: string(s), Want: "FOR_YOU or NEW: other shelves have nothing to explore"}
		}
	}
	if r.From != nil && r.Until != nil && !r.From.Before(*r.Until) {
		return &store.Invalid{Field: prefix + "until", Value: r.Until.String(), Want: "a time after from"}
	}
	if err := r.Where.validate(prefix + "where."); err != nil {
		return err
	}
	return r.checkKind(prefix)
}

// checkKind checks what the kind needs, and that nothing is set that the kind
// does not use.
func (r *Rule) checkKind(prefix string) error {
	rest := *r
	switch r.Kind {
	case Boost, Bury:
		rest.Factor, rest.Where = 0, Match{}
		if r.Where.IsZero() {
			return needsMatch(prefix)
		}
		if !(r.Factor > 1 && r.Factor <= MaxFactor) {
			return number(prefix+"factor", r.Factor, "above 1, at most "+strconv.Itoa(MaxFactor))
		}
	case Pin:
		rest.Position, rest.Where.Products = 0, nil
		if n := len(r.Where.Products); n == 0 || n > MaxPinned {
			return &store.Invalid{Field: prefix + "where.products", Value: fmt.Sprint(n, " products"), Want: fmt.Sprintf("1 to %d products to pin", MaxPinned)}
		}
		if r.Position < 1 || r.Position > MaxPosition {
			return number(prefix+"position", float64(r.Position), "from 1 to "+strconv.Itoa(MaxPosition))
		}
	case Hide, Only:
		rest.Where = Match{}
		if r.Where.IsZero() {
			return needsMatch(prefix)
		}
	case Limit:
		rest.MaxPerVendor, rest.MaxPerCategory = 0, 0
		if v, c := r.MaxPerVendor, r.MaxPerCategory; v < 0 || v > MaxPer || c < 0 || c > MaxPer || v+c == 0 {
			return number(prefix+"maxPerVendor", float64(v), fmt.Sprintf("this or maxPerCategory from 1 to %d", MaxPer))
		}
	case Diversify:
		rest.Strength = 0
		if !(r.Strength > 0 && r.Strength <= MaxStrength) {
			return number(prefix+"strength", r.Strength, fmt.Sprintf("above 0, at most %v", MaxStrength))
		}
	case NotOwn:
	case Explore:
		rest.Share = 0
		if !(r.Share > 0 && r.Share <= MaxShare) {
			return number(prefix+"share", r.Share, fmt.Sprintf("above 0, at most %v", MaxShare))
		}
	default:
		return &store.Invalid{Field: prefix + "kind", Value: string(r.Kind), Want: "BOOST, BURY, PIN, HIDE, ONLY, LIMIT, DIVERSIFY, NOT_OWN or EXPLORE"}
	}
	if field := rest.used(); field != "" {
		return &store.Invalid{Field: prefix + field, Value: "given", Want: "left out: " + string(r.Kind) + " does not use it"}
	}
	return nil
}

// used names a field of the effect that is not zero; empty when all are.
func (r *Rule) used() string {
	switch {
	case !r.Where.IsZero():
		return "where"
	case r.Factor != 0:
		return "factor"
	case r.Position != 0:
		return "position"
	case r.MaxPerVendor != 0:
		return "maxPerVendor"
	case r.MaxPerCategory != 0:
		return "maxPerCategory"
	case r.Strength != 0:
		return "strength"
	case r.Share != 0:
		return "share"
	}
	return ""
}

func (m *Match) validate(prefix string) error {
	for _, l := range []struct {
		field   string
		entries []string
	}{{"products", m.Products}, {"categories", m.Categories}, {"vendors", m.Vendors}} {
		if len(l.entries) > MaxMatch {
			return &store.Invalid{Field: prefix + l.field, Value: fmt.Sprint(len(l.entries)), Want: fmt.Sprintf("at most %d", MaxMatch)}
		}
		if slices.Contains(l.entries, "") {
			return &store.Invalid{Field: prefix + l.field, Want: "no empty entry"}
		}
	}
	switch {
	case m.MinPrice < 0:
		return number(prefix+"minPrice", float64(m.MinPrice), "0 or more minor units")
	case m.MaxPrice < 0 || m.MaxPrice > 0 && m.MaxPrice < m.MinPrice:
		return number(prefix+"maxPrice", float64(m.MaxPrice), "no less than minPrice")
	}
	return nil
}

func needsMatch(prefix string) error {
	return &store.Invalid{Field: prefix + "where", Want: "products, categories, vendors or a price: it would hold for everything"}
}

func number(field string, value float64, want string) error {
	if math.IsNaN(value) {
		return &store.Invalid{Field: field, Value: "NaN", Want: want}
	}
	return &store.Invalid{Field: field, Value: strconv.FormatFloat(value, 'g', -1, 64), Want: want}
}

func checkText(field, text string) error {
	if len(text) > MaxText || strings.ContainsRune(text, 0) {
		return &store.Invalid{Field: field, Value: text[:min(len(text), 20)] + "…", Want: fmt.Sprintf("at most %d bytes of text", MaxText)}
	}
	return nil
}
