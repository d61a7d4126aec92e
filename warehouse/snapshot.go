package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"valse/engine"
	"valse/store"
)

// Snapshot is a fixed set of files under a name: what a model is trained on.
// It never changes but for the erasure of users and the loss of files.
type Snapshot struct {
	Format    int       `json:"format"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
	// Rows counts the interactions, each once.
	Rows int64 `json:"rows"`
	// Positions is the last sequence number of each log shard.
	Positions map[int]int64 `json:"positions"`
	// Tables are the products and users of the day, where there were any.
	Tables []SnapshotFile `json:"tables"`
	// Parts are in log order.
	Parts []SnapshotFile `json:"parts"`
	// Missing are files that belong here and went to the quarantine.
	Missing []Missing `json:"missing,omitempty"`

	warehouse *Warehouse
}

// SnapshotFile is one file of a snapshot, by its path inside the partition.
type SnapshotFile struct {
	Name string `json:"name"`
	Stored
}

func snapshotName(name string) string { return "snapshots/" + name + ".json" }

func trimJSON(file string) string { return strings.TrimSuffix(file, ".json") }

// Snapshot gives what the warehouse holds now a name. store.ErrConflict when
// the name is taken.
func (w *Warehouse) Snapshot(ctx context.Context, name string, createdAt time.Time) (*Snapshot, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("snapshot", name); err != nil {
		return nil, err
	}
	s, err := w.survey(ctx)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", name, err)
	}
	s.Name, s.CreatedAt = name, createdAt.UTC()
	seal := func(to io.Writer) (int64, error) { return 0, writeSealed(to, s) }
	if _, err := w.create(ctx, w.path(snapshotName(name)), seal); err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", name, err)
	}
	return s, nil
}

// Events reads all interactions that the warehouse holds now, like a snapshot
// that is given no name.
func (w *Warehouse) Events(ctx context.Context) (events *engine.Events, err error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for range maxLooks {
		var s *Snapshot
		if s, err = w.survey(ctx); err != nil {
			err = fmt.Errorf("read %s: %w", w.dir, err)
		} else {
			events, err = s.events(ctx)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return events, err
}

// OpenSnapshot returns the snapshot of that name. store.ErrNotFound, or
// [ErrCorrupt] when a file it names is missing or has another size.
func (w *Warehouse) OpenSnapshot(name string) (*Snapshot, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("snapshot", name); err != nil {
		return nil, err
	}
	s, err := w.readSnapshot(name)
	if err != nil {
		return nil, err
	}
	return s, s.checkSizes()
}

// Snapshots returns every snapshot, oldest first.
func (w *Warehouse) Snapshots() ([]*Snapshot, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.snapshots()
}

func (w *Warehouse) snapshots() ([]*Snapshot, error) {
	names, err := w.names("snapshots")
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	var all []*Snapshot
	for _, file := range names {
		s, err := w.readSnapshot(trimJSON(file))
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Snapshot) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// survey lists what the warehouse holds now as a snapshot without a name.
func (w *Warehouse) survey(ctx context.Context) (*Snapshot, error) {
	parts, err := w.parts()
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Format: Format, Positions: map[int]int64{}, warehouse: w}
	known, err := w.knownFiles()
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		file, err := w.promise(p.String(), known)
		if err != nil {
			return nil, err
		}
		s.Parts = append(s.Parts, file)
		s.Positions[p.Shard] = max(s.Positions[p.Shard], p.Last)
	}
	for _, table := range []string{productsTable, usersTable} {
		version, err := w.latest(table)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		file, err := w.promise(versionName(table, version), known)
		if err != nil {
			return nil, err
		}
		s.Tables = append(s.Tables, file)
	}
	missing, err := w.missing()
	if err != nil {
		return nil, err
	}
	for _, m := range missing {
		if _, isPart := parsePartName(m.File); isPart {
			s.Missing = append(s.Missing, m)
		}
	}
	return s, s.count(ctx)
}

// MissingRows counts the interactions that are known to be missing.
func (s *Snapshot) MissingRows() int64 {
	rows := int64(0)
	for _, m := range s.Missing {
		if _, isPart := parsePartName(m.File); isPart {
			rows += max(0, m.Rows-m.Restored)
		}
	}
	return rows
}

// count sets Rows.
func (s *Snapshot) count(ctx context.Context) error {
	pieces, err := s.pieces(ctx)
	s.Rows = 0
	for _, p := range pieces {
		s.Rows += p.rows - p.skip
	}
	return err
}

// knownFiles maps each file that a snapshot names to the promise: parts never
// change, so what was hashed once need not be hashed again.
func (w *Warehouse) knownFiles() (map[string]Stored, error) {
	snapshots, err := w.snapshots()
	known := map[string]Stored{}
	for _, s := range snapshots {
		for _, file := range slices.Concat(s.Parts, s.Tables) {
			known[file.Name] = file.Stored
		}
	}
	return known, err
}

// promise describes a file of the partition.
func (w *Warehouse) promise(name string, known map[string]Stored) (SnapshotFile, error) {
	t, err := w.openTable(name)
	if err != nil {
		return SnapshotFile{}, err
	}
	defer t.Close()
	if stored, ok := known[name]; ok && stored.Bytes == t.Size() && stored.Rows == t.NumRows() {
		return SnapshotFile{name, stored}, nil
	}
	stored, err := t.sum()
	if err == nil {
		err = guard(name, t.checkPages)
	}
	return SnapshotFile{name, stored}, err
}

// ProductsVersion is the version of the products table in the snapshot, ok is
// false when it has none.
func (s *Snapshot) ProductsVersion() (version int64, ok bool) { return s.version(productsTable) }

// UsersVersion is the version of the users table in the snapshot, ok is false
// when it has none.
func (s *Snapshot) UsersVersion() (version int64, ok bool) { return s.version(usersTable) }

func (s *Snapshot) version(table string) (int64, bool) {
	for _, file := range s.Tables {
		if of, version, _ := parseVersionName(file.Name); of == table {
			return version, true
		}
	}
	return 0, false
}

// decodeSnapshot reads a manifest strictly.
func decodeSnapshot(from io.Reader, file string) (*Snapshot, error) {
	s := &Snapshot{}
	if err := readSealed(file, from, s); err != nil {
		return nil, err
	}
	if s.Format != Format {
		return nil, corrupt(file, "format %d, this version reads %d", s.Format, Format)
	}
	for _, part := range s.Parts {
		if _, ok := parsePartName(part.Name); !ok || part.Rows < 0 || part.Bytes < 0 {
			return nil, corrupt(file, "%q with %d rows in %d bytes is no part", part.Name, part.Rows, part.Bytes)
		}
	}
	for _, table := range s.Tables {
		if _, _, ok := parseVersionName(table.Name); !ok {
			return nil, corrupt(file, "%q is no table", table.Name)
		}
	}
	return s, nil
}

func (w *Warehouse) readSnapshot(name string) (*Snapshot, error) {
	file, err := w.fs.Open(w.path(snapshotName(name)))
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", name, notFound(err))
	}
	defer file.Close()
	s, err := decodeSnapshot(file, snapshotName(name))
	if err != nil {
		return nil, err
	}
	if s.Name != name {
		return nil, corrupt(snapshotName(name), "it is named %q inside", s.Name)
	}
	s.warehouse = w
	return s, nil
}
