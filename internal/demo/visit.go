package demo

import (
	"cmp"
	"slices"

	"valse/store"
)

// event is an interaction before it is spelt out.
type event struct {
	at     int64 // Unix seconds
	user   int32
	number int32 // the user's how-manieth event
	visit  int32
	item   int32
	kind   store.EventType
	halves uint8 // value in halves: stars come in half steps
	listed bool  // it followed from the visit's recommendation list
}

// visitor plays one user's visits.
type visitor struct {
	*random
	shop   *Shop
	taste  taste
	user   int32
	events []event
	owned  map[int32]int64 // when each item was bought last
	larder []int32         // consumables bought, in order
	hidden []int32         // never shown again

	// Of the visit that goes on:
	visit int32
	now   int64
	month int
	seen  []int32 // products viewed
	cart  []entry
}

// entry is an item in the cart and whether a list led to it.
type entry struct {
	item   int32
	listed bool
}

// The chances, in a thousand, that shape the funnel. Those marked × are
// scaled by affinity.
const (
	seesList    = 560
	clicksShown = 260 // ×
	fillsCart   = 430 // ×
	addsPartner = 300
	checksOut   = 690
	reorders    = 420
	ratesBought = 520
	likesViewed = 90 // ×
	dislikes    = 14
	hides       = 9
)

// history returns everything one user did, in order of time.
func (s *Shop) history(u int) []event {
	t := s.tasteOf(u)
	if t.visits == 0 || len(s.items) == 0 {
		return nil
	}
	v := &visitor{
		random: newRandom(s.seed, "visits", u),
		shop:   s, taste: t, user: int32(u), owned: map[int32]int64{},
	}
	for n, at := range s.visitTimes(v.random, &t) {
		v.visit, v.now, v.month = int32(n+1), at, monthOf(at)
		v.seen, v.cart = v.seen[:0], v.cart[:0]
		v.play()
	}
	end := s.end.Unix()
	v.events = slices.DeleteFunc(v.events, func(e event) bool { return e.at >= end })
	slices.SortStableFunc(v.events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	for i := range v.events {
		v.events[i].number = int32(i + 1)
	}
	return v.events
}

// play is one visit: buy again what ran out, look at the list, browse, pay.
func (v *visitor) play() {
	if v.chance(reorders) {
		v.reorder()
	}
	if v.chance(seesList) {
		v.readList()
	}
	theme := v.theme()
	for range v.between(1, 6) {
		if i, ok := v.draw(theme); ok {
			v.look(i, false)
		}
	}
	if len(v.cart) > 0 && v.chance(checksOut) {
		v.checkOut()
	}
}

// theme chooses the category a visit is about: what the user likes, in season.
// Who never strays takes their categories in turn.
func (v *visitor) theme() int {
	for try := range 12 {
		c := v.taste.categories[v.weighted(v.taste.cum)]
		if v.taste.stray == 0 {
			c = v.taste.categories[(int(v.visit)+try)%len(v.taste.categories)]
		} else if v.chance(v.taste.stray) {
			c = v.weighted(v.shop.crowd)
		}
		if v.below(9) < v.shop.lexicon.categories[c].season[v.month] {
			return c
		}
	}
	return v.taste.categories[0]
}

// draw chooses an item of a category that the visit has not seen, by
// popularity and affinity, by rejection: the cost does not grow with the catalogue.
func (v *visitor) draw(category int) (int32, bool) {
	sh := &v.shop.shelves[category]
	if len(sh.items) == 0 {
		return 0, false
	}
	for range 48 {
		i := sh.items[v.weighted(sh.cum)]
		it := &v.shop.items[i]
		if it.published <= v.now && v.below(256) < v.taste.affinity(it) &&
			!slices.Contains(v.seen, i) && !slices.Contains(v.hidden, i) {
			return i, true
		}
	}
	return 0, false
}

// popular chooses an item by popularity alone.
func (v *visitor) popular() (int32, bool) {
	sh := &v.shop.shelves[v.weighted(v.shop.crowd)]
	i := sh.items[v.weighted(sh.cum)]
	return i, v.shop.items[i].published <= v.now && !slices.Contains(v.hidden, i)
}

// readList shows a list of recommendations: half of it chosen for the user,
// half popular anywhere. What suits is clicked.
func (v *visitor) readList() {
	var shown []int32
	for n := range v.between(5, 8) {
		i, ok := v.draw(v.taste.categories[v.weighted(v.taste.cum)])
		if n%2 == 1 && v.taste.stray > 0 {
			i, ok = v.popular()
		}
		if ok && !v.shop.items[i].soldOut && !slices.Contains(shown, i) {
			shown = append(shown, i)
			v.record(i, store.Impression, 2, true)
		}
	}
	for _, i := range shown {
		switch {
		case v.chance(clicksShown * v.liking(i) / 256):
			v.wait(4, 40)
			v.record(i, store.Click, 2, true)
			v.look(i, true)
		case v.taste.stray > 0 && v.liking(i) < 40 && v.chance(hides):
			v.record(i, store.Hide, 2, true)
			v.hidden = append(v.hidden, i)
		}
	}
}

// liking is the affinity of an item, next to nothing outside the user's
// categories.
func (v *visitor) liking(i int32) int {
	it := &v.shop.items[i]
	a := v.taste.affinity(it)
	if !slices.Contains(v.taste.categories, v.shop.lexicon.kinds[it.kind].category) {
		return a / 10
	}
	return a
}

// look views an item, and may like it, dislike it or put it into the cart
// with what goes with it.
func (v *visitor) look(i int32, listed bool) {
	v.wait(15, 140)
	v.record(i, store.View, 2, listed)
	v.seen = append(v.seen, i)
	liking := v.liking(i)
	switch {
	case v.chance(likesViewed * liking / 256):
		v.record(i, store.Like, 2, listed)
	case liking < 30 && v.chance(dislikes):
		v.record(i, store.Dislike, 2, listed)
	}
	if _, has := v.owned[i]; has || v.shop.items[i].soldOut || !v.chance(fillsCart*liking/256+20) {
		return
	}
	v.put(i, listed)
	for _, other := range v.shop.complements[i] {
		_, has := v.owned[other]
		partner := &v.shop.items[other]
		if !has && !partner.soldOut && partner.published <= v.now && v.chance(addsPartner) {
			v.wait(10, 90)
			v.record(other, store.View, 2, false)
			v.put(other, false)
		}
	}
}

// put puts an item into the cart once.
func (v *visitor) put(i int32, listed bool) {
	if slices.ContainsFunc(v.cart, func(e entry) bool { return e.item == i }) {
		return
	}
	v.wait(3, 30)
	v.record(i, store.Cart, 2, listed)
	v.cart = append(v.cart, entry{i, listed})
}

// reorder puts consumables into the cart that were bought three weeks ago or
// earlier.
func (v *visitor) reorder() {
	for _, i := range v.larder {
		if v.now-v.owned[i] > 21*secondsPerDay && len(v.cart) < 3 && v.chance(600) {
			v.wait(5, 60)
			v.record(i, store.View, 2, false)
			v.put(i, false)
		}
	}
}

// checkOut buys what is in the cart, save now and then a piece of it, and
// rates some of it when it has been used for a while.
func (v *visitor) checkOut() {
	v.wait(40, 240)
	for _, e := range v.cart {
		if v.chance(70) {
			continue
		}
		quantity := 1
		repeat := v.shop.lexicon.categories[v.shop.lexicon.kinds[v.shop.items[e.item].kind].category].repeat
		if repeat {
			quantity = 1 + v.weighted([]int{60, 85, 95, 100})
		}
		v.record(e.item, store.Purchase, uint8(2*quantity), e.listed)
		_, had := v.owned[e.item]
		if repeat && !had {
			v.larder = append(v.larder, e.item)
		}
		v.owned[e.item] = v.now
		if !had && v.chance(ratesBought) {
			v.rate(e)
		}
	}
}

// rate gives stars days later: what is good and suits gets more.
func (v *visitor) rate(e entry) {
	it := &v.shop.items[e.item]
	halves := 3 + int(it.quality) + v.liking(e.item)/80 + v.between(-1, 2)
	if v.chance(800) {
		halves = halves / 2 * 2 // most people give whole stars
	}
	now := v.now
	v.now += int64(v.between(3*secondsPerDay, 24*secondsPerDay))
	v.record(e.item, store.Rating, uint8(min(max(halves, 1), 10)), e.listed)
	v.now = now
}

func (v *visitor) wait(low, high int) { v.now += int64(v.between(low, high)) }

func (v *visitor) record(i int32, kind store.EventType, halves uint8, listed bool) {
	v.events = append(v.events, event{
		at: v.now, user: v.user, visit: v.visit, item: i, kind: kind, halves: halves, listed: listed,
	})
}
