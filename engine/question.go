package engine

import (
	"valse/engine/topk"
	"valse/store"
)

// questionPool is how many of the best-selling eligible products a question is
// chosen from: popular enough that many know them.
const questionPool = 200

// Question is a product to ask a user about.
type Question struct {
	ProductID string // empty when there is nothing left to ask
	// Answer is the type of event that the model learns the most from: stars
	// for a model of stars, else a like.
	Answer store.EventType
	// Knowledge is how well the history tells the user's taste, 0 to 1; 0
	// without a model.
	Knowledge float64
}

// NextQuestion chooses the product whose answer tells the most about a user. It
// asks about no product that the user has an opinion of, nor about those that
// the filter leaves out. Without a model it asks about best-sellers in turn.
//
// An answer about a product with factor y adds yyᵀ to the matrix A of the user's
// normal equations, and log(1 + yᵀA⁻¹y) to the logarithm of its determinant
// (D-optimal design, Fedorov 1972). Taken as they are, factors would make that a
// contest of lengths, and the longest belong to best-sellers, which tell people
// apart the least. So all are brought to one length, and who likes what few like
// tells more: the product with the largest yᵀA⁻¹y/(yᵀy)² is asked about.
// docs/live.md has what that is worth.
//
// [Question.Knowledge] is the part of the variance of the scores of the products
// that could be asked about, Σ yᵀA⁻¹y, that the history has taken away.
func (r *Recommender) NextQuestion(q Request) Question {
	p, mask := r.prepare(q)
	p.maskJudged(mask)
	pool := r.questionPool(mask)
	if r.ranker == nil {
		question := Question{Answer: store.Like}
		if len(pool) > 0 {
			question.ProductID = r.catalogue.products[pool[0]].ID
		}
		return question
	}
	return r.ranker.question(p, pool)
}

// question chooses among products.
func (k *Ranker) question(p past, pool []int32) Question {
	question := Question{Answer: store.Like}
	if k.reader.explicit {
		question.Answer = store.Rating
	}
	before, after := k.variances(p, pool)
	var all, left, most float64
	for i, product := range pool {
		all, left = all+before[i], left+after[i]
		square := k.square(product)
		if v := after[i] / (square * square); v > most {
			most, question.ProductID = v, k.model.ProductIDs[product]
		}
	}
	if all > 0 {
		question.Knowledge = max(0, 1-left/all)
	}
	return question
}

// square is the squared length of a product's factor, with the 1 that stands
// for the user's bias in a model of stars.
func (k *Ranker) square(product int32) (sum float64) {
	if k.reader.explicit {
		sum = 1
	}
	for _, v := range k.model.Y.Row(int(product)) {
		sum += float64(v) * float64(v)
	}
	return sum
}

// questionPool returns the best-selling eligible products that can be asked
// about: those the model knows, if there is one.
func (r *Recommender) questionPool(mask topk.Mask) (pool []int32) {
	known := len(r.catalogue.products)
	if r.ranker != nil {
		known = len(r.ranker.ProductIDs())
	}
	for _, product := range r.bestSellers {
		if len(pool) == questionPool {
			break
		}
		if int(product) < known && !mask.Has(product) {
			pool = append(pool, product)
		}
	}
	return pool
}

// variances returns yᵀA⁻¹y of products for someone without a history and after
// a past.
func (k *Ranker) variances(p past, products []int32) (before, after []float64) {
	w := p.weigh(&k.reader, len(k.model.ProductIDs), false)
	before, after = make([]float64, len(products)), make([]float64, len(products))
	k.folder.state(nil, nil).Variance(before, products)
	k.folder.state(w.index, w.weight).Variance(after, products)
	return before, after
}

// maskJudged adds to a mask what the user has an opinion of: all they did more
// with than look at it.
func (p *past) maskJudged(mask topk.Mask) {
	for _, e := range p.events {
		switch e.Type {
		case store.View, store.Impression, store.Click:
		default:
			mask.Set(e.product)
		}
	}
}
