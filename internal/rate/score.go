package rate

// Score is the effect that rate b has over rate a in units of what both would
// be if they were equal, (b - a)/p, with its variance in that case (Rao 1948):
// near no effect it is that of [Lift], but it also tells of a side that has few
// hits or none, whose logarithm does not. Expected is how many hits, design
// effect taken off, the smaller side would have if they were equal. Without a
// hit, or without trials on one side, it is false.
func Score(a, b Cluster) (e Effect, expected float64, known bool) {
	first, second := a.Sum(), b.Sum()
	p := Count{first.Hits + second.Hits, first.Trials + second.Trials}.Value()
	if p <= 0 || p >= 1 || first.Trials <= 0 || second.Trials <= 0 {
		return e, 0, false
	}
	alone, other := first.Trials/a.effectAround(p), second.Trials/b.effectAround(p)
	return Effect{
		Value:    (second.Value() - first.Value()) / p,
		Variance: (1 - p) / p * (1/alone + 1/other),
	}, p * min(alone, other), true
}

// ShareScore is Score of a share against one half, near which it is that of
// [Odds].
func ShareScore(c Cluster) (e Effect, expected float64, known bool) {
	sum := c.Sum()
	if sum.Trials <= 0 {
		return e, 0, false
	}
	trials := sum.Trials / c.effectAround(0.5)
	return Effect{Value: 4 * (sum.Value() - 0.5), Variance: 4 / trials}, trials / 2, true
}
