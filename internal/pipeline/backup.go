package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"valse/internal/disk"
	"valse/store"
	"valse/warehouse"
)

// Backup is what [Pipeline.Backup] wrote.
type Backup struct {
	// Store says whether the store is in it: one that does not lie in files of
	// its own has means of its own.
	Store     bool             `json:"store"`
	Warehouse warehouse.Copied `json:"warehouse"`
}

// Backup copies store and warehouse, as of one moment, into a new folder, while
// servers work on: <folder>/<partition>.db and <folder>/warehouse. All that was
// acknowledged before is in it, and the copies have been read to their end. The
// folder appears when it is whole. Until then what the transporter and erasures
// do to the warehouse waits. store.ErrInvalid for a folder that is there already,
// [warehouse.ErrCorrupt] when something to be copied is damaged.
func (p *Pipeline) Backup(ctx context.Context, folder string) (b Backup, err error) {
	if _, err := os.Lstat(folder); !errors.Is(err, fs.ErrNotExist) {
		return b, errors.Join(err, &store.Invalid{Field: "folder", Value: folder, Want: "the name of a new folder"})
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return b, err
	}
	growing, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+"-")
	if err != nil {
		return b, err
	}
	defer os.RemoveAll(growing) // once renamed there is nothing left to remove
	_, err = p.transport(ctx, p.moveLog, p.moveTables, p.followErasures, func(ctx context.Context, _ *Moved) error {
		// The store first: what the warehouse gets meanwhile, models, may be
		// more than the store knows of, but not less.
		if st, copies := p.store.(store.Copier); copies {
			b.Store = true
			if err := st.CopyTo(ctx, growing); err != nil {
				return err
			}
		}
		b.Warehouse, err = p.warehouse.CopyTo(ctx, filepath.Join(growing, "warehouse"))
		return err
	})
	if err == nil {
		err = os.Rename(growing, folder)
	}
	if err == nil {
		err = disk.OS{}.SyncDir(filepath.Dir(folder))
	}
	if err != nil {
		return b, fmt.Errorf("back up to %s: %w", folder, advise(err))
	}
	return b, nil
}
