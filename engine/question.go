package engine

import (
	"math"

	"valse/engine/als"
	"valse/engine/internal/kernel"
	"valse/engine/topk"
	"valse/store"
)

// questionPool is how many of the best-selling eligible products a question is
// chosen from: popular enough that many know them.
const questionPool = 200

// firstPopular is how many answers [AskFarthest] wants about best-sellers before
// it asks about anything else.
const firstPopular = 2

// Asking is a way of choosing the product of the next question. Which of them is
// best depends on the shop, so that it is measured: see [Interview].
//
// In what they say of themselves y is a product's factor, and A the matrix of the
// user's normal equations, whose inverse an answer makes smaller.
type Asking string

// The ways of asking.
const (
	// AskPopular asks about best-sellers in turn, which most people know.
	AskPopular Asking = "POPULAR"
	// AskVariance asks about the largest yᵀA⁻¹y, the variance of the product's
	// score. An answer divides the determinant of A⁻¹ by 1 + yᵀA⁻¹y: this is the
	// D-optimal design, one question at a time.
	AskVariance Asking = "VARIANCE"
	// AskRelative asks about the largest yᵀA⁻¹y/(yᵀy)²: long factors, those of
	// products that everyone knows, are no reason to ask.
	AskRelative Asking = "RELATIVE_VARIANCE"
	// AskFarthest asks about best-sellers twice. A like of a product then says of
	// the user's factor x that yᵀx is 1, and the question is about the product
	// whose plane yᵀx = 1 lies the farthest from where x is now, (1 - yᵀx)/|y|:
	// the answer would move x the most (the choice of Motzkin & Schoenberg 1954
	// among the steps of Kaczmarz 1937). What a model of stars would be told is
	// not known beforehand: it cannot ask so.
	AskFarthest Asking = "FARTHEST"
)

// asking is how a model that was not measured asks.
func (s Settings) asking() Asking {
	if s.Feedback == Explicit {
		return AskVariance
	}
	return AskFarthest
}

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

// NextQuestion chooses the product whose answer tells the most about a user, in
// the way that told the most about the people of [Interview]. It asks about no
// product that the user has an opinion of, nor about those that the filter leaves
// out. Without a model it asks about best-sellers in turn.
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

// question chooses among products, the most popular first.
func (k *Ranker) question(p past, pool []int32) Question {
	question := Question{Answer: store.Like}
	if k.reader.explicit {
		question.Answer = store.Rating
	}
	w := p.weigh(&k.reader, len(k.model.ProductIDs), false)
	before, after := make([]float64, len(pool)), make([]float64, len(pool))
	k.folder.state(nil, nil).Variance(before, pool)
	told := k.folder.state(w.index, w.weight)
	told.Variance(after, pool)
	var all, left float64
	for i := range pool {
		all, left = all+before[i], left+after[i]
	}
	if all > 0 {
		question.Knowledge = max(0, 1-left/all)
	}
	if next := k.next(k.asking(), told, len(w.index), pool, after); next >= 0 {
		question.ProductID = k.model.ProductIDs[pool[next]]
	}
	return question
}

// asking is how the model asks.
func (k *Ranker) asking() Asking {
	if i := k.model.Info.Interviews; i != nil {
		return i.Asking
	}
	return k.model.Info.Settings.asking()
}

// next returns the position of the product to ask about someone who has told of
// so many products; -1 when there is none. Products are given the most popular
// first, with the variance of each one's score.
func (k *Ranker) next(how Asking, told *als.State, answers int, products []int32, variance []float64) int {
	if how == AskFarthest && answers < firstPopular {
		how = AskPopular
	}
	var x []float32
	if how == AskFarthest {
		x = make([]float32, k.model.Y.Rank)
		told.Solve(x)
	}
	most, next := math.Inf(-1), -1
	for i, product := range products {
		worth, square := 0.0, k.square(product)
		switch how {
		case AskVariance:
			worth = variance[i]
		case AskRelative:
			worth = variance[i] / (square * square)
		case AskFarthest:
			worth = (1 - float64(kernel.Dot(x, k.model.Y.Row(int(product))))) / math.Sqrt(square)
		}
		if square == 0 { // the training knows nothing of it
			worth = -math.MaxFloat64
		}
		if worth > most {
			most, next = worth, i
		}
	}
	return next
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
