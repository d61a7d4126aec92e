package als

import (
	"fmt"
	"math"
)

// Weights are the weights of a matrix's entries. The zero value stands for all
// ones. Each entry holds its weight's number in a book of the different ones, one
// byte long up to 256 of them, two up to 65,536. Where there are more, weights are
// rounded until there are so few: to one part in two thousand where they span
// twenty powers of two, as those of twenty half-lives do.
type Weights struct {
	book  []float32
	codes []uint8
	wide  []uint16
}

// NewWeights returns the weights with the given values, which it may change.
func NewWeights(values []float32) Weights {
	w, fits := number(values)
	for mantissa := 16; !fits; mantissa-- {
		for e, v := range values {
			values[e] = shorten(v, mantissa)
		}
		w, fits = number(values)
	}
	if len(w.book) > math.MaxUint8+1 {
		return w
	}
	w.codes = make([]uint8, len(values))
	for e, k := range w.wide {
		w.codes[e] = uint8(k)
	}
	w.wide = nil
	return w
}

// number numbers the values, and reports whether two bytes hold the numbers.
func number(values []float32) (w Weights, fits bool) {
	w.wide = make([]uint16, len(values))
	numbers := map[uint32]uint16{} // by bits: not every number equals itself
	for e, v := range values {
		k, known := numbers[math.Float32bits(v)]
		if !known {
			if len(w.book) > math.MaxUint16 {
				return w, false
			}
			k = uint16(len(w.book))
			numbers[math.Float32bits(v)] = k
			w.book = append(w.book, v)
		}
		w.wide[e] = k
	}
	return w, true
}

// shorten rounds v to some bits of mantissa; what is not finite stays so.
func shorten(v float32, mantissa int) float32 {
	if v != v {
		return v
	}
	drop := uint32(1) << (23 - mantissa)
	return math.Float32frombits((math.Float32bits(v) + drop/2) &^ (drop - 1))
}

// AllOne reports whether the weights are those of a binary matrix.
func (w *Weights) AllOne() bool { return w.codes == nil && w.wide == nil }

// Bytes returns the room that an entry's weight takes.
func (w *Weights) Bytes() int {
	switch {
	case w.codes != nil:
		return 1
	case w.wide != nil:
		return 2
	}
	return 0
}

// Append appends the weights of entries lo to hi to dst, ones included.
func (w *Weights) Append(dst []float32, lo, hi int64) []float32 {
	switch {
	case w.codes != nil:
		for _, k := range w.codes[lo:hi] {
			dst = append(dst, w.book[k])
		}
	case w.wide != nil:
		for _, k := range w.wide[lo:hi] {
			dst = append(dst, w.book[k])
		}
	default:
		for range hi - lo {
			dst = append(dst, 1)
		}
	}
	return dst
}

// at returns the weight of entry e.
func (w *Weights) at(e int64) float32 {
	switch {
	case w.codes != nil:
		return w.book[w.codes[e]]
	case w.wide != nil:
		return w.book[w.wide[e]]
	}
	return 1
}

// each calls f with every value that weights have, at least once.
func (w *Weights) each(f func(float32)) {
	for _, v := range w.book {
		f(v)
	}
}

// mapped returns the weights with f of each value.
func (w *Weights) mapped(f func(float32) float32) Weights {
	m := *w
	m.book = make([]float32, len(w.book))
	for k, v := range w.book {
		m.book[k] = f(v)
	}
	return m
}

// like returns weights of the same kind, to be set.
func (w *Weights) like() Weights {
	l := Weights{book: w.book}
	switch {
	case w.codes != nil:
		l.codes = make([]uint8, len(w.codes))
	case w.wide != nil:
		l.wide = make([]uint16, len(w.wide))
	}
	return l
}

// set gives entry at the weight that entry e has in from, which is like w.
func (w *Weights) set(at int64, from *Weights, e int64) {
	switch {
	case w.codes != nil:
		w.codes[at] = from.codes[e]
	case w.wide != nil:
		w.wide[at] = from.wide[e]
	}
}

// check panics unless there are n weights, or none.
func (w *Weights) check(n int) {
	if have := len(w.codes) + len(w.wide); have != n && !w.AllOne() {
		panic(fmt.Sprintf("als: %d entries with %d weights", n, have))
	}
}
