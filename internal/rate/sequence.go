package rate

import "math"

// Effect is an estimate on a logarithmic scale, with its variance: of the ratio
// of two rates, or of the odds of a share. 0 is no effect.
type Effect struct{ Value, Variance float64 }

// Lift is the effect of b over a: log(b/a), its variance by the delta method.
// It is false while either has no hits.
func Lift(a, b Count) (Effect, bool) {
	if a.Hits <= 0 || b.Hits <= 0 {
		return Effect{Variance: math.Inf(1)}, false
	}
	return Effect{
		Value:    math.Log(b.Value() / a.Value()),
		Variance: (1-a.Value())/a.Hits + (1-b.Value())/b.Hits,
	}, true
}

// Odds is the effect behind a share: log(share/(1-share)). It is false while
// one side has won nothing.
func Odds(c Count) (Effect, bool) {
	s := c.Value()
	if s <= 0 || s >= 1 {
		return Effect{Variance: math.Inf(1)}, false
	}
	return Effect{Value: math.Log(s / (1 - s)), Variance: 1 / (c.Trials * s * (1 - s))}, true
}

// alpha is the probability that an interval of [Effect.Always] is wrong at any
// time at all.
const alpha = 0.05

// Always holds the true effect with a probability of 95% at every time one
// looks, so that one may look as often as one likes and stop when it suits: the
// confidence sequence of Robbins' normal mixture (Robbins 1970; for
// experiments, Johari et al. 2017, "Peeking at A/B tests"). Scale is the size of
// effect that it is sharpest for, and must be chosen beforehand.
func (e Effect) Always(scale float64) Interval {
	half := e.reach(scale, e.Variance)
	return Interval{e.Value - half, e.Value + half}
}

// reach is half the width of the interval at a variance.
func (e Effect) reach(scale, v float64) float64 {
	if math.IsInf(v, 1) {
		return v
	}
	t := scale * scale
	return math.Sqrt(v * (v + t) / t * (2*math.Log(1/alpha) + math.Log((v+t)/v)))
}

// z80 leaves 80% of a normal distribution below it.
const z80 = 0.8416212335729143

// Growth is how many times as much data it takes until an effect of the size of
// scale would be found with a probability of 80%; 1 when there is enough. It is
// infinite while nothing is known.
func (e Effect) Growth(scale float64) float64 {
	if math.IsInf(e.Variance, 1) {
		return e.Variance
	}
	found := func(growth float64) bool {
		v := e.Variance / growth
		return e.reach(scale, v)+z80*math.Sqrt(v) <= scale
	}
	low, high := 1.0, 1.0
	for !found(high) {
		low, high = high, 2*high
	}
	for range 30 {
		if middle := (low + high) / 2; found(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
