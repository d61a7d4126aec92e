package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// Copied is what [Warehouse.CopyTo] wrote.
type Copied struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// CopyTo copies the partition into a warehouse below another root and reads the
// copy to its end: [ErrCorrupt] names what is damaged. Checkpoints of trainings
// are left out, and models that are deleted meanwhile. Nobody may append, erase
// or set aside until it returns.
func (w *Warehouse) CopyTo(ctx context.Context, root string) (Copied, error) {
	to, err := Open(root, filepath.Base(w.dir), w.fs)
	if err != nil {
		return Copied{}, err
	}
	c := copying{from: w, to: to}
	w.mu.RLock()
	err = c.folder(ctx, "")
	w.mu.RUnlock()
	if err != nil {
		return c.done, fmt.Errorf("copy warehouse %s: %w", w.dir, err)
	}
	report, err := to.Verify(ctx)
	if err == nil && len(report.Damaged) > 0 {
		err = fmt.Errorf("%w: %s", ErrCorrupt, report.Damaged[0])
	}
	return c.done, err
}

// copying is one call of CopyTo under way.
type copying struct {
	from, to *Warehouse
	done     Copied
}

// folder copies what lies in a folder of the partition.
func (c *copying) folder(ctx context.Context, folder string) error {
	entries, err := c.from.fs.ReadDir(c.from.path(folder))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := filepath.Join(folder, entry.Name())
		switch {
		case name == tempFolder || name == checkpointFolder:
			continue
		case entry.IsDir():
			err = c.folder(ctx, name)
			if filepath.Dir(name) == "models" && errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
				err = c.to.fs.RemoveAll(c.to.path(name))
			}
		default:
			err = c.file(ctx, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) file(ctx context.Context, name string) error {
	file, err := c.from.fs.Open(c.from.path(name))
	if err != nil {
		return err
	}
	defer file.Close()
	stored, err := c.to.replace(ctx, c.to.path(name), func(to io.Writer) (int64, error) {
		_, err := io.Copy(to, file)
		return 0, err
	})
	if err == nil {
		c.done.Files++
		c.done.Bytes += stored.Bytes
	}
	return err
}
