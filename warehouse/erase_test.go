package warehouse

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine"
	"valse/internal/disk"
	"valse/store"
)

// fullWarehouse holds something of everything, and user u7 in all of it.
func fullWarehouse(t testing.TB) (*Warehouse, []store.Interaction) {
	t.Helper()
	w := newWarehouse(t)
	log := makeLog(0, 1, 2000)
	mustAppend(t, w, log[:1200], 400)
	putProducts(t, w, 1, []store.Product{{ID: "p1"}, {ID: "p2"}})
	users := []store.User{{ID: "u6"}, {ID: "u7", Name: "Ann"}, {ID: "u8"}}
	if err := w.PutUsers(t.Context(), 1, func(put func([]store.User) error) error { return put(users) }); err != nil {
		t.Fatal(err)
	}
	mustSnapshot(t, w, "first")
	mustAppend(t, w, log[1200:], 400)
	mustSnapshot(t, w, "second")
	mustPutModel(t, w, makeModel("m1", engine.Implicit))
	mustPutModel(t, w, makeModel("m2", engine.Explicit))
	return w, log
}

func without(log []store.Interaction, user string) []store.Interaction {
	return slices.DeleteFunc(slices.Clone(log), func(i store.Interaction) bool { return i.UserID == user })
}

func TestErasingAUserReachesEveryFile(t *testing.T) {
	w, log := fullWarehouse(t)
	rest := without(log, "u7")
	rows, err := w.EraseUser(t.Context(), "u7")
	if want := len(log) - len(rest) + 1 + 2; err != nil || rows != want {
		t.Fatalf("EraseUser = %d, %v, want %d rows", rows, err, want)
	}
	checkErased(t, w, log)
	before := files(t, w)
	if rows, err := w.EraseUser(t.Context(), "u7", "nobody"); err != nil || rows != 0 {
		t.Errorf("EraseUser again = %d, %v, want 0", rows, err)
	}
	if diff := cmp.Diff(before, files(t, w)); diff != "" {
		t.Errorf("erasing again changed the files:\n%s", diff)
	}
}

// checkErased checks that all of fullWarehouse is there but for u7.
func checkErased(t testing.TB, w *Warehouse, log []store.Interaction) {
	t.Helper()
	for name, want := range map[string][]store.Interaction{"first": log[:1200], "second": log} {
		want = without(want, "u7")
		s, err := w.OpenSnapshot(name)
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows != int64(len(want)) {
			t.Errorf("snapshot %s counts %d rows, want %d", name, s.Rows, len(want))
		}
		if diff := cmp.Diff(spellLog(want), spell(mustEvents(t, s))); diff != "" {
			t.Errorf("events of snapshot %s (-want +got):\n%s", name, diff)
		}
	}
	for _, id := range []string{"m1", "m2"} {
		m, err := w.Model(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(m.UserIDs, "u7") || len(m.UserIDs) != 199 || m.Info.Users != 199 {
			t.Errorf("model %s has %d users (says %d), u7 there: %v", id, len(m.UserIDs), m.Info.Users, slices.Contains(m.UserIDs, "u7"))
		}
		if want := makeModel(id, m.Info.Settings.Feedback); !slices.Equal(m.X.Row(7), want.X.Row(8)) {
			t.Errorf("model %s: the row of u8 is %v, want %v", id, m.X.Row(7), want.X.Row(8))
		}
	}
	report, err := w.Verify(t.Context())
	if err != nil || len(report.Damaged) != 0 {
		t.Errorf("Verify() = %v, %v", report.Damaged, err)
	}
	if positions, err := w.Positions(t.Context()); err != nil || positions[0] != 2000 {
		t.Errorf("Positions() = %v, %v, want 2000", positions, err)
	}
}

// stopFS fails every rename after the first few, like a process that dies.
type stopFS struct {
	disk.OS
	renames int
}

func (f *stopFS) Rename(from, to string) error {
	if f.renames--; f.renames < 0 {
		return os.ErrPermission
	}
	return f.OS.Rename(from, to)
}

func TestAnErasureStoppedAnywhereIsReadableAndCanBeCompleted(t *testing.T) {
	for steps := 0; ; steps++ {
		w, log := fullWarehouse(t)
		w.fs = &stopFS{renames: steps}
		_, stopped := w.EraseUser(t.Context(), "u7")
		w.fs = disk.OS{}
		for _, name := range []string{"first", "second"} {
			if s, err := w.OpenSnapshot(name); err != nil {
				t.Errorf("stopped after %d renames: %v", steps, err)
			} else {
				mustEvents(t, s)
			}
		}
		for _, id := range []string{"m1", "m2"} {
			if _, err := w.Model(t.Context(), id); err != nil {
				t.Errorf("stopped after %d renames: %v", steps, err)
			}
		}
		if _, err := w.EraseUser(t.Context(), "u7"); err != nil {
			t.Fatal(err)
		}
		checkErased(t, w, log)
		if stopped == nil {
			break
		}
	}
}
