package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"valse/internal/pipeline"
	"valse/store"
	"valse/store/sqlite"
	"valse/warehouse"
)

// opened opens a backup.
func opened(t *testing.T, folder string) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), folder, "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	wh, err := warehouse.Open(filepath.Join(folder, "warehouse"), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &world{st, wh, pipeline.New(st, wh, pipeline.Options{})}
}

// TestABackupIsAStoreAndAWarehouseToStartFrom goes on from a backup, beside what
// it was made of.
func TestABackupIsAStoreAndAWarehouseToStartFrom(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 30, 20)
	model := w.publishOne(t)
	folder := filepath.Join(t.TempDir(), "backups", "one")
	made, err := w.Backup(t.Context(), folder)
	if err != nil || !made.Store || made.Warehouse.Files < 5 {
		t.Fatalf("Backup() = %+v, %v", made, err)
	}
	if _, err := w.Erase(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	then := opened(t, folder)
	then.holds(t, 600)
	then.serves(t, model)
	then.fashion(t, 5, 40)
	if _, err := then.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	then.holds(t, 700) // of the 200, the first 100 were there under the same ids
	if _, err := then.Erase(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	if report, err := then.warehouse.Verify(t.Context()); err != nil || len(report.Damaged) > 0 {
		t.Errorf("the backup has damaged files: %v, %v", report.Damaged, err)
	}
}

func TestABackupIsWholeOrIsNot(t *testing.T) {
	w, _ := damagedWorld(t)
	parent := t.TempDir()
	folder := filepath.Join(parent, "one")
	if _, err := w.Backup(t.Context(), folder); !errors.Is(err, warehouse.ErrCorrupt) || !strings.Contains(err.Error(), "valse verify --quarantine") {
		t.Errorf("a backup of a damaged part: %v, want it named, and what to do", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
	if _, err := w.Quarantine(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Backup(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Backup(t.Context(), folder); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a backup over another: %v, want store.ErrInvalid", err)
	}
}

// TestAStoreThatIsOlderThanItsWarehouseMovesNothing joins the store of a backup
// to the warehouse as it is now.
func TestAStoreThatIsOlderThanItsWarehouseMovesNothing(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 30, 20)
	folder := filepath.Join(t.TempDir(), "one")
	if _, err := w.Backup(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	w.fashion(t, 5, 40)
	if _, err := w.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	older := opened(t, folder)
	mixed := &world{older.store, w.warehouse, pipeline.New(older.store, w.warehouse, pipeline.Options{})}
	mixed.fashion(t, 1, 10)
	if _, err := mixed.Transport(t.Context()); err == nil || !strings.Contains(err.Error(), "older than its warehouse") {
		t.Errorf("events that the warehouse would take for others are moved: %v", err)
	}
}
