package engine

// Similar answers with products like one: by cosine of the model's factors,
// then what it is bought together with, then best-sellers of its category. It
// never holds the product itself. An unknown product has none.
func (r *Recommender) Similar(productID string, q Request) List {
	_, mask := r.prepare(q)
	l := r.lister(q, mask, SourceSimilar)
	product, known := r.catalogue.number[productID]
	if !known {
		return l.list
	}
	mask.Set(product)
	if int(product) < len(r.ranker.ProductIDs()) {
		l.takeHits(SourceSimilar, r.ranker.index.Similar(nil, product, l.missing(), mask))
	}
	r.takeTogether(l, productID)
	if category := r.catalogue.products[product].Category; category != "" {
		l.takeBestSellers(category)
	}
	return l.list
}

// Together answers with what is bought or viewed in one basket with a product.
// It may be empty.
func (r *Recommender) Together(productID string, q Request) List {
	_, mask := r.prepare(q)
	l := r.lister(q, mask, SourceTogether)
	if product, known := r.catalogue.number[productID]; known {
		mask.Set(product)
	}
	r.takeTogether(l, productID)
	return l.list
}

func (r *Recommender) takeTogether(l *lister, productID string) {
	for _, other := range r.pairs.Of(productID) {
		l.takeByID(SourceTogether, other.ProductID, other.Score)
	}
}
