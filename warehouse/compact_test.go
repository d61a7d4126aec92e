package warehouse

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/internal/trial"
	"valse/store"
)

// later is a day after all of makeLog.
const later = store.Day(1 << 20)

func mustCompact(t testing.TB, w *Warehouse, today store.Day) int {
	t.Helper()
	gone, err := w.Compact(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

func mustParts(t testing.TB, w *Warehouse) []partName {
	t.Helper()
	parts, err := w.parts()
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func logOf(t testing.TB, w *Warehouse, shard int) (log []store.Interaction) {
	t.Helper()
	err := w.ReadLog(t.Context(), shard, 0, func(batch []store.Interaction) error {
		log = append(log, batch...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func TestPartsOfDaysThatAreOverBecomeOne(t *testing.T) {
	w := newWarehouse(t)
	logs := [][]store.Interaction{makeLog(0, 1, 2000), makeLog(1, 1, 500)}
	for _, log := range logs {
		mustAppend(t, w, log, 37)
	}
	before, err := w.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	parts := len(mustParts(t, w))
	gone := mustCompact(t, w, later)
	after := mustParts(t, w)
	if gone == 0 || len(after) != parts-gone || len(after) != 2+1 { // of two days and of one
		t.Fatalf("of %d parts %d are gone, and %d are left: %v", parts, gone, len(after), after)
	}
	for shard, log := range logs {
		if diff := cmp.Diff(log, logOf(t, w, shard)); diff != "" {
			t.Errorf("the log of shard %d changed (-was +is):\n%s", shard, diff)
		}
	}
	if events, err := w.Events(t.Context()); err != nil || !cmp.Equal(events, before) {
		t.Errorf("the columns are not what they were (%v)", err)
	}
	if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) > 0 {
		t.Errorf("damaged: %v, %v", report.Damaged, err)
	}
	if gone := mustCompact(t, w, later); gone != 0 {
		t.Errorf("once more, %d are gone", gone)
	}
	mustAppend(t, w, makeLog(1, 501, 10), 10)
	if got := logOf(t, w, 1); len(got) != 510 {
		t.Errorf("%d events when ten more came, want 510", len(got))
	}
}

// TestADayThatGoesOnHasFewParts moves one event every fifteen seconds for a day
// and merges every five minutes.
func TestADayThatGoesOnHasFewParts(t *testing.T) {
	var parts []partName
	most, written := 0, int64(0)
	const turns = 4 * 60 * 24
	for seq := range int64(turns) {
		parts = append(parts, partName{First: seq, Last: seq})
		most = max(most, len(parts))
		if seq%20 == 19 {
			for _, run := range mergeable(parts, 0) {
				at := slices.Index(parts, run[0])
				written += events(run)
				parts = slices.Replace(parts, at, at+len(run), partName{First: run[0].First, Last: run[len(run)-1].Last})
			}
		}
	}
	if most > 60 || written > 12*turns {
		t.Errorf("up to %d parts, and %.1f times as many events written as there are", most, float64(written)/turns)
	}
	if got := events(parts); got != turns {
		t.Errorf("%d events are in parts, want %d", got, turns)
	}
}

func TestWhatASnapshotNamesIsNotMerged(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 600)
	mustAppend(t, w, log[:100], 10)
	mustSnapshot(t, w, "first")
	mustAppend(t, w, log[100:], 10)
	s, err := w.OpenSnapshot("first")
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if gone := mustCompact(t, w, later); gone != 49 {
		t.Errorf("%d parts are gone, want 49 of the 50 that no snapshot names", gone)
	}
	if s, err = w.OpenSnapshot("first"); err != nil {
		t.Fatal(err)
	}
	if after, err := s.Events(t.Context()); err != nil || !cmp.Equal(after, before) {
		t.Errorf("the snapshot is not what it was (%v)", err)
	}
	if diff := cmp.Diff(log, logOf(t, w, 0)); diff != "" {
		t.Errorf("the log changed (-was +is):\n%s", diff)
	}
}

// TestNothingIsMergedOverAGap sets a part aside: its place must stay free for
// what the store still has of it.
func TestNothingIsMergedOverAGap(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 300)
	mustAppend(t, w, log, 10)
	damage(t, w, partWith(t, w, 155))
	if _, err := w.Compact(t.Context(), later); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("merging a damaged part: %v, want ErrCorrupt", err)
	}
	found, err := w.Quarantine(t.Context(), day)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	mustCompact(t, w, later)
	for _, p := range mustParts(t, w) {
		if p.First <= 155 && 155 <= p.Last {
			t.Fatalf("%s covers what is missing", p)
		}
	}
	if _, err := w.Restore(t.Context(), found[0].File, log[150:160], nil); err != nil {
		t.Fatal(err)
	}
	mustCompact(t, w, later)
	if diff := cmp.Diff(log, logOf(t, w, 0)); diff != "" {
		t.Errorf("the log changed (-was +is):\n%s", diff)
	}
	if parts := mustParts(t, w); len(parts) != 1 {
		t.Errorf("%v are left, want one part", parts)
	}
}

// TestWhatAMergeLeftBehindGoesWithTheNext brings parts back that were merged, as
// if the merge had been stopped before they went.
func TestWhatAMergeLeftBehindGoesWithTheNext(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 300)
	mustAppend(t, w, log, 10)
	kept := map[string][]byte{}
	for _, p := range mustParts(t, w)[5:12] {
		data, err := os.ReadFile(w.path(p.String()))
		if err != nil {
			t.Fatal(err)
		}
		kept[p.String()] = data
	}
	mustCompact(t, w, later)
	for name, data := range kept {
		if err := os.WriteFile(w.path(name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(log, logOf(t, w, 0)); diff != "" {
		t.Errorf("with parts that are covered the log is another (-was +is):\n%s", diff)
	}
	if gone := mustCompact(t, w, later); gone != len(kept) || len(mustParts(t, w)) != 1 {
		t.Errorf("%d are gone and %v left, want %d and one", gone, mustParts(t, w), len(kept))
	}
}

// TestMergingAtRandomChangesNoLog appends, races, names, erases, damages and
// merges at random, in one shard whose clock goes back over midnight now and then.
func TestMergingAtRandomChangesNoLog(t *testing.T) {
	random := trial.Rand(t)
	for range trial.Rounds(10, 300) {
		w := newWarehouse(t)
		var log []store.Interaction
		gone := map[string]bool{}
		next := int64(1)
		for step := range 60 {
			switch random.IntN(10) {
			case 0:
				mustSnapshot(t, w, fmt.Sprint("s", step))
			case 1:
				user := fmt.Sprint("u", random.IntN(50))
				gone[user] = true
				if _, err := w.EraseUser(t.Context(), user); err != nil {
					t.Fatal(err)
				}
			case 2, 3:
				mustCompact(t, w, store.DayOf(day)+store.Day(random.IntN(3)))
			default:
				batch := makeLog(0, next, 1+random.IntN(30))
				next += int64(len(batch))
				at := day.Add(time.Duration(random.IntN(40)) * time.Hour)
				for i := range batch {
					batch[i].RecordedAt = at
				}
				batch = slices.DeleteFunc(batch, func(i store.Interaction) bool { return gone[i.UserID] })
				if len(batch) == 0 {
					continue
				}
				log = append(log, batch...)
				mustAppend(t, w, batch, 1+random.IntN(10))
			}
		}
		want := slices.DeleteFunc(log, func(i store.Interaction) bool { return gone[i.UserID] })
		if diff := cmp.Diff(want, logOf(t, w, 0)); diff != "" {
			t.Fatalf("the log changed (-was +is):\n%s", diff)
		}
		if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) > 0 {
			t.Fatalf("damaged: %v, %v", report.Damaged, err)
		}
	}
}
