package rate

// Cluster is counts by group of people. Groups are independent of each other;
// what happens within one need not be.
type Cluster []Count

// Sum is all groups together.
func (c Cluster) Sum() Count {
	var sum Count
	for _, g := range c {
		sum.Hits += g.Hits
		sum.Trials += g.Trials
	}
	return sum
}

// DesignEffect is by how much the rate varies more than if every trial were
// independent: the variance of the ratio estimator over the groups, over the
// binomial one (Kish 1965). It is at least 1, and 1 where it cannot be told.
func (c Cluster) DesignEffect() float64 { return c.effectAround(c.Sum().Value()) }

// effectAround is the design effect if the rate were p.
func (c Cluster) effectAround(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 1
	}
	var squares, groups float64
	for _, g := range c {
		if g.Trials > 0 {
			groups++
			residual := g.Hits - p*g.Trials
			squares += residual * residual
		}
	}
	if groups < 2 {
		return 1
	}
	trials := c.Sum().Trials
	clustered := groups / (groups - 1) * squares / (trials * trials)
	return max(1, clustered/(p*(1-p)/trials))
}

// Effective is the sum as if trials were independent: divided by the design
// effect, its rate unchanged.
func (c Cluster) Effective() Count {
	sum, effect := c.Sum(), c.DesignEffect()
	return Count{min(sum.Hits, sum.Trials) / effect, sum.Trials / effect}
}
