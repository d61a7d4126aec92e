package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/internal/disk"
	"valse/internal/disk/crashfs"
	"valse/internal/trial"
	"valse/store"
)

// damage flips a bit in the middle of a file.
func damage(t testing.TB, w *Warehouse, name string) {
	t.Helper()
	data, err := os.ReadFile(w.path(name))
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(w.path(name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// partWith is the path of the part that holds a sequence number.
func partWith(t testing.TB, w *Warehouse, seq int64) string {
	t.Helper()
	parts, err := w.parts()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(parts, func(p partName) bool { return p.First <= seq && seq <= p.Last })
	if at < 0 {
		t.Fatalf("no part holds %d", seq)
	}
	return parts[at].String()
}

func TestADamagedPartIsSetAsideAndSnapshotsTellWhatTheyLack(t *testing.T) {
	w, log := fullWarehouse(t)
	name := partWith(t, w, 500)
	p, _ := parsePartName(name)
	lost := func(log []store.Interaction) []store.Interaction {
		return slices.DeleteFunc(slices.Clone(log), func(i store.Interaction) bool { return i.Seq >= p.First && i.Seq <= p.Last })
	}
	damage(t, w, name)
	if _, err := w.Events(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("Events with a damaged part = %v, want ErrCorrupt: it is skipped", err)
	}
	found, err := w.Quarantine(t.Context(), day)
	if err != nil || len(found) != 1 || found[0].File != name || found[0].Rows != p.Last-p.First+1 || !strings.Contains(found[0].Reason, "corrupt") {
		t.Fatalf("Quarantine() = %+v, %v, want %s", found, err, name)
	}
	if _, err := os.Stat(w.path("quarantine", name)); err != nil {
		t.Error(err)
	}
	report, err := w.Verify(t.Context())
	if err != nil || len(report.Damaged) != 0 || !cmp.Equal(report.Missing, found) {
		t.Errorf("Verify() = %+v, %v, want %v missing", report, err, found)
	}
	mustSnapshot(t, w, "third")
	for snapshot, want := range map[string][]store.Interaction{"first": lost(log[:1200]), "second": lost(log), "third": lost(log)} {
		s, err := w.OpenSnapshot(snapshot)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(s.Missing, found) || s.MissingRows() != found[0].Rows || s.Rows != int64(len(want)) {
			t.Errorf("snapshot %s has %d rows and lacks %v, want %d rows and %v", snapshot, s.Rows, s.Missing, len(want), found)
		}
		if diff := cmp.Diff(spellLog(want), spell(mustEvents(t, s))); diff != "" {
			t.Errorf("events of %s (-want +got):\n%s", snapshot, diff)
		}
	}

	if n, err := w.Restore(t.Context(), name, log[p.First-1:p.Last], nil); err != nil || n != found[0].Rows {
		t.Fatalf("Restore() = %d, %v, want %d", n, err, found[0].Rows)
	}
	fourth := mustSnapshot(t, w, "fourth")
	if diff := cmp.Diff(spellLog(log), spell(mustEvents(t, fourth))); diff != "" || len(fourth.Missing) != 0 {
		t.Errorf("restored, a snapshot lacks %v and its events are (-want +got):\n%s", fourth.Missing, diff)
	}
	if missing, err := w.Missing(); err != nil || len(missing) != 0 {
		t.Errorf("Missing() = %v, %v, want nothing", missing, err)
	}
}

func TestEveryKindOfFileCanBeSetAside(t *testing.T) {
	whole, _ := fullWarehouse(t)
	for _, name := range files(t, whole) {
		w, _ := fullWarehouse(t)
		damage(t, w, name)
		if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) != 1 || !strings.HasPrefix(name, report.Damaged[0].File) {
			t.Errorf("%s damaged: Verify() = %v, %v, want it once", name, report.Damaged, err)
		}
		found, err := w.Quarantine(t.Context(), day)
		if err != nil || len(found) != 1 || !strings.HasPrefix(name, found[0].File) {
			t.Errorf("%s damaged: Quarantine() = %v, %v", name, found, err)
		}
		if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) != 0 {
			t.Errorf("%s damaged and set aside: Verify() = %v, %v", name, report.Damaged, err)
		}
		if _, err := w.Snapshot(t.Context(), "after", day); err != nil {
			t.Errorf("%s damaged and set aside: %v", name, err)
		}
	}
}

func TestALostEndOfTheLogIsNotWrittenOver(t *testing.T) {
	w, log := fullWarehouse(t)
	damage(t, w, partWith(t, w, 2000))
	if _, err := w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	if positions, err := w.Positions(t.Context()); err != nil || positions[0] != 2000 {
		t.Errorf("Positions() = %v, %v, want 2000", positions, err)
	}
	name := partWith(t, w, 1)
	if _, err := w.Restore(t.Context(), name, log[:400], nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Restore of a part that is not missing = %v, want ErrNotFound", err)
	}
}

func TestRestoreRefusesRowsOfAnotherPlace(t *testing.T) {
	w, log := fullWarehouse(t)
	name := partWith(t, w, 500)
	p, _ := parsePartName(name)
	damage(t, w, name)
	if _, err := w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	for what, rows := range map[string][]store.Interaction{"none": nil, "one before": log[p.First-2 : p.Last], "one more": log[p.First-1 : p.Last+1]} {
		if _, err := w.Restore(t.Context(), name, rows, nil); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Restore with rows of %s = %v, want ErrInvalid", what, err)
		}
	}
}

func TestErasingAUserEmptiesTheQuarantine(t *testing.T) {
	w, _ := fullWarehouse(t)
	name := partWith(t, w, 500)
	damage(t, w, name)
	if _, err := w.EraseUser(t.Context(), "u7"); !errors.Is(err, ErrCorrupt) {
		t.Errorf("EraseUser beside a damaged part = %v, want ErrCorrupt", err)
	}
	if _, err := w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	if _, err := w.EraseUser(t.Context(), "u7"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.path("quarantine", name)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after an erasure the quarantine has the damaged part still: %v", err)
	}
	if missing, err := w.Missing(); err != nil || len(missing) != 1 {
		t.Errorf("Missing() = %v, %v, want one", missing, err)
	}
}

func TestADamagedRecordIsNamedAndStopsReaders(t *testing.T) {
	w, _ := fullWarehouse(t)
	damage(t, w, partWith(t, w, 500))
	if _, err := w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	damage(t, w, recordFile)
	if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) != 1 || report.Damaged[0].File != recordFile {
		t.Errorf("Verify() = %v, %v, want the record", report.Damaged, err)
	}
	if _, err := w.Snapshot(t.Context(), "after", day); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Snapshot() = %v, want ErrCorrupt", err)
	}
	if _, err := w.Quarantine(t.Context(), day); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Quarantine() = %v, want ErrCorrupt", err)
	}
}

// TestAPowerCutWhileAPartIsSetAsideHidesNothing cuts the power after each call
// of a quarantine: the part is damaged where it was, or what lacks it says so.
func TestAPowerCutWhileAPartIsSetAsideHidesNothing(t *testing.T) {
	random := trial.Rand(t)
	files := &crashfs.FS{}
	h := &history{log: makeLog(0, 1, 60)}
	if err := h.run(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	name := partWith(t, h.w, 25)
	if err := files.Flip(filepath.Join("/w/main", name), 2000); err != nil {
		t.Fatal(err)
	}
	states := 0
	files.After = func(op, path string) {
		states++
		w, err := Open("/w", "main", files.Crash(random))
		if err != nil {
			t.Fatal(err)
		}
		report, err := w.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		named := slices.ContainsFunc(report.Damaged, func(f Fault) bool { return f.File == name }) ||
			slices.ContainsFunc(report.Missing, func(m Missing) bool { return m.File == name })
		if !named {
			t.Errorf("power cut after %s %s: %s is neither damaged nor missing", op, path, name)
		}
		if _, err := w.Quarantine(t.Context(), day); err != nil {
			t.Errorf("power cut after %s %s: Quarantine() = %v", op, path, err)
		}
		for _, snapshot := range []string{"first", "second"} {
			if s, err := w.OpenSnapshot(snapshot); err != nil || len(s.Missing) != 1 || s.Missing[0].File != name {
				t.Errorf("power cut after %s %s: %s lacks %v, %v", op, path, snapshot, s.Missing, err)
			}
		}
	}
	if _, err := h.w.Quarantine(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d crash states", states)
}

// TestAQuarantineStoppedAnywhereCanBeCompleted stops it after each rename.
func TestAQuarantineStoppedAnywhereCanBeCompleted(t *testing.T) {
	for steps := 0; ; steps++ {
		w, _ := fullWarehouse(t)
		name := partWith(t, w, 500)
		damage(t, w, name)
		w.fs = &stopFS{renames: steps}
		_, stopped := w.Quarantine(t.Context(), day)
		w.fs = disk.OS{}
		if _, err := w.Quarantine(t.Context(), day); err != nil {
			t.Fatalf("stopped after %d renames: %v", steps, err)
		}
		for _, snapshot := range []string{"first", "second"} {
			if s, err := w.OpenSnapshot(snapshot); err != nil || len(s.Missing) != 1 {
				t.Errorf("stopped after %d renames: %s is %+v, %v", steps, snapshot, s, err)
			}
		}
		if stopped == nil {
			return
		}
	}
}
