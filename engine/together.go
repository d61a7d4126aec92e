package engine

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"valse/store"
)

const (
	// minSupport is in how many baskets two products must meet.
	minSupport = 2
	// shrinkage weakens pairs seen together rarely: c/(c+shrinkage).
	shrinkage = 5
	// maxNeighbours bounds the neighbours kept per product.
	maxNeighbours = 50
	// maxBasket skips larger baskets: a wholesaler's order says little about
	// what goes with what and costs the square of its size.
	maxBasket = 100
)

// Pairs holds for each product those that occur with it in baskets. It is
// immutable; the nil Pairs is empty.
type Pairs struct {
	neighbours map[string][]store.Scored
	bought     bool
}

// Of returns the neighbours of a product, best first, at most 50. The caller
// must not change them.
func (p *Pairs) Of(productID string) []store.Scored {
	if p == nil {
		return nil
	}
	return p.neighbours[productID]
}

// Len is the number of products that have neighbours.
func (p *Pairs) Len() int {
	if p == nil {
		return 0
	}
	return len(p.neighbours)
}

// Bought reports whether the pairs come from purchases; else they come from
// whatever interest the events showed.
func (p *Pairs) Bought() bool { return p != nil && p.bought }

// Together finds what is bought together: the shrunk cosine
// c²/((c+shrinkage)·√(nᵢnⱼ)) of products i and j that meet in c baskets. Events
// without a basket fall into one per user and day. When there are purchases,
// they alone count, else all events that show interest.
func Together(e *Events) *Pairs {
	baskets, bought := e.baskets()
	count := make([]int32, len(e.ProductIDs))
	in := make([][]int32, len(e.ProductIDs)) // baskets of each product
	for b, products := range baskets {
		for _, p := range products {
			count[p]++
			in[p] = append(in[p], int32(b))
		}
	}
	found := make([][]store.Scored, len(e.ProductIDs))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			met := make([]int32, len(e.ProductIDs))
			for p := w; p < len(e.ProductIDs); p += workers {
				found[p] = e.neighbours(int32(p), baskets, in[p], count, met)
			}
		})
	}
	wait.Wait()
	pairs := &Pairs{neighbours: map[string][]store.Scored{}, bought: bought}
	for p, list := range found {
		if len(list) > 0 {
			pairs.neighbours[e.ProductIDs[p]] = list
		}
	}
	return pairs
}

// neighbours scores what met product p. The counters met are zero before and
// after.
func (e *Events) neighbours(p int32, baskets [][]int32, in []int32, count, met []int32) []store.Scored {
	var others []int32
	for _, b := range in {
		for _, q := range baskets[b] {
			if met[q] == 0 && q != p {
				others = append(others, q)
			}
			met[q]++
		}
	}
	var list []store.Scored
	for _, q := range others {
		if c := float64(met[q]); met[q] >= minSupport {
			score := c * c / ((c + shrinkage) * math.Sqrt(float64(count[p])*float64(count[q])))
			list = append(list, store.Scored{ProductID: e.ProductIDs[q], Score: float32(score)})
		}
		met[q] = 0
	}
	met[p] = 0
	slices.SortFunc(list, func(a, b store.Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ProductID, b.ProductID))
	})
	return slices.Clone(list[:min(len(list), maxNeighbours)])
}

// visit is what groups events: a basket, or where there is none a user's day.
type visit struct {
	basket, user int32
	day          store.Day
}

// baskets returns the products of each basket, each once, and whether they were
// bought.
func (e *Events) baskets() (baskets [][]int32, bought bool) {
	bought = slices.Contains(e.Type, store.Purchase)
	interest := newReader(Settings{Weights: DefaultWeights()}, 0)
	numbers := map[visit]int32{}
	for i, t := range e.Type {
		if bought && t != store.Purchase || interest.confidence(occurrence{Type: t, Value: e.Value[i]}) == 0 {
			continue
		}
		v := visit{basket: e.Basket[i]}
		if v.basket < 0 {
			v.user, v.day = e.User[i], store.DayOf(time.UnixMicro(e.Time[i]))
		}
		n, ok := numbers[v]
		if !ok {
			n = int32(len(baskets))
			numbers[v] = n
			baskets = append(baskets, nil)
		}
		baskets[n] = append(baskets[n], e.Product[i])
	}
	for b, products := range baskets {
		slices.Sort(products)
		if baskets[b] = slices.Compact(products); len(baskets[b]) > maxBasket {
			baskets[b] = nil
		}
	}
	return baskets, bought
}
