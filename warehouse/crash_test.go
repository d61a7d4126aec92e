package warehouse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"valse/engine"
	"valse/internal/disk/crashfs"
	"valse/internal/trial"
	"valse/store"
)

// history is a short life of a warehouse: everything that writes, once or more.
// What is acknowledged grows as calls return.
type history struct {
	w    *Warehouse
	log  []store.Interaction
	rows int // of the log, acknowledged
	// names of what is acknowledged
	snapshots, models []string
	versions          int64
	erased            bool // whether erasing u7 has begun
}

// run lives it, up to the first error.
func (h *history) run(ctx context.Context, files *crashfs.FS) (err error) {
	if h.w, err = Open("/w", "main", files); err != nil {
		return err
	}
	appendRows := func(n int) error {
		err := h.w.AppendLog(ctx, 0, h.log[h.rows:h.rows+n], nil)
		if err == nil {
			h.rows += n
		}
		return err
	}
	snapshot := func(name string) error {
		_, err := h.w.Snapshot(ctx, name, day)
		if err == nil {
			h.snapshots = append(h.snapshots, name)
		}
		return err
	}
	products := func(version int64) error {
		err := h.w.PutProducts(ctx, version, func(put func([]store.Product) error) error {
			return put([]store.Product{{ID: "p1"}, {ID: fmt.Sprint("p", version)}})
		})
		if err == nil {
			h.versions = version
		}
		return err
	}
	compact := func() error {
		_, err := h.w.Compact(ctx, later)
		return err
	}
	for _, step := range []func() error{
		func() error { return appendRows(20) },
		func() error { return products(1) },
		func() error { return appendRows(10) },
		compact,
		func() error { return snapshot("first") },
		func() error { return products(2) },
		func() error {
			err := h.w.PutModel(ctx, makeModelOf(20, "m1", engine.Implicit))
			if err == nil {
				h.models = append(h.models, "m1")
			}
			return err
		},
		func() error { return appendRows(5) },
		func() error { return appendRows(5) },
		compact,
		func() error {
			h.erased = true
			_, err := h.w.EraseUser(ctx, "u7")
			return err
		},
		func() error { return snapshot("second") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// check says what is torn or lost in a file system as a history left it.
func (h *history) check(ctx context.Context, files *crashfs.FS) error {
	w, err := Open("/w", "main", files)
	if err != nil {
		return err
	}
	report, err := w.Verify(ctx)
	if err != nil {
		return err
	}
	if len(report.Damaged) > 0 {
		return fmt.Errorf("torn: %v", report.Damaged)
	}
	next := 0
	err = w.ReadLog(ctx, 0, 0, func(batch []store.Interaction) error {
		for _, row := range batch {
			for h.erased && row.Seq > h.log[next].Seq && h.log[next].UserID == "u7" {
				next++
			}
			if row.Seq != h.log[next].Seq || !row.Same(&h.log[next]) {
				return fmt.Errorf("row %d is where %d belongs", row.Seq, h.log[next].Seq)
			}
			next++
		}
		return nil
	})
	for h.erased && next < h.rows && h.log[next].UserID == "u7" {
		next++
	}
	if err == nil && next < h.rows {
		err = fmt.Errorf("%d rows, %d were acknowledged", next, h.rows)
	}
	if err != nil {
		return err
	}
	for _, name := range h.snapshots {
		if _, err := w.OpenSnapshot(name); err != nil {
			return err
		}
	}
	for _, id := range h.models {
		if _, err := w.Model(ctx, id); err != nil {
			return err
		}
	}
	if version, err := w.latest(productsTable); h.versions > 0 && (err != nil || version < h.versions) {
		return fmt.Errorf("products are at version %d, %d was acknowledged: %w", version, h.versions, err)
	}
	return nil
}

// crashes lives a history and checks a crash state after every call of it.
func crashes(t *testing.T, random *rand.Rand, skip func(op, name string) bool) (states int, fault error) {
	files := &crashfs.FS{SkipSync: skip}
	h := &history{log: makeLog(0, 1, 60)}
	files.After = func(op, name string) {
		if states++; fault == nil {
			if err := h.check(t.Context(), files.Crash(random)); err != nil {
				fault = fmt.Errorf("power cut after %s %s: %w", op, name, err)
			}
		}
	}
	if err := h.run(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	return states, fault
}

func TestAPowerCutAfterAnyCallLosesAndTearsNothing(t *testing.T) {
	random := trial.Rand(t)
	states := 0
	for states < trial.Rounds(300, 10_000) {
		n, fault := crashes(t, random, nil)
		if fault != nil {
			t.Fatal(fault)
		}
		states += n
	}
	t.Logf("%d crash states, 0 torn, 0 lost", states)
}

func TestAWarehouseThatLeavesOutASyncIsCaught(t *testing.T) {
	random := trial.Rand(t)
	for _, op := range []string{"sync", "syncdir"} {
		caught := false
		for n := 0; n < 10 && !caught; n++ {
			_, fault := crashes(t, random, func(done, _ string) bool { return done == op })
			caught = fault != nil
		}
		if !caught {
			t.Errorf("without any %s, no power cut lost anything: the trial shows nothing", op)
		}
	}
}

// TestTheNthCallThatFailsIsReportedAndHarmsNothing fails the nth call of a
// history, for every n until none fails, and checks what is there afterwards.
func TestTheNthCallThatFailsIsReportedAndHarmsNothing(t *testing.T) {
	tidying, failures := 0, 0
	for _, failure := range []error{syscall.EIO, syscall.ENOSPC} {
		step := trial.Rounds(5, 1)
		for n := 1; ; n += step {
			files := &crashfs.FS{}
			calls, failed := 0, ""
			files.Fault = func(op, name string) error {
				if calls++; calls == n {
					failed = op
					return failure
				}
				return nil
			}
			h := &history{log: makeLog(0, 1, 60)}
			err := h.run(t.Context(), files)
			files.Fault = nil
			if failed == "" {
				break
			}
			failures++
			if err == nil && failed != "remove" {
				t.Errorf("%v at call %d (%s) was not reported", failure, n, failed)
			}
			if err == nil {
				tidying++
			}
			if err := h.check(t.Context(), files); err != nil {
				t.Errorf("%v at call %d (%s): %v", failure, n, failed, err)
			}
		}
	}
	t.Logf("%d failed calls, %d of them to remove what nobody needs, the others reported", failures, tidying)
}
