package engine

import (
	"math"
	"slices"
)

// Agreement is how alike two lists of one user are.
type Agreement struct {
	// Overlap is the part of the places whose products both lists hold.
	Overlap float64
	// RBO is rank-biased overlap: 1 for equal lists, 0 for lists that share
	// nothing, the top counting most.
	RBO float64
	// Moved is the mean distance between the places of a product that both
	// hold; 0 when they share none.
	Moved float64
}

// persistence is how likely a reader goes on to the next place: the first ten
// make up 86% of the measure.
const persistence = 0.9

// Agree compares two lists of products, best first, by their first k places.
// RBO is extrapolated from there (Webber, Moffat & Zobel 2010, "A similarity
// measure for indefinite rankings", equation 32).
func Agree(a, b []string, k int) Agreement {
	a, b = a[:min(k, len(a))], b[:min(k, len(b))]
	depth := max(len(a), len(b))
	if depth == 0 {
		return Agreement{Overlap: 1, RBO: 1}
	}
	at := make(map[string]int, len(a))
	for i, id := range a {
		at[id] = i
	}
	var g Agreement
	shared, weight, sum := 0, 1.0, 0.0
	for d := 1; d <= depth; d++ {
		shared += sharedAt(a, b, d-1)
		weight *= persistence
		sum += float64(shared) / float64(d) * weight
	}
	g.RBO = float64(shared)/float64(depth)*weight + (1-persistence)/persistence*sum
	for i, id := range b {
		if j, both := at[id]; both {
			g.Moved += math.Abs(float64(i-j)) / float64(shared)
		}
	}
	g.Overlap = float64(shared) / float64(depth)
	return g
}

// sharedAt is how many products both lists hold in their first i+1 places but
// not in their first i.
func sharedAt(a, b []string, i int) int {
	switch {
	case i < len(a) && i < len(b) && a[i] == b[i]:
		return 1
	default:
		n := 0
		if i < len(a) && slices.Contains(b[:min(i, len(b))], a[i]) {
			n++
		}
		if i < len(b) && slices.Contains(a[:min(i, len(a))], b[i]) {
			n++
		}
		return n
	}
}

// Spread is what many lists together show of the catalogue.
type Spread struct {
	Products int     // different ones that are listed
	Coverage float64 // part of the products that may be listed
	LongTail float64 // part of the places that hold none of the fifth that sells most
	Novelty  float64 // mean self-information of the listed, by their share of what sells, in bits
}

// headShare is the part of the catalogue that is not its long tail.
const headShare = 0.2

// Spread measures lists of products that the recommender may list.
func (r *Recommender) Spread(lists [][]string) Spread {
	head := make(map[int32]bool)
	for _, n := range r.bestSellers[:int(headShare*float64(len(r.bestSellers)))] {
		head[n] = true
	}
	sold, total := r.sales[Lately]().worth, 0.0
	for _, worth := range sold {
		total += float64(worth)
	}
	var s Spread
	seen, places := map[string]bool{}, 0.0
	for _, list := range lists {
		for _, id := range list {
			places++
			seen[id] = true
			n, known := r.catalogue.number[id]
			worth := 0.0
			if known {
				worth = float64(sold[n])
			}
			if !head[n] || !known {
				s.LongTail++
			}
			// What never sold counts as if it had once, in a catalogue that sold so much more.
			s.Novelty -= math.Log2((worth + 1) / (total + float64(len(sold))))
		}
	}
	s.Products = len(seen)
	if places > 0 {
		s.LongTail /= places
		s.Novelty /= places
	}
	if len(r.bestSellers) > 0 {
		s.Coverage = float64(s.Products) / float64(len(r.bestSellers))
	}
	return s
}

// UserIDs are the users that the model was trained on; nil without a model. The
// caller must not change them.
func (r *Recommender) UserIDs() []string {
	if r.ranker == nil {
		return nil
	}
	return r.ranker.model.UserIDs
}
