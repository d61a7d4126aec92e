package engine

import (
	"math/rand/v2"
	"slices"

	"valse/engine/als"
	"valse/engine/rule"
	"valse/engine/topk"
)

// explorer fills part of a list with what the model is unsure about, so that it
// learns: the best products under a factor drawn from what the user's history
// leaves open. A product gets a place with the probability that it is the best
// (Thompson sampling with a linear model, Agrawal and Goyal 2013), found among
// the whole catalogue and eligible like any other.
type explorer struct {
	places []int // of the list, ascending; none when nothing is to be explored
	random *rand.Rand
	drawn  Factor
}

// keepPlaces keeps the policy's share of the list free for exploration, drawn
// by the seed of the request; the first place never. The user must have a past
// that the model knows.
func (l *lister) keepPlaces(p past, q Request) {
	if l.policy == nil || l.policy.share == 0 || l.n < 2 {
		return
	}
	x := &l.explorer
	x.random = rand.New(rand.NewPCG(q.Seed, 0))
	// Rounded at random, lists keep the share on average however short.
	slots := min(int(l.policy.share*float64(l.n)+x.random.Float64()), l.n-1)
	x.places = x.random.Perm(l.n - 1)[:slots]
	for i := range x.places {
		x.places[i]++
	}
	slices.Sort(x.places)
	if slots > 0 {
		x.drawn = l.r.ranker.draw(p, q, x.random)
	}
	l.n -= slots
}

// explore takes the products for the places that were kept, none of those
// besides. What it does not find leaves the places to other sources.
func (l *lister) explore(besides topk.Mask) {
	x := &l.explorer
	if len(x.places) == 0 {
		return
	}
	first := len(l.list.Items)
	l.n += len(x.places)
	l.takeFrom(SourceExploration, l.r.ranker.base(x.drawn), within(l.r.ranker.finder(x.drawn), besides))
	explored := slices.Clone(l.list.Items[first:])
	l.list.Items = l.list.Items[:first]
	because := l.policy.ids(rule.Explore)
	for i, item := range explored {
		item.Rules = append(item.Rules, because...)
		l.list.Items = slices.Insert(l.list.Items, min(x.places[i], len(l.list.Items)), item)
	}
}

// draw draws a factor from what a past leaves open, as wide as the model's
// calibration says.
func (k *Ranker) draw(p past, q Request, random *rand.Rand) Factor {
	w := p.weigh(&k.reader, len(k.ProductIDs()), false)
	var s *als.State
	if q.Kept != nil {
		s = q.Kept.copy(k, w)
	} else {
		s = k.folder.state(w.index, w.weight)
	}
	f := Factor{Vector: make([]float32, k.model.Y.Rank)}
	f.Bias = s.Draw(f.Vector, k.scale(), random.NormFloat64)
	return f
}
