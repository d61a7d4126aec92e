package pipeline_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
)

// succeeds runs a training that must succeed.
func (w *world) succeeds(t testing.TB, input pipeline.TrainInput) (out pipeline.TrainOutput) {
	t.Helper()
	run := w.run(t, store.RunTrain, input)
	if run.State != store.Succeeded {
		t.Fatalf("training ended %s: %s", run.State, run.Error)
	}
	if err := json.Unmarshal(run.Output, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnIncrementalTrainingContinuesThePublishedModel(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 30, 12)
	settings := engine.Settings{Rank: 4, Iterations: 5, HalfLife: 100}
	if run := w.run(t, store.RunTrain, pipeline.TrainInput{Incremental: true}); run.State != store.Failed || !strings.Contains(run.Error, "train one first") {
		t.Errorf("without a model the run is %s: %s", run.State, run.Error)
	}
	first := w.succeeds(t, pipeline.TrainInput{Settings: settings, Publish: true})
	w.append(t, []store.Interaction{
		{EventID: "1", UserID: "late", ProductID: "p3", Type: store.Purchase, Value: 1, Time: day0.AddDate(0, 0, 3)},
		{EventID: "2", UserID: "late", ProductID: "p5", Type: store.Purchase, Value: 1, Time: day0.AddDate(0, 0, 3)},
	})
	second := w.succeeds(t, pipeline.TrainInput{Incremental: true, Publish: true})
	if !second.Published || second.ModelID == first.ModelID {
		t.Fatalf("output = %+v", second)
	}
	base, err := w.Model(t.Context(), first.ModelID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := w.Model(t.Context(), second.ModelID)
	if err != nil {
		t.Fatal(err)
	}
	if m.Info.Parent != first.ModelID || m.Info.Settings.HalfLife != 100 || m.Info.Users != 31 {
		t.Errorf("info = %+v", m.Info)
	}
	if kept := slices.Equal(m.Y.Row(slices.Index(m.ProductIDs, "p8")), base.Y.Row(slices.Index(base.ProductIDs, "p8"))); !kept {
		t.Error("the row of a product that nothing happened to changed")
	}
	if published, err := w.store.Published(t.Context()); err != nil || published.ModelID != second.ModelID {
		t.Errorf("Published = %+v, %v", published, err)
	}
	third := w.succeeds(t, pipeline.TrainInput{Incremental: true})
	if info, err := w.Info(t.Context(), third.ModelID); err != nil || info.Parent != second.ModelID {
		t.Errorf("the third model continues %q, %v", info.Parent, err)
	}
}
