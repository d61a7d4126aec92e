package engine

import (
	"strings"

	"valse/engine/rule"
	"valse/store"
)

// maxPool bounds the candidates that a varied list is chosen from.
const maxPool = 2048

// chooser picks a varied list from a pool of the best candidates of a source.
type chooser struct {
	l     *lister
	find  finder
	λ     float32
	scale float32 // makes the best candidate's relevance 1

	size  int      // of the pool that was asked for
	found []choice // best first
	whole bool     // whether these are all that are eligible
}

// choice is a candidate and how near it is, 0 to 1, to the nearest of the first
// products of the list.
type choice struct {
	candidate
	near float32
	of   int // how many products of the list that takes in
}

// takeDiverse fills the list by maximal marginal relevance (Carbonell and
// Goldstein 1998, with λ = 1 − strength): the next product is the one with the
// greatest
//
//	λ · relevance − (1−λ) · nearness to the nearest product of the list,
//
// relevance being the lifted score relative to that of the best. A product
// outside the pool has at most the relevance of the pool's last and is no
// nearer than 0; while that could win, the pool grows, so that the choice is
// exact over the whole catalogue up to a pool of maxPool.
func (l *lister) takeDiverse(source Source, base float32, find finder) {
	if l.missing() <= 0 {
		return
	}
	c := &chooser{l: l, find: find, λ: 1 - l.policy.strength, scale: 1, size: 4 * l.missing()}
	c.fill()
	if len(c.found) > 0 && c.found[0].rank > 0 {
		c.scale = 1 / c.found[0].rank
	}
	for l.missing() > 0 {
		best, moved, ok := c.choose()
		if !ok {
			return
		}
		var because []string
		if moved {
			because = l.policy.ids(rule.Diversify)
		}
		l.take(source, base, best, because...)
	}
}

func (c *chooser) fill() {
	found := c.l.best(c.find, c.size)
	c.whole = len(found) < c.size
	c.found = make([]choice, len(found))
	for i := range found {
		c.found[i].candidate = found[i]
	}
}

// choose returns the next product and whether it passes a better one by. It
// reports false when nothing is eligible any more.
func (c *chooser) choose() (best candidate, moved, ok bool) {
	for {
		at, moved, sure := c.look()
		switch {
		case at >= 0 && (sure || c.size >= maxPool):
			return c.found[at].candidate, moved, true
		case c.whole:
			return candidate{}, false, false
		case at >= 0:
			c.size *= 2
		}
		c.fill() // larger, or without what limits have ruled out
	}
}

// look finds the most valuable candidate, -1 when none is eligible, whether
// there is a more relevant one, and whether it is surely the best of all. It
// works out how near a candidate is only as far as that may matter: a list that
// grows brings no candidate further away.
func (c *chooser) look() (at int, moved, sure bool) {
	at, first, value := -1, -1, float32(0)
	for i := range c.found {
		f := &c.found[i]
		relevance := c.λ * f.rank * c.scale
		if at >= 0 && relevance <= value {
			return at, at != first, true
		}
		if c.l.mask.Has(f.product) || at >= 0 && relevance-(1-c.λ)*f.near <= value {
			continue
		}
		if first < 0 {
			first = i
		}
		for _, product := range c.l.taken[f.of:] {
			f.near = max(f.near, c.l.r.alike(f.product, product))
		}
		f.of = len(c.l.taken)
		if v := relevance - (1-c.λ)*f.near; at < 0 || v > value {
			at, value = i, v
		}
	}
	return at, at != first, c.whole
}

// alike is how alike two products are, 0 to 1: the cosine of their factors, or
// where one has none, the part of the longer category path that they share.
func (r *Recommender) alike(a, b int32) float32 {
	if cosine, ok := r.ranker.cosine(a, b); ok {
		return max(0, cosine)
	}
	return sharedPath(r.catalogue.products[a].Category, r.catalogue.products[b].Category)
}

// sharedPath is the number of leading parts that two category paths share over
// that of the longer one.
func sharedPath(a, b string) float32 {
	if a == b && a != "" {
		return 1
	}
	as, bs := strings.Split(a, store.CategorySeparator), strings.Split(b, store.CategorySeparator)
	shared := 0
	for shared < min(len(as), len(bs)) && as[shared] == bs[shared] && as[shared] != "" {
		shared++
	}
	return float32(shared) / float32(max(len(as), len(bs)))
}

// diverse reports whether lists should vary more than their scores say.
func (p *Policy) diverse() bool { return p != nil && p.strength > 0 }

// ids returns those of the rules of a kind.
func (p *Policy) ids(k rule.Kind) []string {
	var ids []string
	for _, c := range p.rules {
		if c.Kind == k {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
