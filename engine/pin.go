package engine

import "slices"

// pinned is a product that has its place, counted from 0.
type pinned struct {
	place int
	item  Item
}

// pin keeps a place for each pinned product that may be shown. The first pin
// for a place gets it and later ones follow it; a place behind the end of the
// list is none. Limits count pinned products and do not keep any out.
func (l *lister) pin() {
	if l.policy == nil {
		return
	}
	kept := map[int]bool{}
	var products []int32
	for _, at := range l.policy.pins {
		c := l.policy.rules[at]
		place := c.Position - 1
		for _, id := range c.Where.Products {
			product, known := l.r.catalogue.number[id]
			if !known || l.mask.Has(product) || slices.Contains(products, product) {
				continue
			}
			for kept[place] {
				place++
			}
			if place >= l.n {
				break
			}
			kept[place] = true
			products = append(products, product)
			l.pinned = append(l.pinned, pinned{place, Item{ProductID: id, Source: SourceRule, Rules: []string{c.ID}}})
		}
	}
	for _, product := range products {
		l.enter(product)
	}
	l.n -= len(l.pinned)
	slices.SortFunc(l.pinned, func(a, b pinned) int { return a.place - b.place })
}
