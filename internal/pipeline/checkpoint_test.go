package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
)

// TestATrainingThatWasCutShortGoesOnToTheSameBits stops a training after each
// of its sweeps, as the death of its process would, and runs it again.
func TestATrainingThatWasCutShortGoesOnToTheSameBits(t *testing.T) {
	for _, feedback := range []engine.Feedback{engine.Implicit, engine.Explicit} {
		t.Run(string(feedback), func(t *testing.T) {
			input := pipeline.TrainInput{Settings: engine.Settings{Feedback: feedback, Rank: 4, Iterations: 5, Seed: 3}}
			w := newWorld(t, pipeline.Options{CheckpointEvery: time.Nanosecond})
			w.taste(t, 12, 6)
			w.rate(t, 12, 6)
			want := w.trainedWhole(t, input, nil)
			for after := 1; after <= 4; after++ {
				stopped := errors.New("stopped")
				_, err := w.train(t, input, func(m *engine.Model) error {
					if len(m.Info.Sweeps) == after {
						return stopped
					}
					return nil
				})
				if !errors.Is(err, stopped) {
					t.Fatalf("stopped after sweep %d: %v", after, err)
				}
				resumed := 0
				got := w.trainedWhole(t, input, func(*engine.Model) error { resumed++; return nil })
				if resumed != 5-after+1 {
					t.Errorf("stopped after sweep %d: %d sweeps were run again, want %d", after, resumed, 5-after+1)
				}
				if diff := cmp.Diff(bits(want), bits(got)); diff != "" {
					t.Errorf("stopped after sweep %d: another model (-uninterrupted +resumed):\n%s", after, diff)
				}
				if err := w.warehouse.DropCheckpoint(w.name(t, input)); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// rate appends stars.
func (w *world) rate(t *testing.T, users, each int) {
	t.Helper()
	var batch []store.Interaction
	for u := range users {
		for n := range each {
			batch = append(batch, store.Interaction{
				EventID: "r" + string(rune('a'+n)), UserID: "u" + string(rune('0'+u%10)), ProductID: "p" + string(rune('0'+(u*n)%10)),
				Type: store.Rating, Value: float64(1 + (u+n)%5), Time: day0.Add(time.Duration(u*each+n) * time.Second),
			})
		}
	}
	w.append(t, batch)
}

// train runs sweeps as a run does, keeping each after before was asked.
func (w *world) train(t *testing.T, input pipeline.TrainInput, before func(*engine.Model) error) (*engine.Model, error) {
	t.Helper()
	if _, err := w.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := w.warehouse.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	training := w.name(t, input)
	o := engine.TrainOptions{ID: "m", CreatedAt: day0}
	if o.From, err = w.warehouse.Checkpoint(t.Context(), training); err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	o.Keep = func(m *engine.Model) error {
		if before != nil {
			if err := before(m); err != nil {
				return err
			}
		}
		return w.warehouse.PutCheckpoint(context.WithoutCancel(t.Context()), training, m)
	}
	return engine.Train(t.Context(), events, input.Settings, o)
}

func (w *world) trainedWhole(t *testing.T, input pipeline.TrainInput, before func(*engine.Model) error) *engine.Model {
	t.Helper()
	m, err := w.train(t, input, before)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.warehouse.DropCheckpoint(w.name(t, input)); err != nil {
		t.Fatal(err)
	}
	return m
}

// name is the training's name in the warehouse.
func (w *world) name(t *testing.T, input pipeline.TrainInput) string {
	t.Helper()
	snapshots, err := w.warehouse.Snapshots()
	if err != nil {
		t.Fatal(err)
	}
	if len(snapshots) == 0 {
		s, err := w.warehouse.Snapshot(t.Context(), "s", day0)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, s)
	}
	name, err := snapshots[0].Training(input.Settings)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// bits is everything that a model scores with, and its curve.
func bits(m *engine.Model) any {
	return []any{m.X.Data, m.Y.Data, m.UserBias, m.ProductBias, m.Mean, m.Info.Sweeps}
}

// TestARunThatIsRunAgainGoesOnFromItsCheckpoint cancels a TRAIN run in the middle
// and queues it once more.
func TestARunThatIsRunAgainGoesOnFromItsCheckpoint(t *testing.T) {
	w := newWorld(t, pipeline.Options{CheckpointEvery: time.Nanosecond, Heartbeat: 8 * time.Millisecond})
	w.taste(t, 200, 20)
	input := pipeline.TrainInput{Settings: engine.Settings{Rank: 32, Iterations: 60, Seed: 3}}
	queued, err := w.Queue(t.Context(), store.RunTrain, "to be cancelled", input)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	worked := make(chan struct{})
	go func() { defer close(worked); w.Work(ctx) }()
	ended, err := w.Watch(t.Context(), queued.ID, func(r store.Run) {
		if len(r.Points) >= 3 && !r.State.Ended() {
			w.Cancel(t.Context(), r.ID)
		}
	})
	cancel()
	<-worked
	if err != nil || ended.State != store.Cancelled {
		t.Skipf("the run was quicker than its cancellation: %v, %v", ended.State, err)
	}
	again := w.run(t, store.RunTrain, input)
	var out pipeline.TrainOutput
	if err := json.Unmarshal(again.Output, &out); err != nil {
		t.Fatal(err)
	}
	if len(again.Points) == 0 || again.Points[0].Step < 2 {
		t.Errorf("the curve of the second run begins with %v, want a later sweep", again.Points[:min(1, len(again.Points))])
	}
	model, err := w.Model(t.Context(), out.ModelID)
	if err != nil {
		t.Fatal(err)
	}
	events, err := w.warehouse.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := engine.Train(t.Context(), events, input.Settings, engine.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bits(want), bits(model)); diff != "" {
		t.Errorf("another model (-uninterrupted +resumed):\n%s", diff)
	}
}
