package warehouse

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"valse/engine"
	"valse/internal/trial"
	"valse/store"
)

// TestEveryFlippedBitIsFound flips one bit at a time in files of every kind that
// a warehouse has.
func TestEveryFlippedBitIsFound(t *testing.T) {
	w, log := fullWarehouse(t)
	name := partWith(t, w, 500)
	p, _ := parsePartName(name)
	damage(t, w, name)
	if _, err := w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Restore(t.Context(), name, log[p.First-1:p.Last], nil); err != nil {
		t.Fatal(err)
	}
	mustSnapshot(t, w, "third") // parts have a checksum from their first snapshot on
	if err := w.PutCheckpoint(t.Context(), "training", makeModel("m", engine.Implicit)); err != nil {
		t.Fatal(err)
	}
	report, err := w.Verify(t.Context())
	if err != nil || len(report.Damaged) != 0 || report.Files < 10 {
		t.Fatalf("Verify() of a whole warehouse = %+v, %v", report, err)
	}
	kinds := map[string][]string{}
	for _, name := range files(t, w) {
		if !strings.HasPrefix(name, quarantineFolder+"/") || name == recordFile {
			kind, _, _ := strings.Cut(name, "/")
			if kind == "models" || kind == checkpointFolder {
				kind += " " + path.Base(name)
			}
			kinds[kind] = append(kinds[kind], name)
		}
	}
	if len(kinds) != 5+2*3 {
		t.Fatalf("kinds of files: %v, want 11", kinds)
	}
	random := trial.Rand(t)
	flips := 0
	for _, names := range kinds {
		for range trial.Rounds(6, 300) {
			name := names[random.IntN(len(names))]
			flips++
			if !flipIsFound(t, w, name, random.IntN) {
				t.Errorf("a bit of %s was flipped and nothing said so", name)
			}
		}
	}
	t.Logf("%d flipped bits in %d kinds of files, all found", flips, len(kinds))
}

// flipIsFound flips a bit of a file, asks who reads it, and flips it back.
func flipIsFound(t *testing.T, w *Warehouse, name string, random func(n int) int) bool {
	t.Helper()
	whole, err := os.ReadFile(w.path(name))
	if err != nil {
		t.Fatal(err)
	}
	bit := random(len(whole) * 8)
	broken := slices.Clone(whole)
	broken[bit/8] ^= 1 << (bit % 8)
	if err := os.WriteFile(w.path(name), broken, 0o644); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.WriteFile(w.path(name), whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}()
	if strings.HasPrefix(name, checkpointFolder) {
		_, err := w.Checkpoint(t.Context(), "training")
		return errors.Is(err, store.ErrNotFound)
	}
	report, err := w.Verify(t.Context())
	return err != nil || slices.ContainsFunc(report.Damaged, func(f Fault) bool {
		return strings.Contains(fmt.Sprint(f), path.Base(name)) || strings.HasPrefix(name, f.File)
	})
}
