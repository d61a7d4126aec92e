package demo

import (
	"math/bits"
	"math/rand/v2"
	"sort"
)

// random is a stream of random numbers. Only PCG's own output is used, whose
// algorithm is fixed, so a stream is the same under every Go and machine.
type random struct{ pcg rand.PCG }

// newRandom opens the n-th stream of a purpose. Streams of one seed are
// independent, so that making one user never depends on having made another.
func newRandom(seed uint64, purpose string, n int) *random {
	const fnvOffset, fnvPrime = 14695981039346656037, 1099511628211
	h := uint64(fnvOffset)
	for _, b := range []byte(purpose) {
		h = (h ^ uint64(b)) * fnvPrime
	}
	r := &random{}
	r.pcg.Seed(mix(seed), mix(h+uint64(n)))
	return r
}

// mix is the finalizer of SplitMix64: neighbouring inputs get unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number in [0, n); 0 when n is 0 or less.
func (r *random) below(n int) int {
	if n <= 1 {
		return 0
	}
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number in [low, high].
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// chance is true n times in a thousand.
func (r *random) chance(n int) bool { return r.below(1000) < n }

// weighted returns index i with a probability proportional to the step from
// cum[i-1] to cum[i]; cum must not be empty.
func (r *random) weighted(cum []int) int {
	x := r.below(cum[len(cum)-1])
	return sort.Search(len(cum)-1, func(i int) bool { return cum[i] > x })
}

// permutation returns the numbers below n in random order.
func (r *random) permutation(n int) []int {
	p := make([]int, n)
	for i := range p {
		j := r.below(i + 1)
		p[i], p[j] = p[j], i
	}
	return p
}

// zipf returns the weights of n things in random order of rank, by the
// Zipf–Mandelbrot law with exponent 2: w(rank) = 1/(rank + shift)².
func (r *random) zipf(n, shift int) []int {
	weights := make([]int, n)
	for i, rank := range r.permutation(n) {
		weights[i] = 1 << 30 / ((rank + shift) * (rank + shift))
	}
	return weights
}

// pick returns one element of a list that is not empty.
func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

// cumulate returns the running sums of weights.
func cumulate(weights []int) []int {
	cum, sum := make([]int, len(weights)), 0
	for i, w := range weights {
		sum += w
		cum[i] = sum
	}
	return cum
}
