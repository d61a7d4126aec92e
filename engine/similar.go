package engine

import "valse/engine/topk"

// Similar answers with products like one: by cosine of the model's factors,
// then what it is bought together with, then best-sellers of its category. It
// never holds the product itself. An unknown product has none.
func (r *Recommender) Similar(productID string, q Request) List {
	l, product, known := r.near(productID, q, SourceSimilar)
	if !known {
		return l.list
	}
	if int(product) < len(r.ranker.ProductIDs()) {
		l.takeFrom(SourceSimilar, 0, func(n int, mask topk.Mask) []topk.Hit {
			return r.ranker.index.Similar(nil, product, n, mask)
		})
	}
	l.takeTogether(productID)
	if category := r.catalogue.products[product].Category; category != "" {
		l.takeBestSellers(category)
	}
	return l.finish()
}

// Together answers with what is bought or viewed in one basket with a product.
// It may be empty.
func (r *Recommender) Together(productID string, q Request) List {
	l, _, _ := r.near(productID, q, SourceTogether)
	l.takeTogether(productID)
	return l.finishIfAny()
}

// near starts a list of what goes with a product, which is never in it.
func (r *Recommender) near(productID string, q Request, source Source) (l *lister, product int32, known bool) {
	_, mask := r.prepare(q)
	if product, known = r.catalogue.number[productID]; known {
		mask.Set(product)
	}
	return r.lister(q, mask, source), product, known
}

func (l *lister) takeTogether(productID string) {
	others := l.r.pairs.Of(productID)
	l.takeFrom(SourceTogether, 0, l.r.byID(len(others), func(i int) (string, float32) {
		return others[i].ProductID, others[i].Score
	}))
}
