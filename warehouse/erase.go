package warehouse

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// EraseUser removes all that the partition holds of these users: their rows
// in parts, in tables of users and in the user factors of every model; files in
// the quarantine, whose users nobody can tell, go whole. It returns how many
// rows went. Each file is replaced whole; the manifests that
// promise its checksum follow. Whatever stops it, calling it again completes
// it, and erasing someone twice changes nothing.
func (w *Warehouse) EraseUser(ctx context.Context, ids ...string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := eraser{Warehouse: w, gone: make(map[string]bool, len(ids))}
	for _, id := range ids {
		e.gone[id] = true
	}
	for _, step := range []func(context.Context) error{
		w.settle, // what an earlier call left unfinished
		e.parts, e.tables, e.models, e.dropCheckpoints, e.dropQuarantined,
		w.settle,
	} {
		if err := step(ctx); err != nil {
			return e.rows, fmt.Errorf("erase: %w", err)
		}
	}
	return e.rows, nil
}

// eraser is one call of EraseUser under way.
type eraser struct {
	*Warehouse
	gone map[string]bool
	rows int // erased so far
}

func (e *eraser) parts(ctx context.Context) error {
	parts, err := e.Warehouse.parts()
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := eraseRows(ctx, e, p.String(), "user_id", func(r *eventRow) string { return r.UserID }); err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) tables(ctx context.Context) error {
	versions, err := e.versions(usersTable)
	if err != nil {
		return err
	}
	for _, version := range versions {
		if err := eraseRows(ctx, e, versionName(usersTable, version), "id", func(r *userRow) string { return r.ID }); err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) models(ctx context.Context) error {
	ids, err := e.names("models")
	if err != nil {
		return err
	}
	for _, id := range ids {
		name := modelFolder(id) + "/" + userFactorsFile
		if err := eraseRows(ctx, e, name, "id", func(r *factorRow) string { return r.ID }); err != nil {
			return err
		}
	}
	return nil
}

// eraseRows replaces a table of rows R without those whose id is gone. A
// table without any is left as it is.
func eraseRows[R any](ctx context.Context, e *eraser, name, column string, id func(*R) string) error {
	t, err := e.openTable(name)
	if err != nil {
		return err
	}
	defer t.Close()
	old, err := t.sum() // what is damaged is not made anew
	if err != nil {
		return err
	}
	if found, err := t.mentions(column, e.gone); err != nil || !found {
		return err
	}
	kept := func(put func([]R) error) error {
		return readRows(ctx, t, func(batch []R) error {
			return put(slices.DeleteFunc(batch, func(r R) bool { return e.gone[id(&r)] }))
		})
	}
	stored, err := e.replace(ctx, e.path(name), func(to io.Writer) (int64, error) {
		return writeRows(to, kept, map[string]string{replacesKey: old.SHA256})
	})
	if err == nil {
		e.rows += int(t.NumRows() - stored.Rows)
	}
	return err
}

// mentions reports whether a string column holds one of these values.
func (t *table) mentions(column string, values map[string]bool) (found bool, err error) {
	err = guard(t.name, func() error {
		for _, group := range t.RowGroups() {
			entries, err := t.texts(group, column, make([]int32, group.NumRows()))
			if err != nil {
				return err
			}
			found = found || slices.ContainsFunc(entries, func(v string) bool { return values[v] })
		}
		return nil
	})
	return found, err
}

// settle brings every manifest up to date with files that were replaced since
// it was written.
func (w *Warehouse) settle(ctx context.Context) error {
	snapshots, err := w.snapshots()
	if err != nil {
		return err
	}
	replaced := replacements{w, map[string]replacement{}}
	for _, s := range snapshots {
		if err := replaced.settleSnapshot(ctx, s); err != nil {
			return err
		}
	}
	ids, err := w.names("models")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := replaced.settleModel(ctx, modelFolder(id)); err != nil {
			return err
		}
	}
	return nil
}

// replacement is what a file replaced and what it is now.
type replacement struct {
	old string // SHA-256; empty when it replaced nothing
	now Stored
}

// replacements remembers what was looked up of files.
type replacements struct {
	warehouse *Warehouse
	files     map[string]replacement
}

// update replaces a promise by that of the file which replaced what was
// promised, and reports whether there was one.
func (r replacements) update(name string, promise *Stored) (bool, error) {
	found, ok := r.files[name]
	if !ok {
		t, err := r.warehouse.openTable(name)
		if err != nil {
			return false, err
		}
		defer t.Close()
		if found.old = t.replaces(); found.old != "" {
			if found.now, err = t.sum(); err != nil {
				return false, err
			}
		}
		r.files[name] = found
	}
	if found.old == "" || found.old != promise.SHA256 {
		return false, nil
	}
	*promise = found.now
	return true, nil
}

func (r replacements) settleSnapshot(ctx context.Context, s *Snapshot) error {
	changed := false
	for _, files := range [][]SnapshotFile{s.Parts, s.Tables} {
		for i := range files {
			updated, err := r.update(files[i].Name, &files[i].Stored)
			if err != nil {
				return err
			}
			changed = changed || updated
		}
	}
	if !changed {
		return nil
	}
	if err := s.count(ctx); err != nil {
		return err
	}
	return r.warehouse.replaceSealed(ctx, r.warehouse.path(snapshotName(s.Name)), s)
}

func (r replacements) settleModel(ctx context.Context, folder string) error {
	about, err := r.warehouse.readManifest(folder)
	if err != nil {
		return err
	}
	users := about.Tables[userFactorsFile]
	updated, err := r.update(folder+"/"+userFactorsFile, &users)
	if err != nil || !updated {
		return err
	}
	about.Tables[userFactorsFile] = users
	about.Users = int(users.Rows)
	return r.warehouse.replaceSealed(ctx, r.warehouse.path(folder, modelFile), about)
}
