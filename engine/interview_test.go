package engine

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"valse/store"
)

func TestPeopleAreAskedInEveryWayAndAlikeWhateverTheThreads(t *testing.T) {
	events := eventsOf(checkerboard(160, 60)...)
	one, err := Interview(t.Context(), events, small, TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if one == nil || one.People < 100 || len(one.Ways) != 4 || one.Ways[0] != (Way{Asking: AskPopular, AfterFive: one.Ways[0].AfterFive, AfterTen: one.Ways[0].AfterTen}) {
		t.Fatalf("interviews = %+v, want over a hundred people asked in four ways, best-sellers first", one)
	}
	for _, way := range one.Ways {
		if way.AfterFive < 0.5 || way.AfterTen < 0.5 {
			t.Errorf("%+v: two tastes are not told apart", way)
		}
	}
	threads := small
	threads.Threads = 3
	if three, err := Interview(t.Context(), events, threads, TrainOptions{}); err != nil || !reflect.DeepEqual(one, three) {
		t.Errorf("with three threads %+v, %v, want %+v", three, err, one)
	}
}

func TestAModelOfStarsIsInterviewedWithStars(t *testing.T) {
	s := Settings{Feedback: Explicit, Rank: 4, Iterations: 4, Seed: 1}
	got, err := Interview(t.Context(), eventsOf(checkerboard(160, 60)...), s, TrainOptions{})
	if err != nil || got == nil || len(got.Ways) != 3 {
		t.Fatalf("interviews = %+v, %v, want three ways", got, err)
	}
	for _, way := range got.Ways {
		if way.Asking == AskFarthest || way.AfterTen == 0 {
			t.Errorf("a model of stars was asked about in the way %+v", way)
		}
	}
}

func TestTooFewPeopleAreNotAsked(t *testing.T) {
	for _, users := range []int{1, 3, 40} {
		if got, err := Interview(t.Context(), eventsOf(checkerboard(users, 40)...), small, TrainOptions{}); got != nil || err != nil {
			t.Errorf("interviews with %d users = %+v, %v, want none", users, got, err)
		}
	}
	if _, err := Interview(t.Context(), eventsOf(), small, TrainOptions{}); !errors.Is(err, ErrNoData) {
		t.Errorf("without events: %v, want no data", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Interview(gone, eventsOf(checkerboard(160, 60)...), small, TrainOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAWayIsTakenWhenItIsBetterByMoreThanChance(t *testing.T) {
	lists := func(people int, five func(i int) float64) (r []recalls) {
		for i := range people {
			r = append(r, recalls{five: five(i), ten: 0.9, both: i%2 == 0})
		}
		return r
	}
	popular := lists(100, func(int) float64 { return 0.3 })
	for name, c := range map[string]struct {
		other func(i int) float64
		want  Asking
	}{
		"always a little better":  {func(i int) float64 { return 0.31 + 0.001*float64(i%2) }, AskVariance},
		"as often worse":          {func(i int) float64 { return 0.2 + 0.2*float64(i/2%2) }, AskPopular},
		"better, perhaps by luck": {func(i int) float64 { return 0.1 + 0.45*float64(i/2%2) }, AskPopular},
		"worse":                   {func(int) float64 { return 0.29 }, AskPopular},
	} {
		t.Run(name, func(t *testing.T) {
			got := compareWays([]Asking{AskPopular, AskVariance, AskRelative}, [][]recalls{popular, lists(100, c.other), popular})
			if got.Asking != c.want || got.People != 100 || math.Abs(got.Ways[0].AfterTen-0.9) > 1e-9 {
				t.Errorf("verdict = %+v, want %s", got, c.want)
			}
		})
	}
}

func TestQuestionsAreAskedInTheWayThatWasFoundBest(t *testing.T) {
	events := checkerboard(60, 40)
	model := train(t, small, events...)
	history := []store.Interaction{event("new", "p3", store.Like, 1, 0), event("new", "p5", store.Like, 1, 1), event("new", "p6", store.Like, 1, 2)}
	asked := map[Asking]string{}
	for _, how := range []Asking{AskPopular, AskVariance, AskRelative, AskFarthest} {
		measured := *model
		measured.Info.Interviews = &Interviews{Asking: how}
		k := rank(t, &measured)
		e := eventsOf(events...)
		r := NewRecommender(k, NewCatalogue(shop(40), k.ProductIDs()), NewPopularity(e.Counts(), PopularityOptions{Today: store.DayOf(start) + 60}), nil)
		asked[how] = r.NextQuestion(Request{History: history}).ProductID
		if how == AskPopular {
			var want string
			for _, item := range r.BestSellers(Request{N: 4}).Items { // one of the four was not answered about
				if id := item.ProductID; want == "" && id != "p3" && id != "p5" && id != "p6" {
					want = id
				}
			}
			if asked[how] != want {
				t.Errorf("asked about %s, want the best-seller %s", asked[how], want)
			}
		}
		if how == AskVariance {
			least, _ := r.State(Request{History: history})
			most := 0.0
			var want string
			for _, id := range k.ProductIDs() {
				if id == "p3" || id == "p5" || id == "p6" {
					continue
				}
				if width, err := least.Uncertainty(id); err != nil {
					t.Fatal(err)
				} else if width > most {
					most, want = width, id
				}
			}
			if asked[how] != want {
				t.Errorf("asked about %s, want %s, whose score is the least certain", asked[how], want)
			}
		}
	}
	if asked[AskFarthest] == asked[AskPopular] && asked[AskRelative] == asked[AskPopular] {
		t.Errorf("all ways ask about %s", asked[AskPopular])
	}
}
