package eval

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine/als"
)

func TestGridKeepsTheBestModel(t *testing.T) {
	training, testing := shop(300, 120, 6, 2)
	h := Holdout{Train: training, Validation: testing, Test: testing}
	g := Grid{Ranks: []int{16, 1}, Regs: []float64{0.01, 1e6}}
	model, won, all, err := g.Implicit(t.Context(), h, als.Settings{Iterations: 4}, 10, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 || won.Rank != 16 || won.Reg != 0.01 || model.Users.Rank != 16 {
		t.Errorf("Implicit kept %+v with rank %d of %+v", won, model.Users.Rank, all)
	}
	for _, trial := range all {
		if trial.Validation > won.Validation {
			t.Errorf("trial %+v is better than the kept %+v", trial, won)
		}
	}
}

func TestGridForStarsKeepsTheLowestError(t *testing.T) {
	row, col, value := []int32{}, []int32{}, []float32{}
	for u := range int32(40) {
		for i := range int32(30) {
			row, col, value = append(row, u), append(col, i), append(value, float32(1+(u%2+i%2)*2))
		}
	}
	m := als.NewRatings(40, 30, row, col, value)
	g := Grid{Regs: []float64{1000, 0.1, 500}, Iterations: []int{2, 3}}
	_, won, all, err := g.Explicit(t.Context(), Holdout{m, m, m}, als.ExplicitSettings{Rank: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 6 || won.Reg != 0.1 || won.Test > 0.1 {
		t.Errorf("Explicit kept %+v of %+v", won, all)
	}
}

func TestSearchSkipsWhatIsNotFinite(t *testing.T) {
	figures := []float64{math.NaN(), 3, math.Inf(-1), 2, 4}
	trials := make([]Trial, len(figures)+1)
	for i := range trials {
		trials[i].Rank = i
	}
	fit := func(t *Trial) (*int, error) {
		if t.Rank == len(figures) {
			return nil, als.ErrDiverged
		}
		t.Validation = figures[t.Rank]
		return &t.Rank, nil
	}
	lower := func(a, b float64) bool { return a < b }
	var seen []Trial
	best, won, all, err := search(t.Context(), trials, fit, lower, func(t Trial) error { seen = append(seen, t); return nil })
	if err != nil || *best != 3 || won.Rank != 3 {
		t.Errorf("search kept %v (%+v), %v; want 3", best, won, err)
	}
	for i, skipped := range []bool{true, false, true, false, false, true} {
		if got := all[i].Skipped != ""; got != skipped {
			t.Errorf("trial %d skipped = %v (%q), want %v", i, got, all[i].Skipped, skipped)
		}
	}
	if diff := cmp.Diff(all, seen); diff != "" {
		t.Errorf("onTrial saw (-returned +seen):\n%s", diff)
	}
	if _, _, _, err := search(t.Context(), trials[:1], fit, lower, nil); !errors.Is(err, ErrNoTrial) {
		t.Errorf("search of nothing finite: %v, want ErrNoTrial", err)
	}
}
