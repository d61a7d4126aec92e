package warehouse

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"valse/internal/disk"
	"valse/store"
)

const (
	// maxMerged bounds the events of a part that was merged.
	maxMerged = 1_000_000
	// manyParts is how many parts of the day that goes on make a merge worth
	// its while.
	manyParts = 16
)

// Compact merges small parts: the transporter writes one every few seconds, which
// left alone would be tens of thousands of files a day. The parts of a shard and
// a day that is over become one, of up to a million events; those of the day that
// goes on are merged where many lie side by side, so that an event is written
// anew a few times at most. A part that a snapshot names stays as it is, and
// nothing is merged over a gap. It returns how many parts there are less.
//
// A merged part has the rows of the others in their order, and is read again
// before they go. While they are there it covers them: readers skip what they
// have. Whatever stops Compact, calling it again completes it. Of the processes
// that use the warehouse, one at a time may compact, erase or name a snapshot.
func (w *Warehouse) Compact(ctx context.Context, today store.Day) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gone, err := w.compact(ctx, today)
	if err != nil {
		return gone, fmt.Errorf("compact: %w", err)
	}
	return gone, nil
}

func (w *Warehouse) compact(ctx context.Context, today store.Day) (gone int, err error) {
	parts, err := w.parts()
	if err != nil {
		return 0, err
	}
	left := covered(parts) // by an earlier call that did not come to its end
	parts = slices.DeleteFunc(parts, func(p partName) bool { _, is := left[p]; return is })
	runs := mergeable(parts, today)
	if len(left) == 0 && len(runs) == 0 {
		return 0, nil // so it is most of the time, and snapshots need not be read
	}
	named, err := w.knownFiles()
	if err != nil {
		return 0, err
	}
	isNamed := func(p partName) bool { _, is := named[p.String()]; return is }
	for p, by := range left {
		if isNamed(p) {
			continue
		}
		if _, err := w.sumOf(by); err != nil {
			return gone, err
		}
		if err := w.remove(p); err != nil {
			return gone, err
		}
		gone++
	}
	for _, run := range runs {
		for _, run := range apart(run, isNamed) {
			if err := w.merge(ctx, run); err != nil {
				return gone, err
			}
			gone += len(run) - 1
		}
	}
	return gone, nil
}

// covered returns the parts of which another of their day has everything, with
// that other one.
func covered(parts []partName) map[partName]partName {
	found := map[partName]partName{}
	for i, by := 1, 0; i < len(parts); i++ { // in log order none begins before its cover
		if p := parts[i]; p.Shard == parts[by].Shard && p.Day == parts[by].Day && p.Last <= parts[by].Last {
			found[p] = parts[by]
		} else {
			by = i
		}
	}
	return found
}

// mergeable returns the runs of parts that shall become one each: they follow
// each other in the log, without a gap, and are of one day.
func mergeable(parts []partName, today store.Day) (runs [][]partName) {
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && follows(parts[n], parts[n-1]) {
			n++
		}
		if parts[0].Day < today {
			runs = append(runs, whole(parts[:n])...)
		} else if young := youngest(parts[:n]); len(young) >= manyParts {
			runs = append(runs, young)
		}
		parts = parts[n:]
	}
	return runs
}

// follows reports whether a part goes on where another of its day ends.
func follows(p, before partName) bool {
	return p.Shard == before.Shard && p.Day == before.Day && p.First <= before.Last+1 && p.Last > before.Last
}

// events is how many events a run has, those included that were erased.
func events(run []partName) int64 { return run[len(run)-1].Last - run[0].First + 1 }

// whole cuts a run into as few as may be merged.
func whole(run []partName) (runs [][]partName) {
	for len(run) > 1 {
		n := 1
		for n < len(run) && events(run[:n+1]) <= maxMerged {
			n++
		}
		if n > 1 {
			runs = append(runs, run[:n])
		}
		run = run[n:]
	}
	return runs
}

// youngest is the end of a run, down to a part that is much larger than all
// after it: merging that too would write its events anew for little.
func youngest(run []partName) []partName {
	begin := len(run) - 1
	for begin > 0 && events(run[begin-1:begin]) <= 4*events(run[begin:]) && events(run[begin-1:]) <= maxMerged {
		begin--
	}
	return run[begin:]
}

// apart cuts a run where a part is that has to stay.
func apart(run []partName, stays func(partName) bool) (runs [][]partName) {
	for len(run) > 0 {
		n := slices.IndexFunc(run, stays)
		if n < 0 {
			n = len(run)
		}
		if n > 1 {
			runs = append(runs, run[:n])
		}
		run = run[min(n+1, len(run)):]
	}
	return runs
}

// merge writes one part in place of several.
func (w *Warehouse) merge(ctx context.Context, run []partName) error {
	into := run[0]
	into.Last = run[len(run)-1].Last
	stored, err := w.replace(ctx, w.path(into.String()), func(to io.Writer) (int64, error) {
		return writeRows(to, func(put func([]eventRow) error) error { return w.eachRow(ctx, run, put) }, nil)
	})
	if err != nil {
		return err
	}
	found, err := w.sumOf(into)
	if err == nil && found != stored {
		err = corrupt(into.String(), "%d rows were written, and it has %d", stored.Rows, found.Rows)
	}
	if err != nil {
		return err
	}
	return w.remove(run...)
}

// eachRow calls f with the rows of a run, each once, in batches that f must not
// keep.
func (w *Warehouse) eachRow(ctx context.Context, run []partName, f func([]eventRow) error) error {
	last := run[0].First - 1
	for _, p := range run {
		t, err := w.openTable(p.String())
		if err != nil {
			return err
		}
		if _, err = t.sum(); err == nil { // what is damaged is not made anew
			err = readRows(ctx, t, func(batch []eventRow) error {
				for len(batch) > 0 && batch[0].Seq <= last {
					batch = batch[1:]
				}
				return f(batch)
			})
		}
		if err := disk.CloseAfter(t, err); err != nil {
			return err
		}
		last = p.Last
	}
	return nil
}

// sumOf reads a part and compares it with its seal.
func (w *Warehouse) sumOf(p partName) (Stored, error) {
	t, err := w.openTable(p.String())
	if err != nil {
		return Stored{}, err
	}
	found, err := t.sum()
	return found, disk.CloseAfter(t, err)
}

// remove removes parts of one day.
func (w *Warehouse) remove(parts ...partName) error {
	for _, p := range parts {
		if err := w.fs.RemoveAll(w.path(p.String())); err != nil {
			return err
		}
	}
	return w.fs.SyncDir(filepath.Dir(w.path(parts[0].String())))
}
