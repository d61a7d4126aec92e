package engine

import (
	"cmp"
	"slices"

	"valse/engine/rule"
	"valse/engine/topk"
)

// candidate is a product with the score that its source gave it and the one
// that it is ordered by once rules have lifted it.
type candidate struct {
	product     int32
	score, rank float32
}

// lifted is what a score counts under a factor. An advantage counts factor
// times and a disadvantage a factor-th, so that a greater factor is always
// better and products of the same factor keep their order.
func lifted(score, factor float32) float32 {
	if score < 0 {
		return score / factor
	}
	return score * factor
}

// maxGroups bounds how many searches one list is made of.
const maxGroups = 24

// best returns the n best eligible products of a source by their lifted scores.
// That is exact over the whole catalogue: products of one factor keep the order
// that the source gives them, so the n best of all are among the n best of each
// factor.
func (l *lister) best(find finder, n int) []candidate {
	lifts := l.policy.groups()
	var all []candidate
	collect := func(hits []topk.Hit, factor func(product int32) float32) {
		for _, h := range hits {
			all = append(all, candidate{h.Item, h.Score, lifted(h.Score, factor(h.Item))})
		}
	}
	switch {
	case len(lifts) == 0:
		collect(find(n, l.mask), func(int32) float32 { return 1 })
		return all
	case len(lifts) > maxGroups: // reading everything once is cheaper then
		collect(find(l.r.catalogue.Len(), l.mask), l.policy.factor)
	default:
		mask := topk.NewMask(l.r.catalogue.Len())
		for _, group := range lifts {
			copy(mask, l.mask)
			mask.Or(group.others)
			collect(find(n, mask), func(int32) float32 { return group.factor })
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.score, a.score), cmp.Compare(a.product, b.product))
	})
	return all[:min(n, len(all))]
}

func (p *Policy) groups() []lift {
	if p == nil {
		return nil
	}
	return p.lifts
}

// factor is what a product counts times.
func (p *Policy) factor(product int32) float32 {
	for _, group := range p.lifts {
		if !group.others.Has(product) {
			return group.factor
		}
	}
	return 1
}

// lifting returns the ids of the rules that lift or lower a product; nil for
// none.
func (p *Policy) lifting(product int32) []string {
	if p == nil {
		return nil
	}
	var ids []string
	for _, c := range p.rules {
		if (c.Kind == rule.Boost || c.Kind == rule.Bury) && c.match.Has(product) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
