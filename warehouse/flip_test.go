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
	mustAppend(t, w, makeLog(0, 2001, 800), 400)
	putProducts(t, w, 2, []store.Product{{ID: "p1"}, {ID: "p3", Title: "Third"}})
	if err := w.PutCheckpoint(t.Context(), "training", makeModel("m", engine.Implicit)); err != nil {
		t.Fatal(err)
	}
	report, err := w.Verify(t.Context())
	if err != nil || len(report.Damaged) != 0 || report.Files < 10 {
		t.Fatalf("Verify() of a whole warehouse = %+v, %v", report, err)
	}
	promised, err := w.knownFiles()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]string{}
	for _, name := range files(t, w) {
		if !strings.HasPrefix(name, quarantineFolder+"/") || name == recordFile {
			kind, _, _ := strings.Cut(name, "/")
			if kind == "models" || kind == checkpointFolder {
				kind += " " + path.Base(name)
			} else if _, is := promised[name]; strings.HasSuffix(name, ".parquet") && !is {
				kind = "young " + kind // than every snapshot
			}
			kinds[kind] = append(kinds[kind], name)
		}
	}
	if len(kinds) != 7+2*3 {
		t.Fatalf("kinds of files: %v, want 13", kinds)
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

// TestEveryBitOfATableIsSealed flips the bits of a part that no snapshot
// promises, one by one, and wants none to be taken for what was written.
func TestEveryBitOfATableIsSealed(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 20), 20)
	name := files(t, w)[0]
	whole := fileBytes(t, w.path(name))
	step := trial.Rounds(23, 1)
	flips := 0
	for bit := trial.Rand(t).IntN(step); bit < len(whole)*8; bit += step {
		flips++
		broken := slices.Clone(whole)
		broken[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(w.path(name), broken, 0o644); err != nil {
			t.Fatal(err)
		}
		for what, read := range map[string]func() error{
			"reading the log": func() error { return w.ReadLog(t.Context(), 0, 0, func([]store.Interaction) error { return nil }) },
			"training":        func() error { _, err := w.Events(t.Context()); return err },
		} {
			if err := read(); !errors.Is(err, ErrCorrupt) {
				t.Errorf("bit %d of byte %d flipped: %s = %v, want ErrCorrupt", bit%8, bit/8, what, err)
			}
		}
	}
	t.Logf("%d of the %d bits flipped, all found", flips, len(whole)*8)
}

func TestATableOfAnEarlierVersionHasNoSealAndIsRead(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 300), 300)
	name := files(t, w)[0]
	if err := os.WriteFile(w.path(name), foreign(t), 0o644); err != nil {
		t.Fatal(err)
	}
	if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) > 0 {
		t.Errorf("Verify() = %+v, %v, want no damage", report, err)
	}
	if events, err := w.Events(t.Context()); err != nil || events.Len() != 300 {
		t.Errorf("Events() = %v, %v, want 300", events, err)
	}
}

func TestErasingFromADamagedTableDoesNotSealTheDamage(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 300), 300)
	name := files(t, w)[0]
	whole := fileBytes(t, w.path(name))
	at := strings.LastIndex(string(whole), sealKey) // nothing but the seal can tell
	whole[at+len(sealMark)] ^= 1
	if err := os.WriteFile(w.path(name), whole, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := w.EraseUser(t.Context(), "u7"); !errors.Is(err, ErrCorrupt) {
		t.Errorf("EraseUser() = %v, want ErrCorrupt", err)
	}
}
