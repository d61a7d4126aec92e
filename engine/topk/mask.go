package topk

import "math/bits"

// Mask is a set of items that are not eligible. The nil mask is empty; a mask
// shorter than the index says nothing about the items beyond it.
type Mask []uint64

// NewMask returns an empty mask with room for n items.
func NewMask(n int) Mask { return make(Mask, (n+63)/64) }

// Set makes item not eligible. The mask must have room for it.
func (m Mask) Set(item int32) { m[item>>6] |= 1 << (item & 63) }

// Clear makes item eligible again.
func (m Mask) Clear(item int32) {
	if int(item>>6) < len(m) {
		m[item>>6] &^= 1 << (item & 63)
	}
}

// Has reports whether item is not eligible.
func (m Mask) Has(item int32) bool {
	return int(item>>6) < len(m) && m[item>>6]&(1<<(item&63)) != 0
}

// Or adds every item of o that m has room for.
func (m Mask) Or(o Mask) {
	for w := range min(len(m), len(o)) {
		m[w] |= o[w]
	}
}

// Count returns the number of items in the mask.
func (m Mask) Count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}
