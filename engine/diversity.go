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

	size  int         // of the pool that was asked for
	found []candidate // best first
	near  []float32   // parallel: to the nearest product of the list, 0 to 1
	whole bool        // whether these are all that are eligible
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
		for i := range c.found {
			c.near[i] = max(c.near[i], l.r.alike(c.found[i].product, best.product))
		}
	}
}

// fill finds candidates and how near they are to what was taken.
func (c *chooser) fill() {
	c.found = c.l.best(c.find, c.size)
	c.whole = len(c.found) < c.size
	c.near = make([]float32, len(c.found))
	for i := range c.found {
		for _, product := range c.l.taken {
			c.near[i] = max(c.near[i], c.l.r.alike(c.found[i].product, product))
		}
	}
}

// choose returns the next product and whether it passes a better one by. It
// reports false when nothing is eligible any more.
func (c *chooser) choose() (best candidate, moved, ok bool) {
	for {
		at, value, moved := c.look()
		switch {
		case c.whole && at < 0:
			return candidate{}, false, false
		case at < 0: // limits have used the pool up; what is left makes another
			c.fill()
		case !c.whole && c.size < maxPool && value < c.relevance(len(c.found)-1):
			c.size *= 4
			c.fill()
		default:
			return c.found[at], moved, true
		}
	}
}

// look finds the most valuable candidate; -1 when none is eligible.
func (c *chooser) look() (at int, value float32, moved bool) {
	at, first := -1, -1
	for i := range c.found {
		if c.l.mask.Has(c.found[i].product) {
			continue
		}
		if first < 0 {
			first = i
		}
		if v := c.relevance(i) - (1-c.λ)*c.near[i]; at < 0 || v > value {
			at, value = i, v
		}
	}
	return at, value, at != first
}

func (c *chooser) relevance(i int) float32 { return c.λ * c.found[i].rank * c.scale }

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
