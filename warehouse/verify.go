package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"valse/internal/disk"
	"valse/store"
)

// Stats is how much a partition holds.
type Stats struct {
	Rows      int64 `json:"rows"` // interactions; what two transporters both moved counts twice
	Parts     int   `json:"parts"`
	Bytes     int64 `json:"bytes"` // of the parts
	Snapshots int   `json:"snapshots"`
	// Positions is the last sequence number of each log shard.
	Positions map[int]int64 `json:"positions"`
}

// Stats reads the footers of all parts.
func (w *Warehouse) Stats(ctx context.Context) (Stats, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	parts, err := w.parts()
	if err != nil {
		return Stats{}, err
	}
	positions, err := w.positions(ctx)
	if err != nil {
		return Stats{}, err
	}
	stats := Stats{Parts: len(parts), Positions: positions}
	for _, p := range parts {
		t, err := w.openTable(p.String())
		if err != nil {
			return Stats{}, err
		}
		stats.Rows += t.NumRows()
		stats.Bytes += t.Size()
		if err := t.Close(); err != nil {
			return Stats{}, err
		}
	}
	names, err := w.names("snapshots")
	stats.Snapshots = len(names)
	return stats, errors.Join(err, ctx.Err())
}

// Report is what [Warehouse.Verify] found.
type Report struct {
	Files   int     `json:"files"`   // looked at
	Damaged []Fault `json:"damaged"` // each file once; empty when all is well
	// Missing is what was damaged once, went to the quarantine and did not come back.
	Missing []Missing `json:"missing"`
}

// Fault is one file that does not hold what it promises.
type Fault struct {
	File   string `json:"file"` // path inside the partition
	Reason string `json:"reason"`
}

// String reads like "file: reason".
func (f Fault) String() string { return f.File + ": " + f.Reason }

// Verify reads everything: each part and table to its last page, each
// snapshot against the checksums it promises, each model as strictly as when
// it is loaded. The error says only that it could not look; what it found is
// in the report.
func (w *Warehouse) Verify(ctx context.Context) (Report, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	v, err := w.verify(ctx)
	return v.report, err
}

func (w *Warehouse) verify(ctx context.Context) (*verifier, error) {
	v := &verifier{Warehouse: w, checked: map[SnapshotFile]bool{}, report: Report{Damaged: []Fault{}, Missing: []Missing{}}}
	for _, step := range []func(context.Context) error{v.record, v.parts, v.tables, v.snapshots, v.models} {
		if err := step(ctx); err != nil {
			return v, fmt.Errorf("verify %s: %w", w.dir, err)
		}
	}
	return v, ctx.Err()
}

// verifier is one call of Verify under way.
type verifier struct {
	*Warehouse
	checked map[SnapshotFile]bool
	report  Report
}

// look counts a file and files err, if any, as a fault of it.
func (v *verifier) look(file string, err error) {
	v.report.Files++
	v.fault(file, err)
}

// fault files err, if any, unless the file has a fault already: what is damaged in
// itself does not hold what a snapshot promises either.
func (v *verifier) fault(file string, err error) {
	if err == nil || errors.Is(err, context.Canceled) ||
		slices.ContainsFunc(v.report.Damaged, func(f Fault) bool { return f.File == file }) {
		return
	}
	v.report.Damaged = append(v.report.Damaged, Fault{file, strings.TrimPrefix(err.Error(), file+": ")})
}

func (v *verifier) record(context.Context) error {
	missing, err := v.missing()
	v.report.Missing = append(v.report.Missing, missing...)
	v.fault(recordFile, err)
	return nil
}

func (v *verifier) parts(ctx context.Context) error {
	parts, err := v.Warehouse.parts()
	if err != nil {
		return err
	}
	for _, p := range parts {
		v.look(p.String(), v.checkPart(ctx, p))
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// checkPart reads every row of a part.
func (v *verifier) checkPart(ctx context.Context, p partName) error {
	last := p.First - 1
	return v.readPart(ctx, p, func(batch []store.Interaction) error {
		for i := range batch {
			row := &batch[i]
			if row.Seq <= last || row.Seq > p.Last || store.DayOf(row.RecordedAt) != p.Day {
				return corrupt(p.String(), "row %d accepted at %s follows row %d", row.Seq, row.RecordedAt, last)
			}
			last = row.Seq
		}
		return nil
	})
}

func (v *verifier) tables(ctx context.Context) error {
	for _, name := range []string{productsTable, usersTable} {
		versions, err := v.versions(name)
		if err != nil {
			return err
		}
		for _, version := range versions {
			file := versionName(name, version)
			if name == productsTable {
				err = readAll(ctx, v.Warehouse, file, (*productRow).product, func([]store.Product) error { return nil })
			} else {
				err = readAll(ctx, v.Warehouse, file, (*userRow).user, func([]store.User) error { return nil })
			}
			v.look(file, err)
		}
	}
	return ctx.Err()
}

func (v *verifier) snapshots(ctx context.Context) error {
	names, err := v.names("snapshots")
	if err != nil {
		return err
	}
	for _, file := range names {
		s, err := v.readSnapshot(trimJSON(file))
		v.look("snapshots/"+file, err)
		if err != nil {
			continue
		}
		for _, promised := range slices.Concat(s.Parts, s.Tables) {
			v.fault(promised.Name, v.checkPromise(s, promised))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// checkPromise checks a file against the checksum in a snapshot. Snapshots
// share most files, so each promise is checked once.
func (v *verifier) checkPromise(s *Snapshot, promised SnapshotFile) error {
	if v.checked[promised] {
		return nil
	}
	v.checked[promised] = true
	t, err := s.openPart(promised)
	if err != nil {
		return err
	}
	return disk.CloseAfter(t, t.checkSum(promised.Stored))
}

func (v *verifier) models(ctx context.Context) error {
	ids, err := v.names("models")
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := v.loadModel(ctx, modelFolder(id))
		if err == nil && m.Info.ID != id {
			err = corrupt(modelFolder(id), "it has the id %q inside", m.Info.ID)
		}
		v.report.Files += len(modelFiles) - 1
		v.look(modelFolder(id), err)
	}
	return ctx.Err()
}
