package experiment

import (
	"context"
	"math"
	"time"

	"valse/internal/rate"
	"valse/internal/trace"
	"valse/store"
)

// Decision is what may be said.
type Decision string

// The decisions.
const (
	NotEnough    Decision = "NOT_ENOUGH"    // yet
	FirstBetter  Decision = "FIRST_BETTER"  // what served before
	SecondBetter Decision = "SECOND_BETTER" // what might
	NoDifference Decision = "NO_DIFFERENCE" // none as large as the minimum effect
)

// enoughHits is how many hits, design effect taken off, each arm needs before
// the logarithm of its rate is as good as normal, and how many it would have to
// expect of equal arms before it may lose with fewer (Cochran 1954).
const enoughHits = 20

// Verdict is what the counts of an experiment say.
type Verdict struct {
	At       time.Time `json:"at"`
	Decision Decision  `json:"decision"`
	// Arms are in the experiment's order.
	Arms [2]Outcome `json:"arms"`
	// Lift is how much better the second arm is, relative to the first: of an
	// interleave, how much more often its products are chosen. Its interval
	// holds at every time one looks, so the decision may be read, and the
	// experiment stopped, whenever one likes.
	Lift Estimate `json:"lift"`
	// Difference of the rates, second less first, with the 95% interval of
	// what one believes now; for one look. Of a split only.
	Difference Estimate `json:"difference"`
	// SecondIsBetter is the probability that it is, by what one believes now.
	SecondIsBetter float64 `json:"secondIsBetter"`
	// Needed is how many more trials it will take to find the minimum effect,
	// if there is one, with a probability of 80%; 0 when it is decided and
	// -1 while nobody can say.
	Needed int64 `json:"needed"`
}

// Outcome is what happened under one arm.
type Outcome struct {
	Funnel trace.Funnel `json:"funnel"`
	// Rate of the goal: per impression, or of an interleave the arm's share of
	// all hits.
	Rate Estimate `json:"rate"`
	// DesignEffect is how many times more the rate varies because people
	// differ; intervals allow for it.
	DesignEffect float64 `json:"designEffect"`
}

// Estimate is a value in its 95% interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func within(value float64, i rate.Interval) Estimate { return Estimate{value, i.Low, i.High} }

// tally is the funnels of both arms by group of people.
type tally [2][trace.Buckets]trace.Funnel

// Verdict reads the counts of an experiment and judges them; of one that has
// stopped, it is what was kept.
func (r Registry) Verdict(ctx context.Context, e *Experiment) (Verdict, error) {
	if e.Verdict != nil {
		return *e.Verdict, nil
	}
	var t tally
	// Clients' clocks may be a day ahead.
	from, to := store.DayOf(e.StartedAt)-1, store.DayOf(r.Clock())+1
	err := r.Store.Credits(ctx, from, to, func(c store.CreditCount) error {
		m, err := trace.ParseCredit(c.Credit)
		if err == nil && m.Experiment == e.ID && m.Arm < len(t) {
			t[m.Arm][m.Bucket].Add(c.Type, c.N)
		}
		return err
	})
	if err != nil {
		return Verdict{}, err
	}
	return e.judge(&t, r.Clock().UTC()), nil
}

func (e *Experiment) judge(t *tally, at time.Time) Verdict {
	v := Verdict{At: at}
	for arm := range t {
		for _, f := range t[arm] {
			v.Arms[arm].Funnel = v.Arms[arm].Funnel.Plus(f)
		}
	}
	if e.Kind == Interleave {
		v.share(e, t)
	} else {
		v.compare(e, t)
	}
	return v
}

// compare judges a split: rates per impression of different people.
func (v *Verdict) compare(e *Experiment, t *tally) {
	var counts [2]rate.Count
	var clusters [2]rate.Cluster
	trials := 0.0
	for arm := range t {
		cluster := make(rate.Cluster, 0, trace.Buckets)
		for _, f := range t[arm] {
			cluster = append(cluster, f.Rate(e.Goal))
		}
		clusters[arm], counts[arm] = cluster, cluster.Effective()
		trials += cluster.Sum().Trials
		v.Arms[arm].DesignEffect = cluster.DesignEffect()
		v.Arms[arm].Rate = within(cluster.Sum().Value(), counts[arm].Belief().Interval())
	}
	a, b := counts[0].Belief(), counts[1].Belief()
	v.Difference = within(counts[1].Value()-counts[0].Value(), rate.Difference(a, b))
	v.SecondIsBetter = rate.Better(a, b)
	effect, known := rate.Lift(counts[0], counts[1])
	v.decide(e, effect, known && min(counts[0].Hits, counts[1].Hits) >= enoughHits, trials)
	if score, expected, ok := rate.Score(clusters[0], clusters[1]); ok && expected >= enoughHits {
		v.decideShort(e, score, counts[0].Hits, counts[1].Hits)
	}
}

// share judges an interleave: whose products the same people chose.
func (v *Verdict) share(e *Experiment, t *tally) {
	cluster := make(rate.Cluster, trace.Buckets)
	for bucket := range cluster {
		first, second := t[0][bucket].Rate(e.Goal).Hits, t[1][bucket].Rate(e.Goal).Hits
		cluster[bucket] = rate.Count{Hits: second, Trials: first + second}
	}
	second := cluster.Effective()
	first := rate.Count{Hits: second.Trials - second.Hits, Trials: second.Trials}
	for arm, c := range []rate.Count{first, second} {
		v.Arms[arm].DesignEffect = cluster.DesignEffect()
		v.Arms[arm].Rate = within(c.Value(), c.Belief().Interval())
	}
	v.SecondIsBetter = second.Belief().Above(0.5)
	effect, known := rate.Odds(second)
	v.decide(e, effect, known && min(first.Hits, second.Hits) >= enoughHits, cluster.Sum().Trials)
	if score, expected, ok := rate.ShareScore(cluster); ok && expected >= enoughHits {
		v.decideShort(e, score, first.Hits, second.Hits)
	}
}

// decide reads the interval that holds at every look.
func (v *Verdict) decide(e *Experiment, effect rate.Effect, enough bool, trials float64) {
	v.Needed, v.Decision = -1, NotEnough
	if math.IsInf(effect.Variance, 0) {
		return
	}
	always := effect.Always(e.scale())
	v.Lift = Estimate{math.Expm1(effect.Value), math.Expm1(always.Low), math.Expm1(always.High)}
	switch {
	case !enough:
	case always.Low > 0:
		v.Decision = SecondBetter
	case always.High < 0:
		v.Decision = FirstBetter
	case -e.scale() <= always.Low && always.High <= e.scale():
		v.Decision = NoDifference
	}
	if v.Needed = 0; v.Decision == NotEnough {
		v.Needed = int64(math.Ceil(trials * (effect.Growth(e.scale()) - 1)))
	}
}

// decideShort decides against an arm that has too few hits for the interval of
// the lift, with the same boundary: else the worse an arm is, the longer it
// would be shown.
func (v *Verdict) decideShort(e *Experiment, score rate.Effect, first, second float64) {
	switch always := score.Always(e.scale()); {
	case first >= enoughHits && second < enoughHits && always.High < 0:
		v.Decision, v.Needed = FirstBetter, 0
	case second >= enoughHits && first < enoughHits && always.Low > 0:
		v.Decision, v.Needed = SecondBetter, 0
	}
}
