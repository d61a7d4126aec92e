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

// byRank orders candidates, the best first. Sorting must be stable: equals keep
// the order of their source.
func byRank(a, b candidate) int { return cmp.Compare(b.rank, a.rank) }

// maxGroups bounds how many searches one list is made of.
const maxGroups = 24

// best returns the n best eligible products of a source by their lifted scores,
// exactly those of the whole catalogue.
func (l *lister) best(find finder, n int) []candidate {
	lifts := l.policy.groups()
	if len(lifts) == 0 {
		return candidates(find(n, l.mask), 1)
	}
	if len(lifts) > maxGroups { // reading everything once is cheaper then
		all := candidates(find(l.r.catalogue.Len(), l.mask), 1)
		for i := range all {
			all[i].rank = lifted(all[i].score, l.policy.factor(all[i].product))
		}
		slices.SortStableFunc(all, byRank)
		return all[:min(n, len(all))]
	}
	return l.bestOfGroups(find, n)
}

// bestOfGroups asks the source for the products of each factor apart, which
// keep its order. So those of a group that were not asked for are no better
// than its last, and once n products are better than that, cannot matter.
func (l *lister) bestOfGroups(find finder, n int) []candidate {
	lifts := l.policy.groups()
	groups := make([][]candidate, len(lifts))
	asked := make([]int, len(lifts))
	mask := topk.NewMask(l.r.catalogue.Len())
	for {
		merged := slices.Concat(groups...)
		slices.SortStableFunc(merged, byRank)
		merged = merged[:min(n, len(merged))]
		settled := true
		for g, group := range lifts {
			if asked[g] == n || len(groups[g]) < asked[g] ||
				len(merged) == n && asked[g] > 0 && byRank(merged[n-1], groups[g][asked[g]-1]) < 0 {
				continue
			}
			asked[g] = min(n, max(2*asked[g], n/len(lifts)+4))
			copy(mask, l.mask)
			mask.Or(group.others)
			groups[g] = candidates(find(asked[g], mask), group.factor)
			settled = false
		}
		if settled {
			return merged
		}
	}
}

// candidates are hits that all count factor times.
func candidates(hits []topk.Hit, factor float32) []candidate {
	all := make([]candidate, len(hits))
	for i, h := range hits {
		all[i] = candidate{h.Item, h.Score, lifted(h.Score, factor)}
	}
	return all
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
