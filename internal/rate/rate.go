// Package rate says how sure one may be of a rate, of the difference of two,
// and of which is better, from counts. It is pure: counts in, intervals out.
//
// Events of one person resemble each other, so n impressions tell less than n
// coins. Where counts come in groups of people ([Cluster]), the design effect
// measures how much less, and everything here works on counts divided by it
// (Rao & Scott 1992, "A simple method for the analysis of clustered binary
// data").
package rate

import "math"

// Count is how many of some trials were hits.
type Count struct{ Hits, Trials float64 }

// Value is the share of hits, 0 without trials. More hits than trials, as when
// something was bought twice, count as all.
func (c Count) Value() float64 {
	if c.Trials <= 0 {
		return 0
	}
	return min(c.Hits, c.Trials) / c.Trials
}

// Interval is a range that a value lies in with the stated probability.
type Interval struct{ Low, High float64 }

// z95 leaves 2.5% of a normal distribution above it.
const z95 = 1.959963984540054

// Wilson is the 95% score interval of a rate (Wilson 1927), which keeps its
// level for few trials and for rates near 0. Without trials it is 0 to 1.
func (c Count) Wilson() Interval {
	if c.Trials <= 0 {
		return Interval{0, 1}
	}
	n, p := c.Trials, c.Value()
	middle := (p + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	return Interval{max(0, middle-half), min(1, middle+half)}
}
