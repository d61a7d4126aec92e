package pipeline_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
)

// TestDegenerateDataTrainsOrIsRefusedInWords takes data that no shop has from
// the store to lists. Whatever comes out is finite; what cannot be trained on
// says why.
func TestDegenerateDataTrainsOrIsRefusedInWords(t *testing.T) {
	odd := []string{"ünïcode ✓", "a,b;\"c\"", "tab\tand\x01control", strings.Repeat("x", 256), "=1+1", "../up", " "}
	at := func(n int) time.Time { return day0.Add(time.Duration(n) * time.Second) }
	cases := map[string]func(yield func(user, product string, stars float64)){
		"nobody":      func(func(string, string, float64)) {},
		"one event":   func(yield func(string, string, float64)) { yield("u", "p", 3) },
		"one user":    func(yield func(string, string, float64)) { grid(yield, []string{"u"}, names("p", 20), nil) },
		"one product": func(yield func(string, string, float64)) { grid(yield, names("u", 20), []string{"p"}, nil) },
		"equal ratings": func(yield func(string, string, float64)) {
			grid(yield, names("u", 9), names("p", 9), func(int) float64 { return 3 })
		},
		"ids of every kind": func(yield func(string, string, float64)) { grid(yield, odd, odd, nil) },
		"one user does it all": func(yield func(string, string, float64)) {
			for range trial.Rounds(5_000, 1_000_000) {
				yield("u", "p", 4)
			}
			grid(yield, names("v", 5), names("p", 5), nil)
		},
	}
	for name, each := range cases {
		for _, feedback := range []engine.Feedback{engine.Implicit, engine.Explicit} {
			t.Run(name+"/"+string(feedback), func(t *testing.T) {
				w := newWorld(t, pipeline.Options{})
				var batch []store.Interaction
				sent := 0
				each(func(user, product string, stars float64) {
					sent++
					kind, value := store.Purchase, 1.0
					if feedback == engine.Explicit {
						kind, value = store.Rating, stars
					}
					e := store.Interaction{EventID: fmt.Sprint(sent), UserID: user, ProductID: product, Type: kind, Value: value, Time: at(sent)}
					if err := e.Validate("", at(sent)); err != nil {
						t.Fatal(err)
					}
					if batch = append(batch, e); len(batch) == 20_000 {
						w.append(t, batch)
						batch = batch[:0]
					}
				})
				if len(batch) > 0 {
					w.append(t, batch)
				}
				w.trainsFinite(t, feedback)
			})
		}
	}
}

// names are a prefix with numbers.
func names(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i)
	}
	return all
}

// grid yields two of three pairs, with stars by their number.
func grid(yield func(string, string, float64), users, products []string, stars func(int) float64) {
	if stars == nil {
		stars = func(n int) float64 { return float64(1+n%9)/2 + 0.5 }
	}
	for u, user := range users {
		for p, product := range products {
			if (u+2*p)%3 < 2 {
				yield(user, product, stars(u+p))
			}
		}
	}
}

// trainsFinite trains, measures and publishes.
func (w *world) trainsFinite(t *testing.T, feedback engine.Feedback) {
	t.Helper()
	input := pipeline.TrainInput{Settings: engine.Settings{Feedback: feedback, Rank: 4, Iterations: 3}, Evaluate: true, Publish: true}
	run, err := w.Queue(t.Context(), store.RunTrain, "test", input)
	if err != nil {
		t.Fatal(err)
	}
	if run = w.work(t, run.ID); run.State != store.Succeeded {
		if run.State != store.Failed || len(run.Error) < 10 || strings.Contains(run.Error, "fault") {
			t.Errorf("the training ended as %s: %q, want a clear refusal", run.State, run.Error)
		}
		return
	}
	infos, err := w.Models(t.Context())
	if err != nil || len(infos) != 1 {
		t.Fatalf("Models = %+v, %v", infos, err)
	}
	model, err := w.Model(t.Context(), infos[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	events, err := w.warehouse.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	recommender, err := w.Recommender(t.Context(), model, events, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = recommender.RecommendAll(t.Context(), events.Members(), 10, nil, func(l store.List) error {
		for _, item := range l.Items {
			if s := float64(item.Score); math.IsNaN(s) || math.IsInf(s, 0) {
				t.Errorf("%q scores %v for %q", item.ProductID, s, l.UserID)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
