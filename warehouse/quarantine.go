package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"valse/internal/disk"
	"valse/store"
)

// The quarantine holds damaged files under the paths they had, and the record
// of all that ever went there. The record is written first: what is not where
// it belongs is never without an entry.
const (
	quarantineFolder = "quarantine"
	recordFile       = quarantineFolder + "/record.json"
)

// Missing is a file of the partition that was found damaged or gone.
type Missing struct {
	File   string    `json:"file"` // path that it had inside the partition
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	// Rows is how many it held, as far as a snapshot or its own footer tells,
	// or -1. Users erased since are among them.
	Rows int64 `json:"rows"`
	// Restored is how many of them a new file of that name holds.
	Restored int64 `json:"restored"`
}

// Lost reports whether rows are missing still.
func (m *Missing) Lost() bool { return m.Restored < m.Rows || m.Rows < 0 && m.Restored == 0 }

// String reads like "file: 400 rows of shard 0 from 401 to 800".
func (m *Missing) String() string {
	rows := "rows nobody counted"
	if m.Rows >= 0 {
		rows = fmt.Sprintf("%d rows", m.Rows-m.Restored)
	}
	if p, ok := parsePartName(m.File); ok {
		rows += fmt.Sprintf(" of shard %d from %d to %d", p.Shard, p.First, p.Last)
	}
	return m.File + ": " + rows
}

// record is the quarantine's list.
type record struct {
	Format int       `json:"format"`
	Files  []Missing `json:"files"`
}

// find is the entry of a file, or nil.
func (r *record) find(file string) *Missing {
	for i := range r.Files {
		if r.Files[i].File == file {
			return &r.Files[i]
		}
	}
	return nil
}

func (w *Warehouse) readRecord() (*record, error) {
	file, err := w.fs.Open(w.path(recordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return &record{Format: Format}, nil
	}
	if err != nil {
		return nil, err
	}
	r := &record{}
	if err := disk.CloseAfter(file, readSealed(recordFile, file, r)); err != nil {
		return nil, err
	}
	if r.Format != Format {
		return nil, corrupt(recordFile, "format %d, this version reads %d", r.Format, Format)
	}
	return r, nil
}

// Missing lists what was set aside and did not come back, oldest first.
func (w *Warehouse) Missing() ([]Missing, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.missing()
}

func (w *Warehouse) missing() ([]Missing, error) {
	r, err := w.readRecord()
	if err != nil {
		return nil, err
	}
	missing := []Missing{}
	for _, m := range r.Files {
		if m.Lost() {
			missing = append(missing, m)
		}
	}
	return missing, nil
}

// Quarantine verifies everything, records each file that is damaged or gone,
// moves it to the quarantine, and takes it out of the snapshots that name it,
// which tell from then on what they lack. It returns what it found. Whatever
// stops it, calling it again completes it.
func (w *Warehouse) Quarantine(ctx context.Context, now time.Time) ([]Missing, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, err := w.verify(ctx)
	if err != nil {
		return nil, err
	}
	found, err := w.quarantine(ctx, v, now)
	if err != nil {
		return found, fmt.Errorf("quarantine: %w", err)
	}
	return found, nil
}

func (w *Warehouse) quarantine(ctx context.Context, v *verifier, now time.Time) (found []Missing, err error) {
	r, err := w.readRecord()
	if err != nil || len(v.report.Damaged) == 0 {
		return nil, err
	}
	for _, fault := range v.report.Damaged {
		m := Missing{File: fault.File, Reason: fault.Reason, Since: now.UTC(), Rows: v.rows(fault.File)}
		found = append(found, m)
		if known := r.find(m.File); known == nil {
			r.Files = append(r.Files, m)
		} else if known.Restored > 0 {
			*known = m
		}
	}
	if err := w.replaceSealed(ctx, w.path(recordFile), r); err != nil {
		return nil, err
	}
	for _, m := range found {
		if err := w.setAside(m.File); err != nil {
			return found, err
		}
	}
	return found, w.amendSnapshots(ctx, r)
}

// rows is how many rows a file has or had, or -1 when nothing tells.
func (v *verifier) rows(file string) int64 {
	for promised := range v.checked {
		if promised.Name == file {
			return promised.Rows
		}
	}
	t, err := v.openTable(file)
	if err != nil {
		return -1
	}
	defer t.Close()
	return t.NumRows()
}

// setAside moves a file, or a model's folder, to the quarantine.
func (w *Warehouse) setAside(file string) error {
	from, to := w.path(file), w.path(quarantineFolder, file)
	if err := w.ensureDir(filepath.Dir(to)); err != nil {
		return err
	}
	if err := w.fs.RemoveAll(to); err != nil { // what was damaged under this name before
		return err
	}
	if err := w.fs.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(w.fs.SyncDir(filepath.Dir(to)), w.fs.SyncDir(filepath.Dir(from)))
}

// amendSnapshots takes what is in the record out of the snapshots that name a
// file which is no longer there.
func (w *Warehouse) amendSnapshots(ctx context.Context, r *record) error {
	snapshots, err := w.snapshots()
	if err != nil {
		return err
	}
	for _, s := range snapshots {
		lacks := len(s.Missing)
		without := func(file SnapshotFile) bool {
			m := r.find(file.Name)
			if m == nil || m.Restored > 0 {
				return false
			}
			lack := *m
			lack.Rows = file.Rows
			s.Missing = append(s.Missing, lack)
			return true
		}
		s.Parts, s.Tables = slices.DeleteFunc(s.Parts, without), slices.DeleteFunc(s.Tables, without)
		if len(s.Missing) == lacks {
			continue
		}
		if err := s.count(ctx); err != nil {
			return err
		}
		if err := w.replaceSealed(ctx, w.path(snapshotName(s.Name)), s); err != nil {
			return err
		}
	}
	return nil
}

// Gap is the place in the log of a part that is missing; ok is false for
// anything but a part.
func (m *Missing) Gap() (shard int, first, last int64, ok bool) {
	p, ok := parsePartName(m.File)
	return p.Shard, p.First, p.Last, ok
}

// Restore writes rows of the log, those from the first to the last of a missing
// part, under the part's name. Snapshots that were amended stay as they are. It
// returns how many rows the part has. For still see [Warehouse.AppendLog].
func (w *Warehouse) Restore(ctx context.Context, file string, rows []store.Interaction, still func(context.Context) error) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.restore(ctx, file, rows, still)
	if err != nil {
		return 0, fmt.Errorf("restore %s: %w", file, err)
	}
	return n, nil
}

func (w *Warehouse) restore(ctx context.Context, file string, rows []store.Interaction, still func(context.Context) error) (int64, error) {
	r, err := w.readRecord()
	if err != nil {
		return 0, err
	}
	p, isPart := parsePartName(file)
	m := r.find(file)
	if m == nil || !isPart {
		return 0, fmt.Errorf("no part of the quarantine: %w", store.ErrNotFound)
	}
	if err := p.holds(rows); err != nil {
		return 0, err
	}
	if err := w.writePart(ctx, p, rows, still); err != nil {
		return 0, err
	}
	m.Restored = int64(len(rows))
	return m.Restored, w.replaceSealed(ctx, w.path(recordFile), r)
}

// holds refuses rows that do not belong into a part.
func (p partName) holds(rows []store.Interaction) error {
	if err := checkLog(p.Shard, rows); err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Seq < p.First || rows[len(rows)-1].Seq > p.Last || sameDay(rows) < len(rows) || store.DayOf(rows[0].RecordedAt) != p.Day {
		return &store.Invalid{Field: "rows", Value: fmt.Sprint(len(rows)), Want: "rows of " + p.String()}
	}
	return nil
}

// dropQuarantined removes the files of the quarantine, whose users nobody can
// tell, and keeps the record.
func (w *Warehouse) dropQuarantined(context.Context) error {
	names, err := w.names(quarantineFolder)
	if err != nil || len(names) == 0 {
		return err
	}
	for _, name := range names {
		if name != filepath.Base(recordFile) {
			err = errors.Join(err, w.fs.RemoveAll(w.path(quarantineFolder, name)))
		}
	}
	return errors.Join(err, w.fs.SyncDir(w.path(quarantineFolder)))
}
