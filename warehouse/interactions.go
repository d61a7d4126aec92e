package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"valse/internal/disk"
	"valse/store"
)

// readPart calls f with the rows of a part in batches that f must not keep.
func (w *Warehouse) readPart(ctx context.Context, p partName, f func([]store.Interaction) error) error {
	t, err := w.openTable(p.String())
	if err != nil {
		return err
	}
	if _, err = t.sum(); err == nil {
		err = t.interactions(ctx, p.Shard, f)
	}
	return disk.CloseAfter(t, err)
}

// interactions calls f with the table's rows as interactions of a shard.
func (t *table) interactions(ctx context.Context, shard int, f func([]store.Interaction) error) error {
	var log []store.Interaction
	return readRows(ctx, t, func(batch []eventRow) error {
		log = log[:0]
		for i := range batch {
			row, err := batch[i].interaction()
			if err != nil {
				return corrupt(t.name, "row %d: %v", batch[i].Seq, err)
			}
			row.Shard = shard
			log = append(log, row)
		}
		return f(log)
	})
}

// ReadInteractions calls f with the rows of one Parquet file that has the
// columns of interactions/, wherever it lies, in batches that f must not
// keep. Columns that are missing are empty. [ErrCorrupt] for anything else.
func ReadInteractions(ctx context.Context, name string, from io.ReaderAt, size int64, f func([]store.Interaction) error) error {
	return readOutside(name, from, size, func(t *table) error { return t.interactions(ctx, 0, f) })
}

// ReadProducts is ReadInteractions for the columns of products/.
func ReadProducts(ctx context.Context, name string, from io.ReaderAt, size int64, f func([]store.Product) error) error {
	return readOutside(name, from, size, func(t *table) error {
		return readConverted(ctx, t, (*productRow).product, f)
	})
}

// ReadUsers is ReadInteractions for the columns of users/.
func ReadUsers(ctx context.Context, name string, from io.ReaderAt, size int64, f func([]store.User) error) error {
	return readOutside(name, from, size, func(t *table) error {
		return readConverted(ctx, t, (*userRow).user, f)
	})
}

// readOutside reads a table that is no file of the warehouse.
func readOutside(name string, from io.ReaderAt, size int64, read func(*table) error) error {
	return guard(name, func() error {
		file, err := openParquet(name, from, size)
		if err != nil {
			return err
		}
		return read(&table{name: name, File: file})
	})
}

// maxLooks is how often parts are listed for one reading: another process may
// merge some before they are opened.
const maxLooks = 4

// ReadLog calls f with the rows of one log shard above a sequence number, each
// once and in order, in batches that f must not keep.
func (w *Warehouse) ReadLog(ctx context.Context, shard int, after int64, f func([]store.Interaction) error) (err error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for range maxLooks {
		if after, err = w.readLog(ctx, shard, after, f); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return err
}

// readLog returns what it came to.
func (w *Warehouse) readLog(ctx context.Context, shard int, after int64, f func([]store.Interaction) error) (int64, error) {
	parts, err := w.parts()
	if err != nil {
		return after, err
	}
	for _, p := range parts {
		if p.Shard != shard || p.Last <= after {
			continue
		}
		err := w.readPart(ctx, p, func(batch []store.Interaction) error {
			for len(batch) > 0 && batch[0].Seq <= after {
				batch = batch[1:]
			}
			if len(batch) == 0 {
				return nil
			}
			return f(batch)
		})
		if err != nil {
			return after, fmt.Errorf("read log shard %d: %w", shard, err)
		}
		after = p.Last
	}
	return after, nil
}
