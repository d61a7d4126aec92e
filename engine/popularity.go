package engine

import (
	"cmp"
	"iter"
	"math"

	"valse/store"
)

// PopularityOptions say how counts become popularity. The zero value works.
type PopularityOptions struct {
	Today    store.Day // the day that ages are counted back from
	HalfLife float64   // days after which a count is worth half; default 30
	Weights  Weights   // worth of one event of each type; default DefaultWeights
}

const (
	// lifetimeShare keeps a little of each count for good, so that a shop
	// whose data ends long ago still has best-sellers in a sensible order.
	lifetimeShare = 0.01
	// trendShare is the half-life of a trend relative to that of popularity.
	trendShare = 0.1
	// trendPrior is how much weekly worth a product must exceed before its
	// rise counts much: two views where there was one are no trend.
	trendPrior = 5
)

// Popularity adds up day counts into best-sellers and trends. It is not safe
// for concurrent use while counts are added. The nil Popularity is empty.
type Popularity struct {
	o    PopularityOptions
	sums map[string]popular
}

// popular is what one product's counts add up to: worth decayed slowly, quickly
// and not at all.
type popular struct{ slow, fast, lifetime float64 }

// NewPopularity adds up counts; nil counts none.
func NewPopularity(counts iter.Seq[store.Count], o PopularityOptions) *Popularity {
	o.HalfLife = cmp.Or(o.HalfLife, 30)
	if o.Weights == nil {
		o.Weights = DefaultWeights()
	}
	p := &Popularity{o: o, sums: map[string]popular{}}
	if counts != nil {
		for c := range counts {
			p.Add(c)
		}
	}
	return p
}

// Add counts one more piece.
func (p *Popularity) Add(c store.Count) {
	worth := p.o.Weights[c.Type] * float64(c.N)
	if worth == 0 {
		return
	}
	age := float64(max(0, p.o.Today-c.Day))
	p.add(c.ProductID, popular{
		slow:     worth * math.Exp2(-age/p.o.HalfLife),
		fast:     worth * math.Exp2(-age/(p.o.HalfLife*trendShare)),
		lifetime: worth,
	})
}

func (p *Popularity) add(productID string, more popular) {
	sum := p.sums[productID]
	sum.slow += more.slow
	sum.fast += more.fast
	sum.lifetime += more.lifetime
	p.sums[productID] = sum
}

// Plus returns the sum of two popularities of the same options. Neither may be
// changed by it, and either may be nil.
func (p *Popularity) Plus(q *Popularity) *Popularity {
	if p == nil || q == nil {
		return cmp.Or(p, q)
	}
	sum := NewPopularity(nil, p.o)
	for _, part := range []*Popularity{p, q} {
		for id, s := range part.sums {
			sum.add(id, s)
		}
	}
	return sum
}

// Window says how far back sales count.
type Window uint8

// The windows.
const (
	Lately  Window = iota // with the half-life of the options: about a season
	JustNow               // with a tenth of it: the last days
	Ever                  // all alike

	windows = iota
)

// Score is how much a product sells within a window: its worth, decayed.
func (p *Popularity) Score(productID string, w Window) float64 {
	if p == nil {
		return 0
	}
	s := p.sums[productID]
	switch w {
	case JustNow:
		return s.fast + lifetimeShare*lifetimeShare*s.lifetime
	case Ever:
		return s.lifetime
	default:
		return s.slow + lifetimeShare*s.lifetime
	}
}

// Trend is how far a product has risen above its own baseline: its recent
// weekly worth relative to its usual one. 1 means no change; 0 that nothing
// happened lately.
func (p *Popularity) Trend(productID string) float64 {
	if p == nil {
		return 0
	}
	s := p.sums[productID]
	// A constant rate r has the decayed sum r·halfLife/ln 2.
	weekly := func(sum, halfLife float64) float64 { return sum * math.Ln2 / halfLife * 7 }
	recent := weekly(s.fast, p.o.HalfLife*trendShare)
	if recent < 1 {
		return 0
	}
	return (recent + trendPrior) / (weekly(s.slow, p.o.HalfLife) + trendPrior)
}
