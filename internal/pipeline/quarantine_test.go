package pipeline_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
	"valse/store/sqlite"
	"valse/warehouse"
)

// forgetful is a store whose log has nothing up to a sequence number.
type forgetful struct {
	store.Store
	upTo int64
}

func (f *forgetful) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	return f.Store.ReadLog(ctx, shard, max(after, f.upTo), limit)
}

// damagedWorld has 600 events in a warehouse whose only part is damaged.
func damagedWorld(t *testing.T) (w *world, st *forgetful) {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { backend.Close() })
	root := t.TempDir()
	wh, err := warehouse.Open(root, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	st = &forgetful{Store: backend}
	w = &world{st, wh, pipeline.New(st, wh, pipeline.Options{})}
	w.taste(t, 30, 20)
	if _, err := w.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	parts, _ := filepath.Glob(filepath.Join(root, "test/interactions/*/*.parquet"))
	if len(parts) != 1 {
		t.Fatalf("%d parts, want 1", len(parts))
	}
	data, err := os.ReadFile(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(parts[0], data, 0o644); err != nil {
		t.Fatal(err)
	}
	return w, st
}

// trained trains and returns the run as it ended.
func (w *world) trained(t *testing.T) store.Run {
	t.Helper()
	input := pipeline.TrainInput{Settings: engine.Settings{Rank: 4, Iterations: 2}}
	run, err := w.Queue(t.Context(), store.RunTrain, "test", input)
	if err != nil {
		t.Fatal(err)
	}
	return w.work(t, run.ID)
}

func TestADamagedPartIsWrittenAnewFromTheStore(t *testing.T) {
	w, _ := damagedWorld(t)
	if run := w.trained(t); run.State != store.Failed || !strings.Contains(run.Error, "valse verify --quarantine") {
		t.Errorf("a training on a damaged part ended as %s: %q, want advice", run.State, run.Error)
	}
	done, err := w.Quarantine(t.Context())
	if err != nil || len(done.Found) != 1 || done.Restored != 600 || len(done.Missing) != 0 {
		t.Fatalf("Quarantine() = %+v, %v, want one found, 600 rows restored, nothing missing", done, err)
	}
	if again, err := w.Quarantine(t.Context()); err != nil || len(again.Found)+len(again.Missing) != 0 || again.Restored != 0 {
		t.Errorf("Quarantine() again = %+v, %v, want nothing", again, err)
	}
	if run := w.trained(t); run.State != store.Succeeded {
		t.Errorf("the training ended as %s: %q", run.State, run.Error)
	}
	if events, err := w.warehouse.Events(t.Context()); err != nil || events.Len() != 600 {
		t.Errorf("the warehouse has %d events, %v, want 600", events.Len(), err)
	}
}

func TestATrainingWithoutAMissingPartSaysSo(t *testing.T) {
	w, st := damagedWorld(t)
	st.upTo = 600
	if done, err := w.Quarantine(t.Context()); err != nil || done.Restored != 0 || len(done.Missing) != 1 {
		t.Fatalf("Quarantine() = %+v, %v, want one missing", done, err)
	}
	w.append(t, []store.Interaction{
		{EventID: "new", UserID: "u1", ProductID: "p1", Type: store.Purchase, Value: 1, Time: day0},
		{EventID: "new", UserID: "u2", ProductID: "p2", Type: store.Purchase, Value: 1, Time: day0},
	})
	run := w.trained(t)
	var out pipeline.TrainOutput
	if err := json.Unmarshal(run.Output, &out); err != nil || run.State != store.Succeeded {
		t.Fatalf("the training ended as %s: %q, %v", run.State, run.Error, err)
	}
	if len(out.Missing) != 1 || out.Missing[0].Rows != 600 {
		t.Errorf("the training says that it lacks %v, want 600 rows", out.Missing)
	}
	status, err := w.Status(t.Context())
	if err != nil || status.Rows != 2 || status.Lag != 0 || len(status.Missing) != 1 {
		t.Errorf("Status() = %+v, %v, want 2 rows, no lag and one file missing", status, err)
	}
	st.upTo = 0 // somebody found the log
	if done, err := w.Quarantine(t.Context()); err != nil || done.Restored != 600 || len(done.Missing) != 0 {
		t.Errorf("Quarantine() with the log = %+v, %v, want 600 rows restored", done, err)
	}
}
