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
	// visitShare is what meeting in a visit counts beside an order.
	visitShare = 0.25
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

// Together finds what belongs together, from orders (purchases of one basket)
// and from visits (all that showed interest in one basket or day). Of each it
// takes the shrunk cosine c²/((c+shrinkage)·√(nᵢnⱼ)) of products i and j that
// meet in c baskets, as long as they meet in minSupport and no more seldom than
// by chance: their lift cN/(nᵢnⱼ) is 1 or more. A visit says less than an
// order: it counts visitShare of it. Events without a basket fall into one per
// user and day.
func Together(e *Events) *Pairs {
	orders := e.meetings(func(t store.EventType) bool { return t == store.Purchase })
	visits := e.meetings(func(store.EventType) bool { return true })
	share := float32(visitShare)
	if orders.baskets == nil {
		share = 1
	}
	found := make([][]store.Scored, len(e.ProductIDs))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			c := counter{met: make([]int32, len(e.ProductIDs)), score: make([]float32, len(e.ProductIDs))}
			for p := int32(w); int(p) < len(e.ProductIDs); p += int32(workers) {
				c.count(orders, p, 1)
				c.count(visits, p, share)
				found[p] = c.best(e.ProductIDs)
			}
		})
	}
	wait.Wait()
	pairs := &Pairs{neighbours: map[string][]store.Scored{}, bought: orders.baskets != nil}
	for p, list := range found {
		if len(list) > 0 {
			pairs.neighbours[e.ProductIDs[p]] = list
		}
	}
	return pairs
}

// meetings are the baskets of one kind and which of them each product is in.
type meetings struct {
	baskets [][]int32
	in      [][]int32 // by product
}

func (e *Events) meetings(counts func(store.EventType) bool) meetings {
	m := meetings{baskets: e.baskets(counts), in: make([][]int32, len(e.ProductIDs))}
	for b, products := range m.baskets {
		for _, p := range products {
			m.in[p] = append(m.in[p], int32(b))
		}
	}
	return m
}

// counter adds up what meets one product. It is all zeros between two.
type counter struct {
	met   []int32
	score []float32
	found []int32 // products with a score
}

// count adds share times the scores of what meets product p.
func (c *counter) count(m meetings, p int32, share float32) {
	var others []int32
	for _, b := range m.in[p] {
		for _, q := range m.baskets[b] {
			if c.met[q] == 0 && q != p {
				others = append(others, q)
			}
			c.met[q]++
		}
	}
	c.met[p] = 0
	for _, q := range others {
		n, chance := float64(c.met[q]), float64(len(m.in[p]))*float64(len(m.in[q]))
		if c.met[q] >= minSupport && n*float64(len(m.baskets)) >= chance {
			if c.score[q] == 0 {
				c.found = append(c.found, q)
			}
			c.score[q] += share * float32(n*n/((n+shrinkage)*math.Sqrt(chance)))
		}
		c.met[q] = 0
	}
}

// best returns the products with the highest scores and forgets all.
func (c *counter) best(ids []string) []store.Scored {
	list := make([]store.Scored, len(c.found))
	for i, q := range c.found {
		list[i] = store.Scored{ProductID: ids[q], Score: c.score[q]}
		c.score[q] = 0
	}
	c.found = c.found[:0]
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

// baskets returns the products of each basket, each once, of the events that
// count and show interest; nil for none.
func (e *Events) baskets(counts func(store.EventType) bool) (baskets [][]int32) {
	interest := newReader(Settings{Weights: DefaultWeights()}, 0)
	numbers := map[visit]int32{}
	for i, t := range e.Type {
		if !counts(t) || interest.confidence(occurrence{Type: t, Value: e.Value[i]}) == 0 {
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
	return baskets
}
