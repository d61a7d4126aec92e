package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"valse/internal/disk"
	"valse/store"
)

// ErrCorrupt says that a file does not hold what it promises: it was cut,
// changed from outside, or written by something else. The error's text names
// the file and what is wrong with it.
//
// The other sentinels of this package are those of package store:
// store.ErrNotFound, store.ErrConflict and store.ErrInvalid.
var ErrCorrupt = errors.New("corrupt")

// corrupt is an [ErrCorrupt] about one file.
func corrupt(file, format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", file, ErrCorrupt, fmt.Sprintf(format, args...))
}

// notFound turns a missing file's error into store.ErrNotFound.
func notFound(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return err
}

// Warehouse is one partition of a warehouse. Its methods may be called
// concurrently. Several processes may append and read at once; at most one at
// a time may erase.
type Warehouse struct {
	fs  disk.FS
	dir string // <root>/<partition>

	// mu is held shared by what adds or reads files and exclusively by what
	// rewrites them.
	mu sync.RWMutex
}

// Open returns the partition's warehouse below the folder root, making the
// folders where they are missing. A nil fs means [disk.OS]. The error is
// store.ErrInvalid for a partition that cannot be a folder's name and for an
// object store's address, which this version does not support.
func Open(root, partition string, fs disk.FS) (*Warehouse, error) {
	if scheme, _, ok := strings.Cut(root, "://"); ok {
		return nil, fmt.Errorf("open warehouse %s: %s:// is not supported yet: %w",
			root, scheme, &store.Invalid{Field: "warehouse", Value: root, Want: "the path of a folder"})
	}
	if err := validateName("partition", partition); err != nil {
		return nil, err
	}
	if fs == nil {
		fs = disk.OS{}
	}
	w := &Warehouse{fs: fs, dir: filepath.Join(root, partition)}
	for _, folder := range []string{"interactions", "products", "users", "snapshots", "models", tempFolder} {
		if err := w.ensureDir(w.path(folder)); err != nil {
			return nil, fmt.Errorf("open warehouse %s: %w", w.dir, err)
		}
	}
	return w, nil
}

// tempFolder is where files and models grow before they get their names. It
// lies inside the partition, so that a rename never crosses file systems.
const tempFolder = ".tmp"

// Sweep removes what writers that died before then left in the folder of
// temporary files, and returns how many.
func (w *Warehouse) Sweep(before time.Time) (int, error) {
	entries, err := w.fs.ReadDir(w.path(tempFolder))
	if err != nil {
		return 0, fmt.Errorf("sweep warehouse %s: %w", w.dir, err)
	}
	removed := 0
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
			continue
		}
		if err == nil {
			err = w.fs.RemoveAll(w.path(tempFolder, entry.Name()))
		}
		if err != nil {
			return removed, fmt.Errorf("sweep warehouse %s: %w", w.dir, err)
		}
		removed++
	}
	return removed, nil
}

// path joins a path of the partition to its folder.
func (w *Warehouse) path(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

// ensureDir makes a folder and those above it, each durably.
func (w *Warehouse) ensureDir(dir string) error {
	err := w.fs.Mkdir(dir)
	parent := filepath.Dir(dir)
	if errors.Is(err, fs.ErrNotExist) && parent != dir {
		if err := w.ensureDir(parent); err != nil {
			return err
		}
		err = w.fs.Mkdir(dir)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.fs.SyncDir(parent)
}

// names lists the entries of a folder, by name, without hidden ones. A folder
// that is not there is empty.
func (w *Warehouse) names(folder ...string) ([]string, error) {
	entries, err := w.fs.ReadDir(w.path(folder...))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// validateName checks a name that becomes part of a path.
func validateName(field, name string) error {
	letter := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r)
	}
	odd := strings.ContainsFunc(name, func(r rune) bool { return !letter(r) })
	if name == "" || len(name) > 128 || odd || strings.HasPrefix(name, ".") {
		return &store.Invalid{Field: field, Value: name,
			Want: "1 to 128 of the characters A-Z a-z 0-9 . _ - and not starting with a dot"}
	}
	return nil
}
