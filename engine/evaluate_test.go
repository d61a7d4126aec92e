package engine

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine/eval"
	"valse/store"
)

func TestTheModelBeatsPopularityOnTwoTastes(t *testing.T) {
	events := eventsOf(checkerboard(60, 40)...)
	for _, split := range []Split{SplitTime, SplitUser, SplitLeaveOneOut, SplitDigit} {
		e, err := Evaluate(t.Context(), events, small, EvalOptions{Split: split, Ks: []int{4}})
		if err != nil {
			t.Fatalf("%s: %v", split, err)
		}
		if len(e.Reports) != 3 || e.Reports[0].Name != "model" || e.Reports[1].Name != "popularity" || e.Reports[2].Name != "item-to-item" {
			t.Fatalf("%s: reports = %+v", split, e.Reports)
		}
		model, popularity := e.Reports[0].Report.At[0], e.Reports[1].Report.At[0]
		if e.Reports[0].Report.Users == 0 || model.NDCG <= popularity.NDCG {
			t.Errorf("%s: NDCG@4 of %d users = %.3f, of popularity %.3f", split, e.Reports[0].Report.Users, model.NDCG, popularity.NDCG)
		}
	}
}

func TestStarsArePredictedBetterThanByBiasesAlone(t *testing.T) {
	s := Settings{Feedback: Explicit, Rank: 4, Iterations: 10, Reg: 0.3}
	e, err := Evaluate(t.Context(), eventsOf(checkerboard(60, 40)...), s, EvalOptions{Split: SplitDigit})
	if err != nil {
		t.Fatal(err)
	}
	if e.Split != "60/20/20" || !(e.TestRMSE > 0 && e.ValidationRMSE > 0 && e.TestRMSE < e.BiasRMSE) {
		t.Errorf("RMSE = %v, validation %v, biases alone %v", e.TestRMSE, e.ValidationRMSE, e.BiasRMSE)
	}
}

func TestTooLittleToHoldOutIsSaid(t *testing.T) {
	one := eventsOf(event("anna", "book", store.View, 1, 0))
	for _, split := range []Split{SplitTime, SplitUser, SplitLeaveOneOut, SplitDigit} {
		if _, err := Evaluate(t.Context(), one, small, EvalOptions{Split: split}); !errors.Is(err, ErrNoData) {
			t.Errorf("Evaluate by %s = %v, want no data", split, err)
		}
	}
	if _, err := Evaluate(t.Context(), one, small, EvalOptions{Split: "dice"}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("Evaluate by dice = %v, want invalid", err)
	}
}

// The search once kept the model it had trained last.
func TestSearchKeepsTheBestPointNotTheLast(t *testing.T) {
	events := eventsOf(checkerboard(60, 40)...)
	for _, c := range []struct {
		base Settings
		grid Grid
		best float64
	}{
		{Settings{Rank: 4, Iterations: 5}, Grid{Regs: []float64{1000, 0.01, 1e5}}, 0.01},
		{Settings{Feedback: Explicit, Rank: 4, Iterations: 5}, Grid{Regs: []float64{1000, 0.3, 1e5}}, 0.3},
	} {
		var steps []Progress
		m, err := Search(t.Context(), events, c.base, c.grid, TrainOptions{ID: "m2", OnProgress: func(p Progress) error {
			steps = append(steps, p)
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if m.Info.Settings.Reg != c.best {
			t.Errorf("%s: reg = %v, want %v", c.base.Feedback, m.Info.Settings.Reg, c.best)
		}
		if len(m.Info.Grid) != 3 || !m.Info.Grid[0].Best || m.Info.Grid[1].Best || m.Info.Grid[0].Settings.Reg != c.best {
			t.Errorf("leaderboard = %+v", m.Info.Grid)
		}
		if m.Info.Users != 60 || m.Info.ID != "m2" {
			t.Errorf("the winner was not trained on everything: %+v", m.Info)
		}
		if len(steps) != 3+5 || steps[2].Of != 3 || steps[2].Phase != PhaseSearch || steps[7].Phase != PhaseTrain {
			t.Errorf("steps = %+v", steps)
		}
	}
}

func TestSearchRefusesAGridThatCannotBe(t *testing.T) {
	events := eventsOf(checkerboard(10, 10)...)
	for _, g := range []Grid{
		{Ranks: []int{8, 0}},
		{Regs: []float64{-1}},
		{Ranks: make([]int, 40), Regs: make([]float64, 40)},
	} {
		if _, err := Search(t.Context(), events, small, g, TrainOptions{}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Search(%+v) = %v, want invalid", g, err)
		}
	}
}

// A point whose loss had become NaN once won, since nothing compares as better.
func TestALeaderboardPutsTheBestFirstAndTheSkippedLast(t *testing.T) {
	nan := eval.Trial{Reg: 1, Validation: math.NaN(), Skipped: "not finite"}
	poor, best := eval.Trial{Reg: 2, Validation: 0.1}, eval.Trial{Reg: 3, Validation: 0.4}
	good := eval.Trial{Reg: 4, Validation: 0.3}
	var regs []float64
	for _, trial := range leaderboard([]eval.Trial{nan, poor, best, good}, best, Settings{}) {
		regs = append(regs, trial.Settings.Reg)
		if trial.Best != (trial.Settings.Reg == 3) || trial.Skipped != "" && trial.Settings.Reg != 1 {
			t.Errorf("trial = %+v", trial)
		}
		if _, err := json.Marshal(trial); err != nil {
			t.Errorf("trial cannot be stored: %v", err)
		}
	}
	if diff := cmp.Diff([]float64{3, 4, 2, 1}, regs); diff != "" {
		t.Errorf("order differs (-want +got):\n%s", diff)
	}
}

func TestAGridIsReadFromJSON(t *testing.T) {
	var g Grid
	text := `{"ranks":[16,32],"regs":[0.01],"iterations":[10],"unobservedWeights":[0.1,0.3]}`
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		t.Fatal(err)
	}
	want := Grid{Ranks: []int{16, 32}, Regs: []float64{0.01}, Iterations: []int{10}, UnobservedWeights: []float64{0.1, 0.3}}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("grid differs (-want +got):\n%s", diff)
	}
}
