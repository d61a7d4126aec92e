package rate

import "gonum.org/v1/gonum/mathext"

// Belief is what counts make one believe of a rate: a Beta distribution, from
// Jeffreys' prior Beta(½, ½).
type Belief struct{ alpha, beta float64 }

// Belief is what the count makes one believe.
func (c Count) Belief() Belief {
	hits := min(c.Hits, c.Trials)
	return Belief{0.5 + hits, 0.5 + c.Trials - hits}
}

// below is the probability that the rate is below x.
func (b Belief) below(x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	return mathext.RegIncBeta(b.alpha, b.beta, x)
}

// quantile is where the rate is below with probability p.
func (b Belief) quantile(p float64) float64 { return mathext.InvRegIncBeta(b.alpha, b.beta, p) }

// Interval holds the rate with a probability of 95%.
func (b Belief) Interval() Interval { return Interval{b.quantile(0.025), b.quantile(0.975)} }

// Above is the probability that the rate is above x.
func (b Belief) Above(x float64) float64 { return 1 - b.below(x) }

// steps of the numerical integration over a belief, each equally probable.
const steps = 128

// places are the middles of the steps.
func (b Belief) places() []float64 {
	x := make([]float64, steps)
	for i := range x {
		x[i] = b.quantile((float64(i) + 0.5) / steps)
	}
	return x
}

// Better is the probability that b's rate is above a's.
func Better(a, b Belief) float64 {
	var sum float64
	for _, x := range a.places() {
		sum += b.Above(x)
	}
	return sum / steps
}

// Difference holds b's rate less a's with a probability of 95%.
func Difference(a, b Belief) Interval {
	places := a.places()
	quantile := func(p float64) float64 {
		low, high := -1.0, 1.0
		for range 40 { // halvings, to 2⁻³⁹
			middle := (low + high) / 2
			var below float64
			for _, x := range places {
				below += b.below(x + middle)
			}
			if below/steps < p {
				low = middle
			} else {
				high = middle
			}
		}
		return (low + high) / 2
	}
	return Interval{quantile(0.025), quantile(0.975)}
}
