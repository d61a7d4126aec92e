package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

// A training once needed a model before it, so that the first one failed.
func TestTheFirstTrainingNeedsNothingBeforeIt(t *testing.T) {
	m := train(t, small, event("anna", "book", store.View, 1, 0))
	if got, want := m.UserIDs, []string{"anna"}; !slices.Equal(got, want) {
		t.Errorf("users = %v, want %v", got, want)
	}
	if m.Info.ID != "m1" || m.Info.Interactions != 1 || !m.Info.Newest.Equal(start) {
		t.Errorf("info = %+v", m.Info)
	}
}

func TestAModelHoldsOnlyThoseWithEvidence(t *testing.T) {
	m := train(t, small,
		event("idle", "shown", store.Impression, 1, 0),
		event("anna", "book", store.View, 1, 1),
		event("bob", "film", store.Dislike, 1, 2),
		event("cleo", "song", store.Purchase, 1, 3))
	if diff := cmp.Diff([]string{"anna", "cleo"}, m.UserIDs); diff != "" {
		t.Errorf("users differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"book", "song"}, m.ProductIDs); diff != "" {
		t.Errorf("products differ (-want +got):\n%s", diff)
	}
	if m.X.Rows != 2 || m.Y.Rows != 2 {
		t.Errorf("tables have %d and %d rows, want 2 and 2", m.X.Rows, m.Y.Rows)
	}
}

func TestTrainingSaysWhatIsMissing(t *testing.T) {
	views := make([]store.Interaction, 1234)
	for i := range views {
		views[i] = event("anna", fmt.Sprint(i), store.View, 1, 0)
	}
	for _, c := range []struct {
		name     string
		events   []store.Interaction
		settings Settings
		want     string
	}{
		{"nothing", nil, Settings{}, "train: no events: import or record some first"},
		{"no stars", views, Settings{Feedback: Explicit}, "train: no ratings among 1,234 events: explicit feedback needs RATING events"},
		{"no weight", views, Settings{Weights: Weights{store.Cart: 1}}, "train: no interest among 1,234 events: implicit feedback with weights CART=1 found nothing to count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Train(t.Context(), eventsOf(c.events...), c.settings, TrainOptions{})
			if !errors.Is(err, ErrNoData) || err.Error() != c.want {
				t.Errorf("Train = %v, want %s", err, c.want)
			}
		})
	}
}

func TestTrainingRefusesWhatCannotBe(t *testing.T) {
	nan := event("anna", "book", store.Rating, math.NaN(), 0)
	for _, c := range []struct {
		settings Settings
		event    store.Interaction
		field    string
	}{
		{Settings{Rank: -1}, event("a", "b", store.View, 1, 0), "rank"},
		{Settings{Reg: math.Inf(1)}, event("a", "b", store.View, 1, 0), "reg"},
		{Settings{Feedback: Explicit}, nan, "events[0].value"},
	} {
		_, err := Train(t.Context(), eventsOf(c.event), c.settings, TrainOptions{})
		var invalid *store.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field {
			t.Errorf("Train(%+v) = %v, want an invalid %s", c.settings, err, c.field)
		}
	}
}

// Factors once became NaN, and nothing noticed before the lists were empty.
func TestDegenerateDataTrainsToFiniteFactors(t *testing.T) {
	alike := checkerboard(1, 8)
	var equal []store.Interaction
	for u := range 5 {
		for p := range 5 {
			equal = append(equal, event(fmt.Sprint(u), fmt.Sprint(p), store.Rating, 3, 0))
		}
	}
	for name, events := range map[string][]store.Interaction{
		"one event":   {event("a", "b", store.Rating, 4, 0)},
		"one user":    alike,
		"one product": {event("a", "p", store.Rating, 5, 0), event("b", "p", store.Rating, 0.5, 1), event("c", "p", store.Purchase, 1, 2)},
		"all equal":   equal,
	} {
		for _, feedback := range []Feedback{Implicit, Explicit} {
			m := train(t, Settings{Feedback: feedback, Rank: 8, Iterations: 4, HalfLife: 1}, events...)
			if _, err := NewRanker(m); err != nil {
				t.Errorf("%s, %s: %v", name, feedback, err)
			}
		}
	}
}

func TestFactorsThatAreNotFiniteDoNotServe(t *testing.T) {
	m := train(t, small, checkerboard(4, 4)...)
	m.Y.Data[3] = float32(math.NaN())
	if _, err := NewRanker(m); err == nil || !strings.Contains(err.Error(), "m1") {
		t.Errorf("NewRanker = %v, want an error that names the model", err)
	}
}

func TestTheSameSeedGivesTheSameModelWhateverTheThreads(t *testing.T) {
	events := checkerboard(12, 10)
	want := train(t, small, events...)
	threads := small
	threads.Threads = 3
	for _, got := range []*Model{train(t, small, events...), train(t, threads, events...)} {
		if !slices.Equal(got.X.Data, want.X.Data) || !slices.Equal(got.Y.Data, want.Y.Data) {
			t.Error("the same data, settings and seed gave other factors")
		}
	}
}

func TestTrainingReportsSweepsAndStopsWhenTold(t *testing.T) {
	var steps []Progress
	events := eventsOf(checkerboard(8, 8)...)
	if _, err := Train(t.Context(), events, small, TrainOptions{OnProgress: func(p Progress) error {
		steps = append(steps, p)
		return nil
	}}); err != nil {
		t.Fatal(err)
	}
	if last := steps[len(steps)-1]; len(steps) != 6 || last.Step != 6 || last.Of != 6 || last.Phase != PhaseTrain {
		t.Errorf("steps = %+v", steps)
	}
	if steps[0].Loss < steps[5].Loss {
		t.Errorf("loss rose from %v to %v", steps[0].Loss, steps[5].Loss)
	}
	enough := errors.New("enough")
	if _, err := Train(t.Context(), events, small, TrainOptions{OnProgress: func(Progress) error { return enough }}); !errors.Is(err, enough) {
		t.Errorf("Train = %v, want %v", err, enough)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, events, small, TrainOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Train = %v, want %v", err, context.Canceled)
	}
}

func TestTheFastSettingReachesNearlyTheSameLoss(t *testing.T) {
	events := checkerboard(200, 60)
	exact := small
	exact.Rank, exact.Iterations = 20, 60
	fast := exact
	fast.Fast = true
	last := func(s Settings) float64 {
		sweeps := train(t, s, events...).Info.Sweeps
		return sweeps[len(sweeps)-1].Loss
	}
	e, f := last(exact), last(fast)
	if e == f || f > 1.001*e {
		t.Errorf("the loss is %v solved exactly and %v fast, want the fast one another, within a thousandth", e, f)
	}
}
