package engine

import (
	"cmp"
	"math"
	"slices"
	"time"

	"valse/engine/topk"
)

const (
	// freshFor is how long before the newest publication a product counts as
	// new: relative to that, so that a shop whose data ends long ago has some.
	freshFor = 45 * 24 * time.Hour
	// leastFresh is how many of the newest are new whatever their date.
	leastFresh = 60
	// newnessHalves is after how many days a product is half as new.
	newnessHalves = 15
	// anyInterest is the interest that everyone has in any category.
	anyInterest = 0.1
)

// fresh returns the new products.
func (c *Catalogue) fresh() []int32 {
	n := min(leastFresh, len(c.newest))
	for n < len(c.newest) && c.age(c.newest[n]) <= freshFor {
		n++
	}
	return c.newest[:n]
}

// age is how long before the newest a product was published.
func (c *Catalogue) age(product int32) time.Duration {
	return c.products[c.newest[0]].PublishedAt.Sub(c.products[product].PublishedAt)
}

// Newest answers with new products that suit the user: those that the model
// knows by its score, and then, or without a model, all that have a date by
// newness and the interest that the user has shown in their category. For
// someone without a history that is the newest first.
func (r *Recommender) Newest(q Request) List {
	p, mask := r.prepare(q)
	l := r.lister(q, mask, SourceRule)
	if factor, ok := r.ranker.fold(p, q); ok {
		l.keepPlaces(p, q)
		l.takeFrom(SourceLive, r.ranker.base(factor), within(r.ranker.finder(factor), r.catalogue.stale))
		l.explore(r.catalogue.stale)
	}
	if l.missing() > 0 {
		l.takeFrom(SourceRule, 0, r.catalogue.byNewness(p))
	}
	return l.finishIfAny()
}

// within finds products that are not among others.
func within(find finder, others topk.Mask) finder {
	return func(n int, mask topk.Mask) []topk.Hit {
		mask = slices.Clone(mask)
		mask.Or(others)
		return find(n, mask)
	}
}

// byNewness finds new products by their newness times the interest that a past
// shows in their category, and then older ones, the newest first.
func (c *Catalogue) byNewness(p past) finder {
	interest := c.interests(p)
	score := func(product int32) float32 {
		of := &c.products[product]
		liking := anyInterest + interest[of.Category] + interest[of.Department()]
		return float32(liking * math.Exp2(-c.age(product).Hours()/24/newnessHalves))
	}
	order := slices.Clone(c.newest)
	if len(interest) > 0 {
		fresh := order[:len(c.fresh())]
		slices.SortStableFunc(fresh, func(a, b int32) int { return cmp.Compare(score(b), score(a)) })
	}
	return inOrder(order, func(_ int, product int32) float32 { return score(product) })
}

// interests is the part of a past's interest that lies in each category and in
// each department.
func (c *Catalogue) interests(p past) map[string]float64 {
	w := p.weigh(&interest, len(c.products), false)
	all := 0.0
	parts := map[string]float64{}
	for k, n := range w.index {
		of, weight := &c.products[n], float64(w.weight[k])
		if of.Category == "" {
			continue
		}
		parts[of.Category] += weight
		if department := of.Department(); department != of.Category {
			parts[department] += weight
		}
		all += weight
	}
	for category := range parts {
		parts[category] /= all
	}
	return parts
}
