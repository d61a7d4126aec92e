package engine

import (
	"errors"
	"testing"
)

func TestKeepingUpWithEventsFindsMoreOfWhatComesNext(t *testing.T) {
	events := eventsOf(noisy(300, 80)...)
	nights := 0
	r, err := Replay(t.Context(), events, Settings{Rank: 8, Iterations: 6}, ReplayOptions{
		Start: 0.5, Nights: 3, Sample: 500, N: 10, OnNight: func(n, of int) { nights = n },
	})
	if err != nil {
		t.Fatal(err)
	}
	if nights != 3 || r.Events != 500 || len(r.Strategies) != strategies {
		t.Fatalf("%d nights, %d events, %d strategies", nights, r.Events, len(r.Strategies))
	}
	recall := func(n int) float64 { return r.Strategies[n].Recall }
	if recall(byFoldIn) < 1.5*recall(byPopularity) {
		t.Errorf("fold-in finds %.3f of the next products, best-sellers %.3f", recall(byFoldIn), recall(byPopularity))
	}
	if recall(byTraining) < recall(byNightlyLists) {
		t.Errorf("the history as it is now finds %.3f of the next products, that of the night %.3f", recall(byTraining), recall(byNightlyLists))
	}
	if recall(byUpdate) < 0.85*recall(byTraining) {
		t.Errorf("updates find %.3f of the next products, trainings %.3f", recall(byUpdate), recall(byTraining))
	}
	if _, err := Replay(t.Context(), eventsOf(), Settings{}, ReplayOptions{}); !errors.Is(err, ErrNoData) {
		t.Errorf("Replay of nothing = %v, want %v", err, ErrNoData)
	}
}

func TestUsersTrainingNeverSawAreServedLikeThoseItSaw(t *testing.T) {
	points, err := FoldCurve(t.Context(), eventsOf(noisy(300, 80)...), Settings{Rank: 8, Iterations: 10})
	if err != nil {
		t.Fatal(err)
	}
	all, trained := points[len(points)-2], points[len(points)-1]
	if all.Recall < 0.95*trained.Recall || all.Users != trained.Users {
		t.Errorf("folded in from all they find %+v, in the training %+v", all, trained)
	}
	if one := points[0]; one.Name != "after 1 product" || one.Times() < 1.8 || one.Recall > all.Recall {
		t.Errorf("after one product they find %+v, after all %+v", one, all)
	}
}
