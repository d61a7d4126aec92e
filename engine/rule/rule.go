package rule

import (
	"slices"
	"time"
)

// Kind says what a rule does.
type Kind string

// The kinds of rule.
const (
	Boost     Kind = "BOOST"     // what matches counts Factor times
	Bury      Kind = "BURY"      // what matches counts a Factor-th
	Pin       Kind = "PIN"       // the products of the match stand at Position and after
	Hide      Kind = "HIDE"      // what matches is left out
	Only      Kind = "ONLY"      // what does not match is left out
	Limit     Kind = "LIMIT"     // at most so many of one vendor, or of one category
	Diversify Kind = "DIVERSIFY" // lists vary more, by Strength
	NotOwn    Kind = "NOT_OWN"   // nobody is recommended what they sell themselves
	Explore   Kind = "EXPLORE"   // a Share of each list tries what the model is unsure of
)

// Rule is one decision. Fields that its kind does not use are zero.
type Rule struct {
	ID   string `json:"id"` // unique in its book
	Kind Kind   `json:"kind"`
	Note string `json:"note,omitempty"` // why there is such a rule
	// Enabled rules count; others are kept for later.
	Enabled bool `json:"enabled"`
	// Shelves it holds for; none means all.
	Shelves []Shelf `json:"shelves,omitempty"`
	// From and Until bound when it counts, Until excluded; nil is no bound.
	From  *time.Time `json:"from,omitempty"`
	Until *time.Time `json:"until,omitempty"`

	Where Match `json:"where,omitzero"`

	Factor         float64 `json:"factor,omitempty"`         // BOOST and BURY: above 1, at most MaxFactor
	Position       int     `json:"position,omitempty"`       // PIN: 1 is the first place
	MaxPerVendor   int     `json:"maxPerVendor,omitempty"`   // LIMIT: 0 is no limit
	MaxPerCategory int     `json:"maxPerCategory,omitempty"` // LIMIT: 0 is no limit
	Strength       float64 `json:"strength,omitempty"`       // DIVERSIFY: above 0, at most MaxStrength
	Share          float64 `json:"share,omitempty"`          // EXPLORE: above 0, at most MaxShare
}

// Match selects products. All fields that are given must hold; of a list, any
// entry does. The zero value matches every product.
type Match struct {
	Products   []string `json:"products,omitempty"`   // ids
	Categories []string `json:"categories,omitempty"` // a department or a full path each
	Vendors    []string `json:"vendors,omitempty"`
	// MinPrice and MaxPrice are in minor units, inclusive; 0 is no bound. A
	// product of unknown price lies within neither.
	MinPrice int64 `json:"minPrice,omitempty"`
	MaxPrice int64 `json:"maxPrice,omitempty"`
}

// IsZero reports whether m matches every product.
func (m Match) IsZero() bool {
	return len(m.Products) == 0 && len(m.Categories) == 0 && len(m.Vendors) == 0 && m.MinPrice == 0 && m.MaxPrice == 0
}

// Counts reports whether the rule holds for a shelf at a time.
func (r *Rule) Counts(s Shelf, at time.Time) bool {
	return r.Enabled && (len(r.Shelves) == 0 || slices.Contains(r.Shelves, s)) &&
		(r.From == nil || !at.Before(*r.From)) && (r.Until == nil || at.Before(*r.Until))
}
