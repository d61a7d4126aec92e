package eval

import (
	"sync"

	"valse/engine/als"
	"valse/engine/internal/kernel"
	"valse/engine/topk"
)

// ease holds the weights of items for each other, a row of them for each.
type ease struct {
	train   *als.Matrix
	weights []float32
	ld      int
	scores  sync.Pool // *[]float32, one an item
}

// NewEASE recommends by a linear model of each item by all others (Steck,
// Embarrassingly Shallow Autoencoders, 2019): with P = (XᵀX + λI)⁻¹ for the
// binary matrix X of train, the weight of item j for item i is −P_ji / P_ii.
// λ is at least one. Time grows with the cube of the number of items, memory
// with the square: 12 bytes a pair while it is built, 4 after.
func NewEASE(train *als.Matrix, lambda float64) Recommender {
	e := &ease{train: train}
	e.weights, e.ld = inverse(train, max(1, lambda))
	n := train.Cols
	for i := range n {
		for j := range i {
			e.weights[i*e.ld+j] = e.weights[j*e.ld+i]
		}
	}
	diagonal := make([]float32, n)
	for i := range n {
		diagonal[i] = -1 / e.weights[i*e.ld+i]
		e.weights[i*e.ld+i] = 0
	}
	for j := range n {
		row := e.weights[j*e.ld:][:n]
		kernel.Scale(row, 1, row, diagonal)
	}
	e.scores.New = func() any {
		scores := make([]float32, n)
		return &scores
	}
	return e
}

// inverse returns the upper triangle of P. With UᵀU = XᵀX + λI and V = U⁻ᵀ,
// which a factorisation gives when the unit matrix is its right-hand side,
// P = VᵀV.
func inverse(train *als.Matrix, lambda float64) (p []float32, ld int) {
	n := train.Cols
	ld = kernel.Pad(n)
	wide := 2 * ld
	c := make([]float32, kernel.PadRows(n)*wide)
	for u := range train.Rows {
		items, _ := train.Row(u)
		for a, i := range items {
			for _, j := range items[a:] {
				c[int(i)*wide+int(j)]++
			}
		}
	}
	for i := range n {
		c[i*wide+i] += float32(lambda)
		c[i*wide+ld+i] = 1
	}
	kernel.Cholesky(c, wide, n, wide)
	p = make([]float32, kernel.PadRows(n)*ld)
	if n > 0 {
		kernel.Gram(p, ld, c[ld:], wide, n, n, n, false)
	}
	return p, ld
}

func (e *ease) Recommend(dst []topk.Hit, user int, exclude []int32, n int) []topk.Hit {
	pooled := e.scores.Get().(*[]float32)
	defer e.scores.Put(pooled)
	scores := *pooled
	clear(scores)
	history, _ := e.train.Row(user)
	for _, item := range history {
		kernel.Axpy(1, e.weights[int(item)*e.ld:][:len(scores)], scores)
	}
	return append(dst[:0], best(scores, n, exclude)...)
}
