package experiment

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"valse/internal/rate"
	"valse/internal/trace"
	"valse/internal/trial"
	"valse/store"
)

var start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// world is people who differ: each has a propensity of their own to click, and
// comes as often as they like.
type world struct {
	*rand.Rand
	e      *Experiment
	t      tally
	effect float64 // how many times as often the second arm is clicked
	users  int
}

func newWorld(r *rand.Rand, kind Kind, effect float64) *world {
	return &world{Rand: r, effect: effect, e: &Experiment{
		ID: 1 + r.IntN(1e9), Kind: kind, Goal: trace.ClickStep, MinimumEffect: 0.1,
		Arms: [2]Arm{{Share: 0.5}, {ModelID: "new", Share: 0.5}}, StartedAt: start,
	}}
}

// live lets so many more people come.
func (w *world) live(people int) {
	for range people {
		w.users++
		user := strconv.FormatUint(w.Uint64(), 36)
		arm, _ := w.e.Arm(user)
		bucket := trace.Bucket(w.e.ID, user)
		propensity := 0.04 * math.Exp(w.NormFloat64()-0.5) // log-normal: mean 0.04, variance e-1 times its square
		for range 1 + w.IntN(4) {                          // visits
			for shown := range 10 {
				if w.e.Kind == Interleave {
					arm = shown % 2
				}
				w.show(arm, bucket, propensity)
			}
		}
	}
}

func (w *world) show(arm, bucket int, propensity float64) {
	if arm == 1 {
		propensity *= w.effect
	}
	w.t[arm][bucket].Add(store.Impression, 1)
	if w.Float64() < propensity {
		w.t[arm][bucket].Add(store.Click, 1)
	}
}

// watched lets people come and looks after each lot, and stops at the first
// decision for one arm, as an impatient person would.
func (w *world) watched(looks, people int) Verdict {
	var v Verdict
	for range looks {
		w.live(people)
		if v = w.e.judge(&w.t, start); v.Decision == FirstBetter || v.Decision == SecondBetter {
			break
		}
	}
	return v
}

// shares runs a world many times and returns how often each decision came
// first.
func shares(t *testing.T, rounds int, kind Kind, effect float64, looks, people int) (map[Decision]float64, []int) {
	t.Helper()
	r := trial.Rand(t)
	found := map[Decision]float64{}
	var users []int
	for range rounds {
		w := newWorld(trial.Fork(r), kind, effect)
		found[w.watched(looks, people).Decision] += 1 / float64(rounds)
		users = append(users, w.users)
	}
	return found, users
}

func mean(counts []int) (mean float64) {
	for _, n := range counts {
		mean += float64(n) / float64(len(counts))
	}
	return mean
}

// most is the highest share that chance explains (3 standard deviations).
func most(p float64, rounds int) float64 { return p + 3*math.Sqrt(p*(1-p)/float64(rounds)) }

func TestEqualArmsShowNoWinnerHoweverOftenOneLooks(t *testing.T) {
	rounds := trial.Rounds(30, 2_000)
	for _, kind := range []Kind{Split, Interleave} {
		found, _ := shares(t, rounds, kind, 1, 20, 150)
		winners := found[FirstBetter] + found[SecondBetter]
		t.Logf("%s of equal arms, 20 looks: %.3f found a winner", kind, winners)
		if limit := most(0.05, rounds); winners > limit {
			t.Errorf("%s: %.3f of experiments with equal arms found a winner, want at most %.3f", kind, winners, limit)
		}
	}
}

func TestAPlantedEffectIsFound(t *testing.T) {
	rounds := trial.Rounds(10, 500)
	for _, c := range []struct {
		kind   Kind
		effect float64
		people int
		want   Decision
	}{
		{Split, 1.3, 500, SecondBetter}, {Split, 0.75, 500, FirstBetter},
		{Interleave, 1.3, 125, SecondBetter}, {Interleave, 0.75, 125, FirstBetter},
	} {
		found, users := shares(t, rounds, c.kind, c.effect, 30, c.people)
		t.Logf("%s ×%.2f: %.2f found it, after %.0f people on average", c.kind, c.effect, found[c.want], mean(users))
		if found[c.want] < 0.8 {
			t.Errorf("%s of an effect of %.2f: %v, want %s in 0.8 at least", c.kind, c.effect, found, c.want)
		}
	}
}

func TestEqualArmsWithPlentyOfPeopleAreCalledEqual(t *testing.T) {
	r := trial.Rand(t)
	w := newWorld(r, Interleave, 1)
	w.live(25_000)
	if v := w.e.judge(&w.t, start); v.Decision != NoDifference && v.Decision != FirstBetter && v.Decision != SecondBetter || v.Needed != 0 {
		t.Errorf("verdict = %+v, want enough to say something", v)
	}
}

// TestIgnoringThatPeopleDifferWouldMislead shows why counts are kept by group
// of people: intervals that take every look for a separate chance are wrong
// far more often than they say.
func TestIgnoringThatPeopleDifferWouldMislead(t *testing.T) {
	r := trial.Rand(t)
	rounds := trial.Rounds(60, 2_000)
	naive, honest, effect := 0, 0, 0.0
	for range rounds {
		w := newWorld(trial.Fork(r), Split, 1)
		w.live(600)
		v := w.e.judge(&w.t, start)
		effect += v.Arms[0].DesignEffect / float64(rounds)
		if v.Difference.Low > 0 || v.Difference.High < 0 {
			honest++
		}
		a, b := v.Arms[0].Funnel.Rate(trace.ClickStep).Belief(), v.Arms[1].Funnel.Rate(trace.ClickStep).Belief()
		if d := rate.Difference(a, b); d.Low > 0 || d.High < 0 {
			naive++
		}
	}
	t.Logf("wrong at one look: %d of %d by group, %d as if people were alike; design effect %.2f", honest, rounds, naive, effect)
	if share := float64(honest) / float64(rounds); share > most(0.06, rounds) {
		t.Errorf("%.3f of the 95%% intervals were wrong", share)
	}
	if naive <= honest {
		t.Errorf("ignoring that people differ was wrong %d times, allowing for it %d", naive, honest)
	}
}

// TestAnArmThatNobodyWantsLoses shows an arm that is hardly ever clicked, or
// never: it has too few hits for a lift, and loses all the same.
func TestAnArmThatNobodyWantsLoses(t *testing.T) {
	for _, kind := range []Kind{Split, Interleave} {
		for _, effect := range []float64{0, 0.02} {
			rounds := trial.Rounds(10, 500)
			found, users := shares(t, rounds, kind, effect, 40, 150)
			t.Logf("%s ×%.2f: %.2f found it, after %.0f people on average", kind, effect, found[FirstBetter], mean(users))
			if found[FirstBetter] < 0.95 {
				t.Errorf("%s of a second arm clicked %.2f times as often: %v, want %s", kind, effect, found, FirstBetter)
			}
		}
	}
}

func TestASmallArmThatIsEqualDoesNotLose(t *testing.T) {
	rounds := trial.Rounds(15, 300)
	r := trial.Rand(t)
	winners := 0
	for range rounds {
		w := newWorld(trial.Fork(r), Split, 1)
		w.e.Arms[0].Share, w.e.Arms[1].Share = 0.92, 0.08
		if v := w.watched(40, 100); v.Decision == FirstBetter || v.Decision == SecondBetter {
			winners++
		}
	}
	t.Logf("an equal arm shown to 8%%, 40 looks: %d of %d found a winner", winners, rounds)
	if limit := most(0.05, rounds); float64(winners)/float64(rounds) > limit {
		t.Errorf("%d of %d experiments with equal arms found a winner, want at most %.3f of them", winners, rounds, limit)
	}
}
