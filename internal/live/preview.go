package live

import (
	"context"
	"slices"
	"time"

	"valse/engine"
	"valse/engine/rule"
)

// Previewed is one row of a page as it is and as it would be. One side is empty
// when the row is only on the other.
type Previewed struct {
	Kind          ShelfKind
	Title         string
	Subject       string // id of the product that the row is about; empty for none
	Before, After []Placed
}

// Placed is an entry of a previewed row.
type Placed struct {
	engine.Item
	Rank int // from 1
	// Other is its rank on the other side; 0 when it is not there.
	Other int
	// Because are the ids of the rules of either side that have to do with the
	// difference; none when it was only others that moved.
	Because []string
}

// Preview composes a page for a user under the rules in force and under others,
// both as of a time, without anyone but the caller seeing it. Errors are those
// of Shelves, and store.ErrInvalid when the rules are.
func (s *Service) Preview(ctx context.Context, q ShelfRequest, rules []rule.Rule, at time.Time) ([]Previewed, error) {
	draft := &rule.Book{Rules: rules}
	if err := draft.Validate(); err != nil {
		return nil, err
	}
	st, err := s.plain(ctx, "")
	if err != nil {
		return nil, err
	}
	history, err := s.asked(ctx, st, q)
	if err != nil {
		return nil, err
	}
	draftRules := engine.NewRules(st.recommender.Catalogue(), draft)
	before, err := s.compose(ctx, st, q, history, st.rules, at)
	if err != nil {
		return nil, err
	}
	after, err := s.compose(ctx, st, q, history, draftRules, at)
	if err != nil {
		return nil, err
	}
	return pair(before, after, func(kind ShelfKind) (now, then *engine.Policy) {
		return st.rules.Policy(kind, at), draftRules.Policy(kind, at)
	}, q.UserID), nil
}

// pair puts the rows of two pages side by side, in the order of the second;
// rows that are only in the first follow.
func pair(before, after []row, policies func(ShelfKind) (now, then *engine.Policy), userID string) []Previewed {
	var pairs []Previewed
	for _, b := range after {
		at := slices.IndexFunc(before, func(a row) bool { return a.kind == b.kind && a.subject == b.subject })
		var a row
		if at >= 0 {
			a = before[at]
			before = slices.Delete(slices.Clone(before), at, at+1)
		}
		now, then := policies(b.kind)
		pairs = append(pairs, Previewed{
			Kind: b.kind, Title: b.title, Subject: b.subject,
			Before: place(a.list, b.list, then, userID), After: place(b.list, a.list, now, userID),
		})
	}
	for _, a := range before {
		_, then := policies(a.kind)
		pairs = append(pairs, Previewed{
			Kind: a.kind, Title: a.title, Subject: a.subject,
			Before: place(a.list, engine.List{}, then, userID), After: []Placed{},
		})
	}
	return pairs
}

// place says of each entry of a list where it is in the other and which rules
// that has to do with: those that touched it on either side, and where the
// other side does not have it, those that speak against it there.
func place(l, other engine.List, otherPolicy *engine.Policy, userID string) []Placed {
	placed := make([]Placed, len(l.Items))
	for i, item := range l.Items {
		p := Placed{Item: item, Rank: i + 1, Because: slices.Clone(item.Rules)}
		at := slices.IndexFunc(other.Items, func(o engine.Item) bool { return o.ProductID == item.ProductID })
		more := otherPolicy.Against(item.ProductID, userID, other)
		if at >= 0 {
			p.Other, more = at+1, other.Items[at].Rules
		}
		for _, id := range more {
			if !slices.Contains(p.Because, id) {
				p.Because = append(p.Because, id)
			}
		}
		placed[i] = p
	}
	return placed
}
