package demo

import (
	_ "embed" // for names and leanings
	"slices"
	"strings"
	"sync"

	"valse/store"
)

var (
	//go:embed data/tastes.txt
	tastesText string
	//go:embed data/names.txt
	namesText string
)

// names holds the words "first" and "last".
var names = sync.OnceValue(func() *lexicon { return parseLexicon(namesText) })

// taste is what a user wants, hidden from every model.
type taste struct {
	categories []int
	cum        []int  // cumulated weights of categories
	styles     [2]int // the favourite and the second
	level      int    // of price
	vendors    int    // residue that a favourite vendor's id leaves, see likesVendor
	stray      int    // visits in a thousand that go anywhere
	visits     int
	joined     int64 // Unix seconds
}

// vendorCircles is how many circles vendors fall into; a user favours one.
const vendorCircles = 3

func (t *taste) likesVendor(vendor int32) bool { return int(vendor)%vendorCircles == t.vendors }

// affinity is how well an item suits, 1 to 256, whatever its category.
func (t *taste) affinity(it *item) int {
	style, level, vendor := 10, 256, 100
	switch int(it.style) {
	case t.styles[0]:
		style = 256
	case t.styles[1]:
		style = 100
	}
	level >>= abs(t.level - int(it.level))
	if t.likesVendor(it.vendor) {
		vendor = 256
	}
	return 1 + (style*level*vendor-1)>>16
}

// taste makes up the taste of a user who is not a persona.
func (s *Shop) taste(u int, r *random) taste {
	t := taste{stray: r.between(30, 110), level: r.weighted([]int{38, 78, 100}), vendors: r.below(vendorCircles)}
	t.styles[0] = r.below(numStyles)
	t.styles[1] = (t.styles[0] + 1 + r.below(2)) % numStyles
	t.lean(s.leanings[r.weighted(s.following)], 24)
	if r.chance(350) {
		t.lean(s.leanings[r.weighted(s.following)], 12)
	}
	if r.chance(400) {
		t.want(r.weighted(s.crowd), r.between(2, 6))
	}
	t.visits = visitCount(r)
	// Four in ten were there before the story begins.
	t.joined = s.start.Unix()
	if span := s.end.Unix() - t.joined; r.chance(600) {
		t.joined += int64(r.below(int(span * 85 / 100)))
	}
	return t
}

// lean adds a leaning's categories, each weighing three fifths of the one before.
func (t *taste) lean(categories []int, weight int) {
	for _, c := range categories {
		t.want(c, weight)
		weight = max(1, weight*3/5)
	}
}

func (t *taste) want(category, weight int) {
	if i := slices.Index(t.categories, category); i >= 0 {
		for ; i < len(t.cum); i++ {
			t.cum[i] += weight
		}
		return
	}
	sum := weight
	if n := len(t.cum); n > 0 {
		sum += t.cum[n-1]
	}
	t.categories, t.cum = append(t.categories, category), append(t.cum, sum)
}

// visitCount has a long tail: most come a few times, some every week.
func visitCount(r *random) int {
	switch r.weighted([]int{40, 75, 95, 100}) {
	case 0:
		return r.between(2, 6)
	case 1:
		return r.between(7, 14)
	case 2:
		return r.between(15, 30)
	default:
		return r.between(31, 60)
	}
}

// user returns the u-th user as a store keeps it.
func (s *Shop) user(u int) store.User {
	joined := unix(s.tasteOf(u).joined)
	if u < len(s.personas) {
		persona := s.personas[u].User
		persona.CreatedAt = joined
		return persona
	}
	r := newRandom(s.seed, "name", u)
	people := &names().root
	return store.User{
		ID:        s.userID(u),
		Name:      people.expand(r, "{first} {last}"),
		CreatedAt: joined,
	}
}

func (s *Shop) userID(u int) string {
	if u < len(s.personas) {
		return s.personas[u].User.ID
	}
	return "u" + zeroPadded(u, 5)
}

// tasteOf returns the taste of any user, persona or not.
func (s *Shop) tasteOf(u int) taste {
	r := newRandom(s.seed, "taste", u)
	if u < len(s.personas) {
		return s.personas[u].taste(s, r)
	}
	return s.taste(u, r)
}

// parseLeanings reads data/tastes.txt as lists of categories.
func parseLeanings(l *lexicon) [][]int {
	var leanings [][]int
	for line := range dataLines(tastesText) {
		_, list, _ := strings.Cut(line, ": ")
		leanings = append(leanings, l.categoriesNamed(list))
	}
	return leanings
}
