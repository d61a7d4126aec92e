package engine

import (
	"cmp"
	"slices"

	"valse/engine/topk"
	"valse/store"
)

// past is a user's history sorted into its products.
type past struct {
	history []store.Interaction
	events  []pastEvent // by product, then time
	pairs   []pastPair
}

// pastEvent is one interaction with a product of the catalogue.
type pastEvent struct {
	occurrence
	product int32
	at      int32 // position in the history
}

// pastPair bounds the events of one product.
type pastPair struct{ lo, hi int }

// past sorts a history, in any order, without the events whose ids are listed
// and without products nobody knows.
func (c *Catalogue) past(history []store.Interaction, without []string) past {
	p := past{history: history, events: make([]pastEvent, 0, len(history))}
	for at := range history {
		i := &history[at]
		n, known := c.number[i.ProductID]
		if !known || slices.Contains(without, i.EventID) {
			continue
		}
		p.events = append(p.events, pastEvent{
			occurrence: occurrence{Type: i.Type, Value: float32(i.Value), Time: i.Time.UnixMicro()},
			product:    n, at: int32(at),
		})
	}
	slices.SortFunc(p.events, func(a, b pastEvent) int {
		return cmp.Or(cmp.Compare(a.product, b.product), cmp.Compare(a.Time, b.Time),
			cmp.Compare(history[a.at].Seq, history[b.at].Seq), cmp.Compare(a.at, b.at))
	})
	for lo, hi := range runs(p.events, func(a, b pastEvent) bool { return a.product == b.product }) {
		p.pairs = append(p.pairs, pastPair{lo, hi})
	}
	return p
}

// maskSeen adds to a mask what the user should not be shown: what they hid and,
// unless seen products may come again, what they bought, rated or disliked.
// Looking at a product does not make it seen.
func (p *past) maskSeen(mask topk.Mask, includeSeen bool) {
	for _, pair := range p.pairs {
		if seen(p.events[pair.lo:pair.hi], includeSeen) {
			mask.Set(p.events[pair.lo].product)
		}
	}
}

// seen judges the events of one product in order of time. A later like takes a
// dislike or a hide back, 0 stars take a rating back, and a hide of value 0 takes
// a hide back.
func seen(events []pastEvent, include bool) bool {
	var bought, rated, disliked, hidden bool
	for _, e := range events {
		switch e.Type {
		case store.Purchase:
			bought = true
		case store.Rating:
			rated = e.Value > 0
		case store.Like:
			disliked, hidden = false, false
		case store.Dislike:
			disliked = true
		case store.Hide:
			hidden = e.Value > 0
		}
	}
	return hidden || !include && (bought || rated || disliked)
}

// weighed is a past in numbers: what a folder takes, and how the confidence of
// each product is made up of events.
type weighed struct {
	index  []int32 // products, ascending
	weight []float32
	parts  []weighedPart
}

// weighedPart is the part of one event in the weight of its product.
type weighedPart struct {
	pair  int32 // position in index
	at    int32 // position in the history
	share float32
}

// weigh reads the past of products numbered below limit. Parts are made on
// demand only.
func (p *past) weigh(r *reader, limit int, withParts bool) weighed {
	var w weighed
	var pair []occurrence
	var counts []float32
	for _, b := range p.pairs {
		events := p.events[b.lo:b.hi]
		if int(events[0].product) >= limit {
			break // products ascend
		}
		pair = pair[:0]
		for _, e := range events {
			pair = append(pair, e.occurrence)
		}
		counts = append(counts[:0], make([]float32, len(pair))...)
		r.read(counts, pair)
		var sum float32
		for k := range counts {
			counts[k] *= r.decay(pair[k].Time)
			sum += counts[k]
		}
		if sum <= 0 {
			continue
		}
		for k, c := range counts {
			if withParts && c > 0 {
				w.parts = append(w.parts, weighedPart{int32(len(w.index)), events[k].at, c / sum})
			}
		}
		if r.binary {
			sum = 1
		}
		w.index = append(w.index, events[0].product)
		w.weight = append(w.weight, sum)
	}
	return w
}

// interest is how every user's interest is read where no model says otherwise.
var interest = newReader(Settings{Weights: DefaultWeights()}, 0)

// topCategory is the category path that the past shows most interest in; empty
// when it shows none. Ties go to the one that comes first by name.
func (c *Catalogue) topCategory(p past) string {
	w := p.weigh(&interest, len(c.products), false)
	sums := map[string]float32{}
	for k, n := range w.index {
		if category := c.products[n].Category; category != "" {
			sums[category] += w.weight[k]
		}
	}
	best := ""
	for category, sum := range sums {
		if best == "" || sum > sums[best] || sum == sums[best] && category < best {
			best = category
		}
	}
	return best
}
