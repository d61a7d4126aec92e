package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"valse/internal/disk"
	"valse/store"
)

// The folders of versioned tables, which are also the prefixes of their files.
const (
	productsTable = "products"
	usersTable    = "users"
)

// versionName is the path of one version of a table. The version is padded so
// that names sort like versions.
func versionName(table string, version int64) string {
	return fmt.Sprintf("%s/%s-%012d.parquet", table, table, version)
}

// parseVersionName is the inverse of versionName; ok is false for anything
// else.
func parseVersionName(name string) (table string, version int64, ok bool) {
	table, file, _ := strings.Cut(name, "/")
	text := strings.TrimSuffix(strings.TrimPrefix(file, table+"-"), ".parquet")
	version, err := strconv.ParseInt(text, 10, 64)
	known := table == productsTable || table == usersTable
	return table, version, err == nil && version >= 0 && known && versionName(table, version) == name
}

// versions lists the versions of a table that there are, oldest first.
func (w *Warehouse) versions(table string) ([]int64, error) {
	names, err := w.names(table)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", table, err)
	}
	var versions []int64
	for _, name := range names {
		if _, version, ok := parseVersionName(table + "/" + name); ok {
			versions = append(versions, version)
		}
	}
	slices.Sort(versions)
	return versions, nil
}

// latest is the newest version of a table. store.ErrNotFound when there is none.
func (w *Warehouse) latest(table string) (int64, error) {
	versions, err := w.versions(table)
	if err != nil {
		return 0, err
	}
	if len(versions) == 0 {
		return 0, fmt.Errorf("%s of %s: %w", table, w.dir, store.ErrNotFound)
	}
	return versions[len(versions)-1], nil
}

// PutProducts writes the products that each hands over in batches as the
// table of a version, like that of the catalogue; each has the shape of
// store.Catalog's EachProduct. The newest version is the one that counts;
// older ones that no snapshot names are removed. Writing a version again
// changes nothing.
func (w *Warehouse) PutProducts(ctx context.Context, version int64, each func(func([]store.Product) error) error) error {
	return putVersion(ctx, w, productsTable, version, converted(each, newProductRow))
}

// PutUsers is PutProducts for users.
func (w *Warehouse) PutUsers(ctx context.Context, version int64, each func(func([]store.User) error) error) error {
	return putVersion(ctx, w, usersTable, version, converted(each, newUserRow))
}

// ProductsVersion is the newest version of the products table.
// store.ErrNotFound when there is none.
func (w *Warehouse) ProductsVersion() (int64, error) { return w.latest(productsTable) }

// UsersVersion is the newest version of the users table. store.ErrNotFound
// when there is none.
func (w *Warehouse) UsersVersion() (int64, error) { return w.latest(usersTable) }

// EachProduct calls f with the products of a version, in batches that f must
// not keep. store.ErrNotFound.
func (w *Warehouse) EachProduct(ctx context.Context, version int64, f func([]store.Product) error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return readAll(ctx, w, versionName(productsTable, version), (*productRow).product, f)
}

// EachUser is EachProduct for users.
func (w *Warehouse) EachUser(ctx context.Context, version int64, f func([]store.User) error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return readAll(ctx, w, versionName(usersTable, version), (*userRow).user, f)
}

// converted turns batches of domain values into batches of rows.
func converted[V, R any](each func(func([]V) error) error, convert func(*V) R) rows[R] {
	return func(put func([]R) error) error {
		var batch []R
		return each(func(values []V) error {
			batch = batch[:0]
			for i := range values {
				batch = append(batch, convert(&values[i]))
			}
			return put(batch)
		})
	}
}

func putVersion[R any](ctx context.Context, w *Warehouse, table string, version int64, each rows[R]) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if version < 0 {
		return &store.Invalid{Field: "version", Value: strconv.FormatInt(version, 10), Want: "a number from 0"}
	}
	_, err := w.create(ctx, w.path(versionName(table, version)), func(to io.Writer) (int64, error) {
		return writeRows(to, each, nil)
	})
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	return w.dropVersions(table)
}

// dropVersions removes the versions of a table that are neither the newest
// nor named by a snapshot.
func (w *Warehouse) dropVersions(table string) error {
	versions, err := w.versions(table)
	if err != nil {
		return err
	}
	snapshots, err := w.snapshots()
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, s := range snapshots {
		for _, t := range s.Tables {
			named[t.Name] = true
		}
	}
	for _, version := range versions[:max(len(versions)-1, 0)] {
		name := versionName(table, version)
		if named[name] {
			continue
		}
		if err := w.fs.RemoveAll(w.path(name)); err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	return nil
}

// readAll reads a table of rows R as domain values V.
func readAll[R, V any](ctx context.Context, w *Warehouse, name string, convert func(*R) V, f func([]V) error) error {
	t, err := w.openTable(name)
	if err != nil {
		return err
	}
	if _, err = t.sum(); err == nil {
		err = readConverted(ctx, t, convert, f)
	}
	return disk.CloseAfter(t, err)
}

func readConverted[R, V any](ctx context.Context, t *table, convert func(*R) V, f func([]V) error) error {
	var values []V
	return readRows(ctx, t, func(batch []R) error {
		values = values[:0]
		for i := range batch {
			values = append(values, convert(&batch[i]))
		}
		return f(values)
	})
}
