// Package disk is the seam between what keeps files (the warehouse, the
// journal) and the file system: [OS] in use, and in tests one that can lose its
// power or fail at the nth call (package crashfs below it).
package disk

import (
	"io"
	"io/fs"
	"os"
)

// FS is the part of a file system that durable files need. Names are paths
// of the operating system; errors match fs.ErrExist and fs.ErrNotExist.
type FS interface {
	// Mkdir makes one folder inside a folder that exists.
	Mkdir(name string) error
	// CreateTemp makes a new file with a name of its own in dir.
	CreateTemp(dir string) (File, error)
	// MkdirTemp makes a new folder with a name of its own in dir.
	MkdirTemp(dir string) (string, error)
	// Open opens a file for reading.
	Open(name string) (File, error)
	// ReadDir lists a folder by name.
	ReadDir(dir string) ([]fs.DirEntry, error)
	// Rename moves a file, replacing what has the new name, or a folder to a
	// name that is free.
	Rename(from, to string) error
	// Link gives a file a second name, which must be free.
	Link(from, to string) error
	// RemoveAll removes a file or a whole folder; what is not there is removed.
	RemoveAll(name string) error
	// SyncDir makes what was created, renamed or removed in dir durable.
	SyncDir(dir string) error
}

// File is an open file of an [FS].
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Name() string
	Stat() (fs.FileInfo, error)
	// Sync makes what was written durable.
	Sync() error
}

// OS is the operating system's own file system.
type OS struct{}

// osFile is one of its files; see Sync.
type osFile struct{ *os.File }

// Mkdir implements [FS].
func (OS) Mkdir(name string) error { return os.Mkdir(name, 0o777) }

// CreateTemp implements [FS]. The file is readable as the umask allows, so
// that other programs can read tables.
func (OS) CreateTemp(dir string) (File, error) {
	file, err := os.CreateTemp(dir, "")
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(0o644); err != nil {
		return nil, CloseAfter(file, err)
	}
	return osFile{file}, nil
}

// MkdirTemp implements [FS].
func (OS) MkdirTemp(dir string) (string, error) {
	name, err := os.MkdirTemp(dir, "")
	if err != nil {
		return "", err
	}
	return name, os.Chmod(name, 0o755)
}

// Open implements [FS].
func (OS) Open(name string) (File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return osFile{file}, nil
}

// ReadDir implements [FS].
func (OS) ReadDir(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }

// Rename implements [FS].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Link implements [FS].
func (OS) Link(from, to string) error { return os.Link(from, to) }

// RemoveAll implements [FS].
func (OS) RemoveAll(name string) error { return os.RemoveAll(name) }

// SyncDir implements [FS].
func (OS) SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return CloseAfter(d, d.Sync())
}

// CloseAfter closes c and returns the first error: err, else that of closing.
func CloseAfter(c io.Closer, err error) error {
	if closing := c.Close(); err == nil {
		return closing
	}
	return err
}
