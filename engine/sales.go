package engine

import (
	"cmp"
	"slices"

	"valse/engine/topk"
)

// sales are the visible products by what they sell within a window, then by
// newness.
type sales struct {
	order []int32
	worth []float32 // by product
}

func newSales(c *Catalogue, p *Popularity, w Window) *sales {
	s := &sales{worth: make([]float32, c.Len())}
	for n := range c.products {
		if !c.banned.Has(int32(n)) {
			s.worth[n] = float32(p.Score(c.products[n].ID, w))
			s.order = append(s.order, int32(n))
		}
	}
	slices.SortFunc(s.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.worth[b], s.worth[a]),
			c.products[b].PublishedAt.Compare(c.products[a].PublishedAt), cmp.Compare(a, b))
	})
	return s
}

// takeBestSellers adds best-sellers, of one category unless it is empty.
func (l *lister) takeBestSellers(category string) {
	if l.missing() <= 0 {
		return
	}
	source := SourceBestSellers
	if category != "" {
		source = SourceCategoryBestSellers
	}
	s, products := l.r.sales[l.window](), l.r.catalogue.products
	l.takeFrom(source, 0, func(n int, mask topk.Mask) []topk.Hit {
		var hits []topk.Hit
		for _, product := range s.order {
			if len(hits) == n {
				break
			}
			if !mask.Has(product) && products[product].InCategory(category) {
				hits = append(hits, topk.Hit{Item: product, Score: s.worth[product]})
			}
		}
		return hits
	})
}
