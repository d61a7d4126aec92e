package engine

import (
	"math"

	"valse/engine/internal/kernel"
	"valse/engine/topk"
	"valse/store"
)

// questionPool is how many of the best-selling eligible products a question is
// chosen from: popular enough that many know them.
const questionPool = 200

// firstPopular is how many products someone must have shown interest in before
// questions are about anything but best-sellers.
const firstPopular = 2

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
// The first two questions are about best-sellers, which most people know. After
// that, a like of a product with factor y says of the user's factor x that yᵀx
// is 1. The question is about the product whose plane yᵀx = 1 lies the farthest
// from where x is now, (1 - yᵀx)/|y|: the answer that would move x the most
// (the choice of Motzkin & Schoenberg 1954 among the steps of Kaczmarz 1937).
// docs/live.md has what that is worth. What a model of stars would be told is not
// known beforehand: there the product with the largest yᵀA⁻¹y/(yᵀy)² is asked
// about, A being the matrix of the user's normal equations.
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
	return r.ranker.question(p, q, pool)
}

// question chooses among products, the most popular first.
func (k *Ranker) question(p past, q Request, pool []int32) Question {
	question := Question{Answer: store.Like}
	if k.reader.explicit {
		question.Answer = store.Rating
	}
	before, after := k.variances(p, pool)
	factor, _ := k.fold(p, q)
	likes := len(p.weigh(&k.reader, len(k.model.ProductIDs), false).index)
	var all, left float64
	most := math.Inf(-1)
	for i, product := range pool {
		all, left = all+before[i], left+after[i]
		worth := -float64(i)
		switch square := k.square(product); {
		case square == 0: // the training knows nothing of it
			worth = -math.MaxFloat64
		case k.reader.explicit:
			worth = after[i] / (square * square)
		case likes >= firstPopular:
			score := kernel.Dot(factor.Vector, k.model.Y.Row(int(product)))
			worth = (1 - float64(score)) / math.Sqrt(square)
		}
		if worth > most {
			most, question.ProductID = worth, k.model.ProductIDs[product]
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
