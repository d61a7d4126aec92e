package als

import (
	"fmt"
	"math"
)

// Weights are the weights of a matrix's entries. The zero value stands for all
// ones. Weights are exact, and take as little room as that allows: where there
// are few different ones, each entry holds its weight's number in a book of
// them, one byte long up to 256 different weights, two up to 65,536; beyond that
// the weight itself.
type Weights struct {
	book  []float32
	codes []uint8
	wide  []uint16
	plain []float32
}

// NewWeights returns the weights with the given values, which it may keep.
func NewWeights(values []float32) Weights {
	w := Weights{wide: make([]uint16, len(values))}
	number := map[float32]uint16{}
	for e, v := range values {
		k, known := number[v]
		if !known {
			if len(w.book) > math.MaxUint16 {
				return Weights{plain: values}
			}
			k = uint16(len(w.book))
			number[v] = k
			w.book = append(w.book, v)
		}
		w.wide[e] = k
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

// AllOne reports whether the weights are those of a binary matrix.
func (w *Weights) AllOne() bool { return w.codes == nil && w.wide == nil && w.plain == nil }

// Bytes returns the room that an entry's weight takes.
func (w *Weights) Bytes() int {
	switch {
	case w.codes != nil:
		return 1
	case w.wide != nil:
		return 2
	case w.plain != nil:
		return 4
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
	case w.plain != nil:
		dst = append(dst, w.plain[lo:hi]...)
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
	case w.plain != nil:
		return w.plain[e]
	}
	return 1
}

// each calls f with every value that weights have, at least once.
func (w *Weights) each(f func(float32)) {
	for _, v := range w.book {
		f(v)
	}
	for _, v := range w.plain {
		f(v)
	}
}

// mapped returns the weights with f of each value.
func (w *Weights) mapped(f func(float32) float32) Weights {
	m := *w
	m.book, m.plain = mapped(w.book, f), mapped(w.plain, f)
	return m
}

func mapped(values []float32, f func(float32) float32) []float32 {
	if values == nil {
		return nil
	}
	result := make([]float32, len(values))
	for i, v := range values {
		result[i] = f(v)
	}
	return result
}

// like returns weights of the same kind, to be set.
func (w *Weights) like() Weights {
	l := Weights{book: w.book}
	switch {
	case w.codes != nil:
		l.codes = make([]uint8, len(w.codes))
	case w.wide != nil:
		l.wide = make([]uint16, len(w.wide))
	case w.plain != nil:
		l.plain = make([]float32, len(w.plain))
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
	case w.plain != nil:
		w.plain[at] = from.plain[e]
	}
}

// check panics unless there are n weights, or none.
func (w *Weights) check(n int) {
	if have := len(w.codes) + len(w.wide) + len(w.plain); have != n && !w.AllOne() {
		panic(fmt.Sprintf("als: %d entries with %d weights", n, have))
	}
}
