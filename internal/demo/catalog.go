package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// numStyles is how many styles a department's style attribute lists.
const numStyles = 6

// item is what the simulation knows of a product.
type item struct {
	kind      int32
	vendor    int32 // into all vendors, department by department
	style     int8  // 0 to numStyles-1
	level     int8  // of price within its kind: 0 cheap, 1 middle, 2 dear
	quality   int8  // 0 poor to 4 loved
	published int64 // Unix seconds
	soldOut   bool
}

// shelf is the products of one category, to draw from by popularity.
type shelf struct {
	items []int32
	cum   []int // cumulated popularity, parallel to items
}

// house is a vendor and the categories it is at home in.
type house struct {
	id   int32
	name string
}

// stock fills the catalogue: every category gets its share of the products.
func (s *Shop) stock() {
	houses := s.assignVendors()
	r := newRandom(s.seed, "stock", 0)
	shares := make([]int, len(s.lexicon.categories))
	for c := range shares {
		shares[c] = r.between(28, 52)
	}
	total := cumulate(shares)
	s.shelves = make([]shelf, len(shares))
	s.items = make([]item, 0, s.size.Products)
	s.products = make([]store.Product, 0, s.size.Products)
	taken := map[string]bool{}
	for c := range s.lexicon.categories {
		upTo := s.size.Products * total[c] / total[len(total)-1]
		for n := 0; len(s.items) < upTo; n++ {
			s.addProduct(c, n, houses[c], taken)
		}
	}
	s.rank()
}

// assignVendors gives every vendor one to four categories of its department
// and returns the vendors of each category, at least two.
func (s *Shop) assignVendors() [][]house {
	houses := make([][]house, len(s.lexicon.categories))
	byDepartment := make([][]int, len(s.lexicon.departments))
	for c, cat := range s.lexicon.categories {
		byDepartment[cat.department] = append(byDepartment[cat.department], c)
	}
	r := newRandom(s.seed, "vendors", 0)
	id := int32(0)
	for d, dep := range s.lexicon.departments {
		categories := byDepartment[d]
		for v, name := range dep.vendors {
			first, reach := v%len(categories), r.between(1, 4)
			for i := range reach {
				c := categories[(first+i)%len(categories)]
				houses[c] = append(houses[c], house{id: id, name: name})
			}
			id++
		}
	}
	return houses
}

// addProduct makes the n-th product of a category. Kinds and vendors take
// turns first, so that none is left out.
func (s *Shop) addProduct(c, n int, houses []house, taken map[string]bool) {
	index := len(s.items)
	r := newRandom(s.seed, "product", index)
	cat := s.lexicon.categories[c]
	k := cat.kinds[n%len(cat.kinds)]
	house := houses[n%len(houses)]
	if n >= len(houses) {
		house = houses[min(r.below(len(houses)), r.below(len(houses)))]
	}
	kind := s.lexicon.kinds[k]
	it := item{
		kind: int32(k), vendor: house.id,
		style:   int8(r.below(numStyles)),
		level:   int8(r.weighted([]int{40, 78, 100})),
		quality: int8(r.weighted([]int{6, 20, 50, 82, 100})),
		soldOut: r.chance(35),
	}
	// The older of two dates: most of the catalogue has been there for a while.
	age := max(r.between(3, 3*365), r.between(3, 3*365))
	it.published = s.end.AddDate(0, 0, -age).Add(time.Duration(r.between(6*60, 11*60)) * time.Minute).Unix()
	s.items = append(s.items, it)
	s.shelves[c].items = append(s.shelves[c].items, int32(index))
	s.products = append(s.products, store.Product{
		ID:          "p" + zeroPadded(index+1, len(strconv.Itoa(max(s.size.Products, 1000)))),
		Title:       kind.title(r, taken),
		Description: kind.text(r, taken),
		Category:    cat.path,
		Vendor:      house.name,
		Price:       charmPrice(r, kind, int(it.level)),
		Currency:    "EUR",
		PublishedAt: time.Unix(it.published, 0).UTC(),
		OutOfStock:  it.soldOut,
		Attributes:  kind.describe(r, int(it.style)),
	})
}

// title makes a title that is not taken yet, and takes it.
func (k *kind) title(r *random, taken map[string]bool) string {
	named := scope{parent: &k.scope, words: map[string][]string{"kind": {k.name}, "Kind": {titleCase(k.name)}}}
	title, ok := named.fresh(r, "title", taken)
	for edition := 2; !ok; edition++ {
		numbered := fmt.Sprintf("%s, edition %d", title, edition)
		if ok = !taken[strings.ToLower(numbered)]; ok {
			title = numbered
		}
	}
	taken[strings.ToLower(title)] = true
	return title
}

// text makes a description, one that is not taken yet if that can be had.
func (k *kind) text(r *random, taken map[string]bool) string {
	text, _ := k.fresh(r, "text", taken)
	taken[strings.ToLower(text)] = true
	return text
}

// fresh expands a word until the result is not taken and does not stutter; it
// gives up after a while and returns what it has.
func (s *scope) fresh(r *random, word string, taken map[string]bool) (text string, ok bool) {
	for range 16 {
		text = s.expand(r, "{"+word+"}")
		if !taken[strings.ToLower(text)] && !stutters(text) {
			return text, true
		}
	}
	return text, false
}

// stutters reports whether a word comes twice in a row.
func stutters(text string) bool {
	last := ""
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if word == last {
			return true
		}
		last = word
	}
	return false
}

// describe chooses a kind's attributes; one whose only alternative is "-" is
// left out.
func (k *kind) describe(r *random, style int) map[string]string {
	attributes := map[string]string{"kind": k.name}
	for _, name := range k.attributeNames() {
		list := must(k.find(name))
		value := k.expand(r, pick(r, list))
		if name == "style" {
			value = list[style]
		}
		if value != "-" {
			attributes[name] = value
		}
	}
	return attributes
}

// charmPrice chooses a price in cents within the kind's range that looks like
// a price: 4.90, 24.90, 89.00, 129.00, 649.00.
func charmPrice(r *random, k *kind, level int) int64 {
	parts := [3][2]int{{0, 30}, {25, 60}, {55, 100}}[level]
	percent := r.between(parts[0], parts[1])
	euros := k.low + (k.high-k.low)*percent/100
	switch {
	case euros < 40:
		return int64(euros*100 - pick(r, []int{5, 10, 10, 50}))
	case euros < 100:
		return int64(euros/5*5-1) * 100
	case euros < 500:
		return int64(euros/10*10-1) * 100
	default:
		return int64(euros/50*50-1) * 100
	}
}

// rank gives the products of each category, and the categories, their
// popularity.
func (s *Shop) rank() {
	r := newRandom(s.seed, "rank", 0)
	for c := range s.shelves {
		sh := &s.shelves[c]
		sh.cum = cumulate(r.zipf(len(sh.items), 2+len(sh.items)/16))
	}
	weights := r.zipf(len(s.shelves), 20)
	for c := range weights {
		if len(s.shelves[c].items) == 0 {
			weights[c] = 0
		}
	}
	s.crowd = cumulate(weights)
}

func zeroPadded(n, width int) string { return fmt.Sprintf("%0*d", width, n) }

// must returns the first of two values, the second of which has to be true.
func must[T any](v T, ok bool) T {
	if !ok {
		panic("demo: a word is missing in the vocabulary")
	}
	return v
}
