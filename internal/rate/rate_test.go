package rate

import (
	"math"
	"math/rand/v2"
	"testing"

	"valse/internal/trial"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tolerance)
	}
}

func TestWilsonIntervalsAreThoseOfTheBooks(t *testing.T) {
	for _, c := range []struct{ hits, trials, low, high float64 }{ // R: prop.test(x, n, correct = FALSE)
		{5, 10, 0.2366, 0.7634}, {0, 20, 0, 0.1611}, {81, 263, 0.2553, 0.3662}, {20, 20, 0.8389, 1},
	} {
		got := Count{c.hits, c.trials}.Wilson()
		near(t, "low", got.Low, c.low, 1e-4)
		near(t, "high", got.High, c.high, 1e-4)
	}
	if got := (Count{}).Wilson(); got != (Interval{0, 1}) {
		t.Errorf("without trials = %v", got)
	}
	if got := (Count{Hits: 7, Trials: 5}).Value(); got != 1 {
		t.Errorf("more hits than trials = %v, want 1", got)
	}
}

func TestBeliefsAgreeWithTheirNormalApproximation(t *testing.T) {
	for _, n := range []float64{1e4, 1e6, 1e8} {
		a, b := Count{0.03 * n, n}, Count{0.03*n + 0.3*math.Sqrt(n), n}
		sd := math.Sqrt(2 * 0.03 * 0.97 / n)
		z := (b.Value() - a.Value()) / sd
		near(t, "Better", Better(a.Belief(), b.Belief()), 0.5*math.Erfc(-z/math.Sqrt2), 0.02)
		difference := Difference(a.Belief(), b.Belief())
		near(t, "low", difference.Low, b.Value()-a.Value()-z95*sd, 0.1*sd)
		near(t, "high", difference.High, b.Value()-a.Value()+z95*sd, 0.1*sd)
	}
	near(t, "Better of equals", Better(Count{3, 50}.Belief(), Count{3, 50}.Belief()), 0.5, 1e-3)
	// Beta(1½, ½) against Beta(½, 1½): by four million draws 0.9052.
	near(t, "Better of few", Better(Count{0, 1}.Belief(), Count{1, 1}.Belief()), 0.9052, 2e-3)
	if i := (Count{}).Belief().Interval(); i.Low > 0.01 || i.High < 0.99 {
		t.Errorf("belief of nothing = %v, want nearly all", i)
	}
}

// people draws how often each of some people says yes to n questions, where
// people differ.
func people(r *rand.Rand, groups, each, n int, rate, spread float64) Cluster {
	c := make(Cluster, groups)
	for g := range c {
		for range each {
			p := rate
			if r.Float64() < spread { // some say yes five times as often
				p = min(1, 5*rate)
			}
			for range n {
				c[g].Trials++
				if r.Float64() < p {
					c[g].Hits++
				}
			}
		}
	}
	return c
}

func TestTheDesignEffectIsThatOfPeopleWhoDiffer(t *testing.T) {
	r := trial.Rand(t)
	var alike, unlike float64
	const rounds = 40
	for range rounds {
		alike += people(r, 64, 20, 5, 0.1, 0).DesignEffect() / rounds
		unlike += people(r, 64, 20, 25, 0.1, 0.2).DesignEffect() / rounds
	}
	near(t, "people who are alike", alike, 1.07, 0.07) // the lower half is cut off at 1
	// Var(p) = 0.16·0.16 between people, rate 0.18: 1 + 24·0.0256/(0.18·0.82).
	near(t, "people who differ", unlike, 1+24*0.0256/(0.18*0.82), 0.8)
	if got := (Cluster{{1, 10}}).DesignEffect(); got != 1 {
		t.Errorf("of one group = %v, want 1", got)
	}
}

func TestGrowthIsWhatItTakes(t *testing.T) {
	e := Effect{Variance: 0.01}
	growth := e.Growth(0.1)
	v := e.Variance / growth
	near(t, "reach and power", e.reach(0.1, v)+z80*math.Sqrt(v), 0.1, 1e-6)
	if got := (Effect{Variance: 1e-9}).Growth(0.1); got != 1 {
		t.Errorf("Growth with plenty = %v, want 1", got)
	}
}

func TestAlwaysValidIntervalsHoldAtEveryLook(t *testing.T) {
	r := trial.Rand(t)
	rounds := trial.Rounds(400, 10_000)
	wrong, peeked := 0, 0
	for range rounds {
		sum, n, missed, naive := 0.0, 0.0, false, false
		for range 200 {
			for range 10 {
				sum += r.NormFloat64()
				n++
			}
			e := Effect{Value: sum / n, Variance: 1 / n}
			i := e.Always(0.2)
			missed = missed || i.Low > 0 || i.High < 0
			naive = naive || math.Abs(e.Value) > z95*math.Sqrt(e.Variance)
		}
		if missed {
			wrong++
		}
		if naive {
			peeked++
		}
	}
	share, limit := float64(wrong)/float64(rounds), alpha+3*math.Sqrt(alpha*(1-alpha)/float64(rounds))
	t.Logf("in 200 looks, %.1f%% of intervals missed an effect of 0 at least once; fixed ones %.1f%%", 100*share, 100*float64(peeked)/float64(rounds))
	if share > limit {
		t.Errorf("%.3f were wrong at some look, want at most %.3f", share, limit)
	}
	if peeked < 3*wrong {
		t.Errorf("looking 200 times misled a fixed interval in %d of %d rounds only: the test looks at too little", peeked, rounds)
	}
}

func TestScoresSayWhatLogarithmsSayWhereArmsAreAlike(t *testing.T) {
	a, b := Cluster{{1000, 20_000}}, Cluster{{1040, 20_000}}
	score, expected, known := Score(a, b)
	lift, _ := Lift(a.Sum(), b.Sum())
	if !known {
		t.Fatal("two arms with hits have no score")
	}
	near(t, "the score", score.Value, lift.Value, 1e-3)
	near(t, "its variance", score.Variance, lift.Variance, 1e-4)
	near(t, "expected hits", expected, 1020, 1e-9)
	share := Cluster{{1040, 2040}}
	score, expected, known = ShareScore(share)
	odds, _ := Odds(share.Sum())
	if !known {
		t.Fatal("a share has no score")
	}
	near(t, "the share's score", score.Value, odds.Value, 1e-3)
	near(t, "its variance", score.Variance, odds.Variance, 1e-4)
	near(t, "expected wins", expected, 1020, 1e-9)
}

func TestScoresOfNothingAreNotKnown(t *testing.T) {
	some, none, empty := Cluster{{3, 10}}, Cluster{{0, 10}}, Cluster{{0, 0}}
	for _, c := range [][2]Cluster{{none, none}, {some, empty}, {empty, some}, {empty, empty}, {nil, nil}, {{{10, 10}}, {{10, 10}}}} {
		if e, _, known := Score(c[0], c[1]); known {
			t.Errorf("Score(%v, %v) = %v, want none", c[0], c[1], e)
		}
	}
	if e, _, known := Score(some, none); !known || e.Value >= 0 {
		t.Errorf("an arm without hits has the score %v, %v, want one below 0", e, known)
	}
	if e, _, known := ShareScore(empty); known {
		t.Errorf("ShareScore of nothing = %v, want none", e)
	}
}

// TestScoresOfASmallArmHoldAtEveryLook looks again and again at two equal arms
// of which one is shown a twentieth of the time and has few hits.
func TestScoresOfASmallArmHoldAtEveryLook(t *testing.T) {
	r := trial.Rand(t)
	rounds, wrong := trial.Rounds(200, 3_000), 0
	for range rounds {
		a, b := people(r, 64, 0, 0, 0, 0), people(r, 64, 0, 0, 0, 0)
		for range 40 {
			grow(r, a, 76)
			grow(r, b, 4)
			e, expected, known := Score(a, b)
			if i := e.Always(0.2); known && expected >= 20 && (i.Low > 0 || i.High < 0) {
				wrong++
				break
			}
		}
	}
	share, limit := float64(wrong)/float64(rounds), alpha+3*math.Sqrt(alpha*(1-alpha)/float64(rounds))
	t.Logf("in 40 looks %.1f%% of equal arms differed", 100*share)
	if share > limit {
		t.Errorf("%.3f were wrong at some look, want at most %.3f", share, limit)
	}
}

// grow asks so many more questions in each group, of people who say yes in
// three of a hundred.
func grow(r *rand.Rand, c Cluster, n int) {
	for g := range c {
		for _, more := range people(r, 1, 1, n, 0.02, 0.125) {
			c[g].Hits, c[g].Trials = c[g].Hits+more.Hits, c[g].Trials+more.Trials
		}
	}
}
