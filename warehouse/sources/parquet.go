package sources

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"valse/store"
	"valse/warehouse"
)

// Parquet reads tables with the columns of a warehouse: a partition's folder,
// or files by name.
type Parquet struct{}

// Name implements [Source].
func (Parquet) Name() string { return "parquet" }

// Describe implements [Source].
func (Parquet) Describe() string {
	return "a partition of a warehouse (interactions/, products/, users/), or Parquet files with the same columns"
}

// Open implements [Source].
func (Parquet) Open(in Input) (Reader, error) {
	if info, err := os.Stat(in.Path); err == nil && info.IsDir() {
		return openPartition(in)
	}
	in, err := layout{interactions: []string{"interactions.parquet"}}.place(in)
	if err != nil {
		return nil, err
	}
	return parquetReader{list(in.Products), list(in.Users), list(in.Interactions)}, nil
}

// openPartition finds the files below a folder. Of products and users the
// newest version counts, which is the last by name.
func openPartition(in Input) (Reader, error) {
	r := parquetReader{list(in.Products), list(in.Users), list(in.Interactions)}
	for _, table := range []struct {
		name   string
		files  *[]string
		newest bool
	}{{"products", &r.products, true}, {"users", &r.users, true}, {"interactions", &r.interactions, false}} {
		if len(*table.files) > 0 {
			continue
		}
		found, err := findParquet(in.Path, table.name)
		if err != nil {
			return nil, err
		}
		if table.newest && len(found) > 1 {
			found = found[len(found)-1:]
		}
		*table.files = found
	}
	if len(r.Files()) == 0 {
		return nil, &store.Invalid{Field: "path", Value: in.Path, Want: "a folder with interactions/, products/ or users/ or such .parquet files"}
	}
	return r, nil
}

// findParquet lists folder/table.parquet and the files below folder/table, by
// name.
func findParquet(folder, table string) ([]string, error) {
	if file := filepath.Join(folder, table+".parquet"); find(folder, []string{table + ".parquet"}) == file {
		return list(file), nil
	}
	var found []string
	err := filepath.WalkDir(filepath.Join(folder, table), func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(name, ".parquet") {
			found = append(found, name)
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	return found, err
}

func list(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

type parquetReader struct{ products, users, interactions []string }

func (r parquetReader) Files() []string { return slices.Concat(r.products, r.users, r.interactions) }

func (r parquetReader) Read(ctx context.Context, pass *Pass) error {
	if err := readFiles(ctx, pass, r.products, warehouse.ReadProducts, pass.Product); err != nil {
		return err
	}
	if err := readFiles(ctx, pass, r.users, warehouse.ReadUsers, pass.User); err != nil {
		return err
	}
	return readFiles(ctx, pass, r.interactions, warehouse.ReadInteractions, pass.Interaction)
}

// readTable is how package warehouse reads a Parquet file.
type readTable[V any] func(ctx context.Context, name string, from io.ReaderAt, size int64, f func([]V) error) error

// readFiles hands the rows of files to take.
func readFiles[V any](ctx context.Context, pass *Pass, names []string, read readTable[V], take func(context.Context, Place, V) error) error {
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		at := Place{File: filepath.Base(name)}
		err = read(ctx, name, file, info.Size(), func(rows []V) error {
			for _, row := range rows {
				at.Line++
				if err := take(ctx, at, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		pass.progress.Bytes += info.Size()
	}
	return nil
}
