package als

import (
	"math"

	"valse/engine/internal/kernel"
)

// halves is a table of factors in half precision, each times 1/scale. Reading
// them is what limits conjugate where the factors do not fit the cache.
type halves struct {
	data  []uint16
	scale float32 // a power of two, such that the largest number is near one
}

// halvesFrom is the number of numbers from which on a table leaves the cache so
// often that reading and converting halves is faster.
const halvesFrom = 1 << 20

// newHalves returns the halves of f, or nil where they would not pay or the
// processor or the rank does not suit them. It takes the room of earlier ones.
func newHalves(f Factors, earlier *halves) *halves {
	if len(f.Data) < halvesFrom || !kernel.HasHalf() || f.Rank%kernel.Lane != 0 {
		return nil
	}
	largest := float32(0)
	for _, v := range f.Data {
		largest = max(largest, float32(math.Abs(float64(v))))
	}
	if !(largest > 0x1p-100 && largest < 0x1p100) {
		return nil
	}
	_, exponent := math.Frexp(float64(largest))
	h := &halves{scale: float32(math.Ldexp(1, exponent))}
	if earlier != nil && len(earlier.data) == len(f.Data) {
		h.data = earlier.data
	} else {
		h.data = make([]uint16, len(f.Data))
	}
	kernel.Halve(h.data, 1/h.scale, f.Data)
	return h
}
