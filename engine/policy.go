package engine

import (
	"iter"
	"maps"
	"math"
	"math/bits"
	"slices"
	"sync"
	"time"

	"valse/engine/rule"
	"valse/engine/topk"
)

// Rules is a rule book prepared for a catalogue. It is safe for concurrent use.
// The nil Rules is that of no book.
type Rules struct {
	book      *rule.Book
	catalogue *Catalogue
	matches   []topk.Mask // by rule: the products that its match selects

	mu       sync.Mutex
	policies map[string]*Policy // by the rules that count
}

// NewRules prepares a book, which must be valid, for a catalogue; nil for nil.
func NewRules(c *Catalogue, b *rule.Book) *Rules {
	if b == nil {
		return nil
	}
	r := &Rules{book: b, catalogue: c, policies: map[string]*Policy{}}
	for i := range b.Rules {
		r.matches = append(r.matches, c.match(b.Rules[i].Where))
	}
	return r
}

// match returns the products that m selects, without what is never
// recommended.
func (c *Catalogue) match(m rule.Match) topk.Mask {
	rest := c.mask(Filter{Categories: m.Categories, Vendors: m.Vendors, MinPrice: m.MinPrice, MaxPrice: m.MaxPrice})
	if len(m.Products) > 0 {
		named := topk.NewMask(len(c.products))
		for _, id := range m.Products {
			if n, ok := c.number[id]; ok && !rest.Has(n) {
				named.Set(n)
			}
		}
		return named
	}
	return c.but(rest)
}

// but returns every product that is not in m, which may be nil.
func (c *Catalogue) but(m topk.Mask) topk.Mask {
	rest := topk.NewMask(len(c.products))
	for n := range c.products {
		if !m.Has(int32(n)) {
			rest.Set(int32(n))
		}
	}
	return rest
}

// members yields what is in a mask, in order.
func members(m topk.Mask) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for w, word := range m {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(w*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// Policy returns what the book says about a shelf at a time: the same for the
// same rules, made once. It is nil where there is no book.
func (r *Rules) Policy(s rule.Shelf, at time.Time) *Policy {
	if r == nil {
		return nil
	}
	key := make([]byte, len(r.book.Rules))
	for i := range r.book.Rules {
		if r.book.Rules[i].Counts(s, at) {
			key[i] = 1
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p, made := r.policies[string(key)]
	if !made {
		p = r.policy(key)
		r.policies[string(key)] = p
	}
	return p
}

// Policy is what the rules that count for one shelf at one time say together:
// factors multiply, the tightest limit, the strongest diversity and the largest
// share hold. It is immutable. The nil Policy says nothing.
type Policy struct {
	version   int64
	catalogue *Catalogue
	rules     []counting

	barred                 topk.Mask // what HIDE and ONLY leave out; nil for nothing
	lifts                  []lift    // by factor; none when nothing is lifted
	pins                   []int     // positions in rules
	notOwn                 bool
	perVendor, perCategory int // 0 is no limit
	strength               float32
	share                  float64
}

// counting is a rule that counts and the products that its match selects.
type counting struct {
	*rule.Rule
	match topk.Mask
}

// lift is a set of products that count factor times.
type lift struct {
	factor float32
	others topk.Mask // all products but those
}

// policy joins the rules marked in counts.
func (r *Rules) policy(counts []byte) *Policy {
	p := &Policy{version: r.book.Version, catalogue: r.catalogue}
	for i := range r.book.Rules {
		if counts[i] == 0 {
			continue
		}
		c := counting{&r.book.Rules[i], r.matches[i]}
		p.rules = append(p.rules, c)
		switch c.Kind {
		case rule.Hide:
			p.bar(c.match)
		case rule.Only:
			p.bar(r.catalogue.but(c.match))
		case rule.Pin:
			p.pins = append(p.pins, len(p.rules)-1)
		case rule.NotOwn:
			p.notOwn = true
		case rule.Limit:
			p.perVendor = tighter(p.perVendor, c.MaxPerVendor)
			p.perCategory = tighter(p.perCategory, c.MaxPerCategory)
		case rule.Diversify:
			p.strength = max(p.strength, float32(c.Strength))
		case rule.Explore:
			p.share = max(p.share, c.Share)
		}
	}
	p.group()
	return p
}

func tighter(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

func (p *Policy) bar(m topk.Mask) {
	if p.barred == nil {
		p.barred = topk.NewMask(p.catalogue.Len())
	}
	p.barred.Or(m)
}

// group sorts the products by the factor that all rules together give them.
func (p *Policy) group() {
	factors := map[int32]float64{}
	for _, c := range p.rules {
		factor := c.Factor
		switch c.Kind {
		case rule.Boost:
		case rule.Bury:
			factor = 1 / factor
		default:
			continue
		}
		for n := range members(c.match) {
			if _, known := factors[n]; !known {
				factors[n] = 1
			}
			factors[n] *= factor
		}
	}
	if len(factors) == 0 {
		return
	}
	at := map[float32]int{1: 0}
	p.lifts = []lift{{1, topk.NewMask(p.catalogue.Len())}}
	for _, n := range slices.Sorted(maps.Keys(factors)) {
		f := factors[n]
		factor := float32(min(max(f, math.SmallestNonzeroFloat32), math.MaxFloat32))
		if factor == 1 {
			continue
		}
		g, known := at[factor]
		if !known {
			g = len(p.lifts)
			at[factor] = g
			p.lifts = append(p.lifts, lift{factor, p.catalogue.but(nil)})
		}
		p.lifts[g].others.Clear(n)
		p.lifts[0].others.Set(n)
	}
}

// restrict enters into a mask what a user must not be shown.
func (p *Policy) restrict(mask topk.Mask, userID string) {
	if p == nil {
		return
	}
	mask.Or(p.barred)
	for _, n := range p.own(userID) {
		mask.Set(n)
	}
}

// own are the products that a user must not be shown since they sell them.
func (p *Policy) own(userID string) []int32 {
	if p == nil || !p.notOwn || userID == "" {
		return nil
	}
	return p.catalogue.byOwner[userID]
}

// reorders reports whether a list under the policy is more than the best of
// what it may hold.
func (p *Policy) reorders() bool {
	return p != nil && (len(p.lifts) > 0 || len(p.pins) > 0 || p.perVendor > 0 || p.perCategory > 0 || p.diverse())
}

// Unpinned is the policy without its pins: for lists that are stored, in which
// what is pinned finds its place when they are read.
func (p *Policy) Unpinned() *Policy {
	if p == nil || len(p.pins) == 0 {
		return p
	}
	rest := *p
	rest.pins = nil
	return &rest
}

// Version is that of the book; 0 without one.
func (p *Policy) Version() int64 {
	if p == nil {
		return 0
	}
	return p.version
}
