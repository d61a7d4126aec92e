package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"valse/internal/disk"
)

// Format is the version of the tables' columns and of the manifests beside
// them; readers refuse a higher one.
//
//	1: first version
const Format = 1

// maxRowsPerGroup bounds a row group: the unit of parallel reading.
const maxRowsPerGroup = 1 << 20

// Keys of a table's metadata.
const (
	// formatKey holds Format.
	formatKey = "valse.format"
	// replacesKey holds the SHA-256 of the file that this one replaced when a
	// user was erased. It lets a manifest that still promises the old file be
	// brought up to date after a crash between the two.
	replacesKey = "valse.replaces"
)

// writerOptions choose what Spark, DuckDB and Trino all read: first-version
// data pages, plain or dictionary strings, zstd.
func writerOptions(metadata map[string]string) []parquet.WriterOption {
	options := []parquet.WriterOption{
		parquet.CreatedBy("valse", fmt.Sprint(Format), "parquet-go"),
		parquet.DataPageVersion(1),
		parquet.MaxRowsPerRowGroup(maxRowsPerGroup),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
		parquet.KeyValueMetadata(formatKey, fmt.Sprint(Format)),
		parquet.KeyValueMetadata(hasSealKey, "1"),
		parquet.KeyValueMetadata(sealKey, noDigest),
	}
	for key, value := range metadata {
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	return options
}

// rows hands a table's rows, in batches, to put.
type rows[R any] func(put func([]R) error) error

// writeRows writes a whole table, with its seal, and returns how many rows it
// has.
func writeRows[R any](to io.Writer, each rows[R], metadata map[string]string) (int64, error) {
	sealed := newTableSeal(to)
	table := parquet.NewGenericWriter[R](sealed, writerOptions(metadata)...)
	var count int64
	err := each(func(batch []R) error {
		n, err := table.Write(batch)
		count += int64(n)
		return err
	})
	if err == nil {
		err = table.Flush()
	}
	sealed.hold()
	if err = disk.CloseAfter(table, err); err == nil {
		err = sealed.write()
	}
	return count, err
}

// table is an open Parquet file.
type table struct {
	name string
	file disk.File
	*parquet.File
	checked bool // whether its pages were held against its bytes
}

// openTable opens a table and reads its footer.
func (w *Warehouse) openTable(name string) (*table, error) {
	file, err := w.fs.Open(w.path(name))
	if err != nil {
		return nil, notFound(err)
	}
	t := &table{name: name, file: file}
	err = guard(name, func() error {
		info, err := file.Stat()
		if err != nil {
			return err
		}
		t.File, err = openParquet(name, file, info.Size())
		return err
	})
	if err != nil {
		return nil, disk.CloseAfter(file, err)
	}
	return t, nil
}

// openParquet reads the footer of a table of ours.
func openParquet(name string, file io.ReaderAt, size int64) (*parquet.File, error) {
	if err := checkFooter(name, file, size); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, corrupt(name, "%v", err)
	}
	if format, ok := f.Lookup(formatKey); ok && format != fmt.Sprint(Format) {
		return nil, corrupt(name, "format %q, this version reads %d", format, Format)
	}
	return f, checkRows(name, f, size)
}

// maxRowsPerByte bounds what a footer may claim, so that a damaged one does
// not make a reader reserve memory for rows that cannot be there: sequence
// numbers do not compress better than this.
const maxRowsPerByte = 1000

// checkRows checks what the footer says of rows for consistency.
func checkRows(name string, f *parquet.File, size int64) error {
	var rows int64
	for _, group := range f.RowGroups() {
		n := group.NumRows()
		if rows += n; n < 0 || rows < 0 || rows > size*maxRowsPerByte {
			return corrupt(name, "it claims %d rows in %d bytes", rows, size)
		}
	}
	if rows != f.NumRows() {
		return corrupt(name, "it claims %d rows and has row groups with %d", f.NumRows(), rows)
	}
	return nil
}

// Close closes the file.
func (t *table) Close() error { return t.file.Close() }

// replaces is the SHA-256 of the file that this one replaced, or empty.
func (t *table) replaces() string {
	sha, _ := t.Lookup(replacesKey)
	return sha
}

// readBatch is how many rows are read at once.
const readBatch = 4096

// readRows calls f with all rows in batches, which f must not keep.
func readRows[R any](ctx context.Context, t *table, f func([]R) error) error {
	return guard(t.name, func() error {
		if err := checkKinds(t.name, t.Schema(), parquet.SchemaOf(new(R))); err != nil {
			return err
		}
		if err := t.checkPages(); err != nil {
			return err
		}
		reader := parquet.NewGenericReader[R](t.File)
		defer reader.Close()
		want, rows := columnsOf(reader.Schema()), make([]parquet.Row, min(readBatch, t.NumRows()))
		batch := make([]R, len(rows))
		// Never ask for more rows than are left: the reader looks for each
		// missing one in each column.
		for left := t.NumRows(); left > 0; {
			n, err := reader.ReadRows(rows[:min(readBatch, left)])
			if err != nil && !errors.Is(err, io.EOF) {
				return corrupt(t.name, "%v", err)
			}
			if n == 0 {
				return corrupt(t.name, "%d rows of %d are missing", left, t.NumRows())
			}
			for i, row := range rows[:n] {
				err := want.check(row)
				if err == nil {
					err = reader.Schema().Reconstruct(&batch[i], row)
				}
				if err != nil {
					return corrupt(t.name, "row %d: %v", t.NumRows()-left+int64(i), err)
				}
			}
			if err := errors.Join(f(batch[:n]), ctx.Err()); err != nil {
				return err
			}
			left -= int64(n)
			clear(batch[:n])
		}
		return nil
	})
}

// checkKinds checks that the columns to be read are of the kinds that the file
// says they are: the decoder takes numbers for addresses where a damaged schema
// calls them strings, or the other way round.
func checkKinds(name string, have, want *parquet.Schema) error {
	for _, path := range want.Columns() {
		wanted, _ := want.Lookup(path...)
		found, ok := have.Lookup(path...)
		if ok && found.Node.Type().Kind() != wanted.Node.Type().Kind() {
			return corrupt(name, "column %s holds %v, want %v", strings.Join(path, "."), found.Node.Type(), wanted.Node.Type())
		}
	}
	return nil
}

// columns are those of a schema, in order.
type columns []struct {
	kind     parquet.Kind
	repeated bool
}

func columnsOf(schema *parquet.Schema) columns {
	paths := schema.Columns()
	c := make(columns, len(paths))
	for i, path := range paths {
		leaf, _ := schema.Lookup(path...)
		c[i].kind, c[i].repeated = leaf.Node.Type().Kind(), leaf.MaxRepetitionLevel > 0
	}
	return c
}

// check checks that a row has values of every column. Where a damaged page has
// fewer than it should, the decoder goes on without them, and those of the next
// column, of whatever kind, would take their place.
func (c columns) check(row parquet.Row) error {
	next := 0
	for _, value := range row {
		column := value.Column()
		switch {
		case column == next && next < len(c):
			next++
		case column != next-1 || !c[column].repeated:
			return fmt.Errorf("column %d has a value where one of column %d should be", column, next)
		}
		if !value.IsNull() && value.Kind() != c[column].kind {
			return fmt.Errorf("column %d has a value of kind %v, want %v", column, value.Kind(), c[column].kind)
		}
	}
	if next < len(c) {
		return fmt.Errorf("it has no value of column %d", next)
	}
	return nil
}

// guard runs f, which reads bytes from outside, and turns a panic of the
// decoder over them into an [ErrCorrupt].
func guard(name string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = corrupt(name, "the decoder gave up: %v", p)
		}
	}()
	return f()
}
