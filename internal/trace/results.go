package trace

import (
	"cmp"
	"context"
	"slices"

	"valse/internal/rate"
	"valse/store"
)

// Funnel is what some lists led to: products seen in them, and what happened to
// those.
type Funnel struct{ Impressions, Clicks, Carts, Purchases int64 }

// Add counts n events of a type; those that are no step of the funnel are left
// out.
func (f *Funnel) Add(t store.EventType, n int64) {
	switch t {
	case store.Impression:
		f.Impressions += n
	case store.Click:
		f.Clicks += n
	case store.Cart:
		f.Carts += n
	case store.Purchase:
		f.Purchases += n
	}
}

// Plus is the sum of two funnels.
func (f Funnel) Plus(g Funnel) Funnel {
	return Funnel{f.Impressions + g.Impressions, f.Clicks + g.Clicks, f.Carts + g.Carts, f.Purchases + g.Purchases}
}

// Step is one step of a funnel after the impression.
type Step string

// The steps.
const (
	ClickStep    Step = "CLICK"
	CartStep     Step = "CART"
	PurchaseStep Step = "PURCHASE"
)

// Rate is how many impressions led to a step.
func (f Funnel) Rate(s Step) rate.Count {
	hits := map[Step]int64{ClickStep: f.Clicks, CartStep: f.Carts, PurchaseStep: f.Purchases}[s]
	return rate.Count{Hits: float64(hits), Trials: float64(f.Impressions)}
}

// Group is the results of what one grouping does not tell apart.
type Group struct {
	Merit Merit // of which only what was grouped by is set
	Total Funnel
	Days  []Funnel // from the first day on
}

// Results adds up credits by what by keeps of each merit, over the days from
// one to another, both inclusive. The most shown group comes first.
func Results(ctx context.Context, credits store.Credits, from, to store.Day, by func(Merit) Merit) ([]Group, error) {
	groups := map[Merit]*Group{}
	err := credits.Credits(ctx, from, to, func(c store.CreditCount) error {
		merit, err := ParseCredit(c.Credit)
		if err != nil {
			return err
		}
		key := by(merit)
		g := groups[key]
		if g == nil {
			g = &Group{Merit: key, Days: make([]Funnel, to-from+1)}
			groups[key] = g
		}
		g.Total.Add(c.Type, c.N)
		g.Days[c.Day-from].Add(c.Type, c.N)
		return nil
	})
	if err != nil {
		return nil, err
	}
	list := make([]Group, 0, len(groups))
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Total.Impressions, a.Total.Impressions), cmp.Compare(a.Merit.Credit(), b.Merit.Credit()))
	})
	return list, nil
}
