package model

import (
	"time"

	"valse/engine/rule"
)

// Rule shows a rule.
type Rule struct{ rule.Rule }

// RuleID is its own id.
func (r *Rule) RuleID() string { return r.Rule.ID }

// Shelves is empty for all.
func (r *Rule) Shelves() []rule.Shelf { return list(r.Rule.Shelves) }

// Where is what the rule is about.
func (r *Rule) Where() *RuleMatch { return &RuleMatch{r.Rule.Where} }

// Factor is nil where the kind has none.
func (r *Rule) Factor() *float64 { return optional(r.Rule.Factor) }

// Position is nil where the kind has none.
func (r *Rule) Position() *int { return optional(r.Rule.Position) }

// MaxPerVendor is nil for no limit.
func (r *Rule) MaxPerVendor() *int { return optional(r.Rule.MaxPerVendor) }

// MaxPerCategory is nil for no limit.
func (r *Rule) MaxPerCategory() *int { return optional(r.Rule.MaxPerCategory) }

// Strength is nil where the kind has none.
func (r *Rule) Strength() *float64 { return optional(r.Rule.Strength) }

// Share is nil where the kind has none.
func (r *Rule) Share() *float64 { return optional(r.Rule.Share) }

// RuleMatch shows what a rule is about.
type RuleMatch struct{ rule.Match }

// Products is empty for all.
func (m *RuleMatch) Products() []string { return list(m.Match.Products) }

// Categories is empty for all.
func (m *RuleMatch) Categories() []string { return list(m.Match.Categories) }

// Vendors is empty for all.
func (m *RuleMatch) Vendors() []string { return list(m.Match.Vendors) }

// MinPrice is nil for no bound.
func (m *RuleMatch) MinPrice() *int64 { return optional(m.Match.MinPrice) }

// MaxPrice is nil for no bound.
func (m *RuleMatch) MaxPrice() *int64 { return optional(m.Match.MaxPrice) }

// RuleBook shows a version of the shop's rules.
type RuleBook struct{ *rule.Book }

// SavedAt is nil for the empty book.
func (b *RuleBook) SavedAt() *time.Time {
	if b.Book.SavedAt.IsZero() {
		return nil
	}
	return &b.Book.SavedAt
}

// Rules are those of the book, in its order.
func (b *RuleBook) Rules() []Rule {
	views := make([]Rule, len(b.Book.Rules))
	for i, r := range b.Book.Rules {
		views[i] = Rule{r}
	}
	return views
}

// list is never nil.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
