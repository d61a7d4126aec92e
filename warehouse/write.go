package warehouse

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path/filepath"

	"valse/internal/disk"
	"valse/store"
)

// Stored is what a manifest promises of one file.
type Stored struct {
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// digest counts and hashes what passes through to a writer.
type digest struct {
	to    io.Writer
	hash  hash.Hash
	bytes int64
}

func newDigest(to io.Writer) *digest { return &digest{to: to, hash: sha256.New()} }

func (d *digest) Write(p []byte) (int, error) {
	n, err := d.to.Write(p)
	d.hash.Write(p[:n])
	d.bytes += int64(n)
	return n, err
}

// stored returns the promise for what was written as so many rows.
func (d *digest) stored(rows int64) Stored {
	return Stored{Rows: rows, Bytes: d.bytes, SHA256: hex.EncodeToString(d.hash.Sum(nil))}
}

// filler writes a file's contents and returns how many rows they hold.
type filler func(io.Writer) (rows int64, err error)

// replace writes the file name whole or not at all: beside, synced, renamed,
// folder synced. What had the name before is replaced.
func (w *Warehouse) replace(ctx context.Context, name string, fill filler) (Stored, error) {
	return w.write(ctx, name, fill, w.fs.Rename)
}

// create is replace for a name that must be free, else store.ErrConflict.
func (w *Warehouse) create(ctx context.Context, name string, fill filler) (Stored, error) {
	return w.write(ctx, name, fill, func(from, to string) error {
		err := w.fs.Link(from, to)
		if errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%w: it exists already", store.ErrConflict)
		}
		return err
	})
}

func (w *Warehouse) write(ctx context.Context, name string, fill filler, commit func(from, to string) error) (Stored, error) {
	stored, err := w.writeTemp(ctx, name, fill, commit)
	if err != nil {
		return Stored{}, fmt.Errorf("write %s: %w", name, err)
	}
	return stored, nil
}

func (w *Warehouse) writeTemp(ctx context.Context, name string, fill filler, commit func(from, to string) error) (Stored, error) {
	if err := w.ensureDir(filepath.Dir(name)); err != nil {
		return Stored{}, err
	}
	temp, err := w.fs.CreateTemp(w.path(tempFolder))
	if err != nil {
		return Stored{}, err
	}
	defer w.fs.RemoveAll(temp.Name()) // after a rename there is nothing left to remove
	stored, err := fillFile(temp, fill)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = commit(temp.Name(), name)
	}
	if err == nil {
		err = w.fs.SyncDir(filepath.Dir(name))
	}
	return stored, err
}

// fillFile fills a new file, makes it durable and closes it.
func fillFile(file disk.File, fill filler) (Stored, error) {
	d := newDigest(file)
	buffered := bufio.NewWriterSize(d, 256<<10)
	rows, err := fill(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	return d.stored(rows), disk.CloseAfter(file, err)
}
