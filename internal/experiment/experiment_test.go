package experiment

import (
	"errors"
	"math"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/internal/trace"
	"valse/store"
	"valse/store/sqlite"
)

func open(t *testing.T) Registry {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return Registry{Store: st, Clock: func() time.Time { return start }}
}

func TestNoNumberIsGivenTwiceHoweverManyExperimentsThereWere(t *testing.T) {
	r := open(t)
	for id := range store.MaxPage + 1 {
		if err := r.put(t.Context(), &Experiment{ID: id + 1, StoppedAt: start}); err != nil {
			t.Fatal(err)
		}
	}
	e, err := r.Start(t.Context(), Experiment{Name: "next", Arms: [2]Arm{{}, {ModelID: "m2"}}})
	if err != nil || e.ID != store.MaxPage+2 {
		t.Errorf("Start = %+v, %v; want number %d", e, err, store.MaxPage+2)
	}
}

func TestOneExperimentRunsAndPastOnesAreKept(t *testing.T) {
	r := open(t)
	if e, err := r.Running(t.Context()); e != nil || err != nil {
		t.Fatalf("Running = %v, %v; want none", e, err)
	}
	if _, err := r.Stop(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Stop = %v, want not found", err)
	}
	first, err := r.Start(t.Context(), Experiment{Name: "new model", Arms: [2]Arm{{}, {ModelID: "m2"}}})
	if err != nil || first.ID != 1 || first.Kind != Split || first.Goal != trace.ClickStep || first.Arms[1].Share != 0.5 || !first.Running() {
		t.Fatalf("Start = %+v, %v", first, err)
	}
	if _, err := r.Start(t.Context(), Experiment{Name: "too early", Arms: [2]Arm{{}, {ModelID: "m3"}}}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Start of a second = %v, want a conflict", err)
	}
	if e, err := r.Running(t.Context()); err != nil || !cmp.Equal(e, first) {
		t.Errorf("Running = %+v, %v; want %+v", e, err, first)
	}
	stopped, err := r.Stop(t.Context())
	if err != nil || stopped.Running() || stopped.Verdict == nil || stopped.Verdict.Decision != NotEnough {
		t.Fatalf("Stop = %+v, %v", stopped, err)
	}
	second, err := r.Start(t.Context(), Experiment{Name: "rules", Kind: Interleave, Arms: [2]Arm{{Rules: 1}, {Rules: 2}}})
	if err != nil || second.ID != 2 {
		t.Fatalf("Start = %+v, %v", second, err)
	}
	if list, err := r.List(t.Context(), 10); err != nil || !cmp.Equal(list, []*Experiment{second, stopped}) {
		t.Errorf("List = %v, %v", list, err)
	}
	if _, err := r.Get(t.Context(), 3); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get(3) = %v, want not found", err)
	}
}

func TestOfManyWhoStartAtOnceOneDoes(t *testing.T) {
	r := open(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	started := 0
	for range 8 {
		wait.Go(func() {
			_, err := r.Start(t.Context(), Experiment{Name: "race", Arms: [2]Arm{{}, {ModelID: "m2"}}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				started++
			} else if !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrHeld) {
				t.Errorf("Start = %v", err)
			}
		})
	}
	wait.Wait()
	if started != 1 {
		t.Errorf("%d started, want one", started)
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	r := open(t)
	good := Experiment{Name: "x", Arms: [2]Arm{{Share: 0.2}, {ModelID: "m2", Share: 0.3}}}
	for field, change := range map[string]func(*Experiment){
		"name":          func(e *Experiment) { e.Name = "" },
		"kind":          func(e *Experiment) { e.Kind = "COIN" },
		"goal":          func(e *Experiment) { e.Goal = "SMILE" },
		"minimumEffect": func(e *Experiment) { e.MinimumEffect = math.NaN() },
		"arms":          func(e *Experiment) { e.Arms[1].ModelID = "" },
		"arms[1].share": func(e *Experiment) { e.Arms[1].Share = 1 },
		"arms[0].share": func(e *Experiment) { e.Arms[0].Share = math.NaN() },
		"arms[0].rules": func(e *Experiment) { e.Arms[0].Rules = -1 },
	} {
		e := good
		change(&e)
		var invalid *store.Invalid
		if _, err := r.Start(t.Context(), e); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("Start with a bad %s = %v", field, err)
		}
	}
	tooMuch := good
	tooMuch.Arms[0].Share, tooMuch.Arms[1].Share = 0.6, 0.6
	if _, err := r.Start(t.Context(), tooMuch); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("Start with shares of 1.2 = %v", err)
	}
}

func TestUsersKeepTheirArmAndArmsHaveTheirShares(t *testing.T) {
	e := &Experiment{ID: 1, Kind: Split, Arms: [2]Arm{{Share: 0.2}, {Share: 0.3}}}
	other := &Experiment{ID: 2, Kind: Split, Arms: e.Arms}
	const users = 50_000
	var in [2]float64
	both, none := 0.0, 0.0
	for u := range users {
		user := "user-" + strconv.Itoa(u)
		arm, ok := e.Arm(user)
		if again, okAgain := e.Arm(user); again != arm || okAgain != ok {
			t.Fatalf("%s is in two arms", user)
		}
		if !ok {
			none += 1.0 / users
			continue
		}
		in[arm] += 1.0 / users
		if a, ok := other.Arm(user); ok && a == arm {
			both += 1.0 / users
		}
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"first arm", in[0], 0.2}, {"second arm", in[1], 0.3}, {"nobody's", none, 0.5}, {"same arm of two", both, 0.2*0.2 + 0.3*0.3}} {
		if math.Abs(c.got-c.want) > 0.01 {
			t.Errorf("share of the %s = %.3f, want %.3f", c.what, c.got, c.want)
		}
	}
	if _, ok := e.Arm(""); ok {
		t.Error("nobody is in an arm")
	}
	e.StoppedAt = start
	if _, ok := e.Arm("user-1"); ok {
		t.Error("someone is in an arm of an experiment that has stopped")
	}
}

func TestVerdictsCountWhatTheStoreCredited(t *testing.T) {
	r := open(t)
	e, err := r.Start(t.Context(), Experiment{Name: "x", Arms: [2]Arm{{}, {ModelID: "m2"}}})
	if err != nil {
		t.Fatal(err)
	}
	var batch []store.Interaction
	add := func(arm, experiment int, kind store.EventType, n int) {
		for range n {
			m := trace.Merit{Origin: trace.Origin{Shelf: "FOR_YOU", Experiment: experiment, Arm: arm}, Bucket: len(batch) % trace.Buckets}
			batch = append(batch, store.Interaction{EventID: strconv.Itoa(len(batch)), UserID: "u", ProductID: "p", Type: kind, Value: 1, Time: start, Credit: m.Credit()})
		}
	}
	add(0, e.ID, store.Impression, 4000)
	add(1, e.ID, store.Impression, 4000)
	add(0, e.ID, store.Click, 100)
	add(1, e.ID, store.Click, 300)
	add(1, 99, store.Click, 500) // another experiment's
	if _, err := r.Store.(store.Interactions).Append(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	v, err := r.Verdict(t.Context(), e)
	if err != nil || v.Decision != SecondBetter || v.SecondIsBetter < 0.999 || v.Needed != 0 {
		t.Errorf("verdict = %+v, %v", v, err)
	}
	if v.Arms[0].Rate.Value != 0.025 || v.Arms[1].Rate.Value != 0.075 || math.Abs(v.Difference.Value-0.05) > 1e-12 || math.Abs(v.Lift.Value-2) > 1e-9 {
		t.Errorf("rates %v and %v, difference %v, lift %v; want 0.025, 0.075, 0.05 and 2", v.Arms[0].Rate, v.Arms[1].Rate, v.Difference, v.Lift)
	}
	if stopped, err := r.Stop(t.Context()); err != nil || stopped.Verdict.Decision != SecondBetter {
		t.Errorf("Stop = %+v, %v", stopped, err)
	}
}
