package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"valse/internal/disk"
)

// CopyTo implements [store.Copier]: one transaction that reads everything, while
// others write on. The copy is read to its end before it counts as one. Whoever
// holds a lease of the store holds none of the copy.
func (s *Store) CopyTo(ctx context.Context, folder string) error {
	to := filepath.Join(folder, filepath.Base(s.path))
	err := on(s.path, s.options, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, "VACUUM INTO ?", to)
		return err
	})
	if err == nil {
		err = on(to, s.options, func(db *sql.DB) error {
			if _, err := db.ExecContext(ctx, "UPDATE leases SET expires = 0"); err != nil {
				return err
			}
			return check(ctx, db)
		})
	}
	if err == nil {
		err = syncFile(to)
	}
	if err != nil {
		return fmt.Errorf("copy store %s to %s: %w", s.path, to, errors.Join(explain(err), os.RemoveAll(to)))
	}
	return disk.OS{}.SyncDir(folder)
}

// check reads all of a file and compares its indices with its tables.
func check(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return errors.New(found)
	}
	return nil
}

// on calls f with connections to a file that are closed afterwards.
func on(path string, options Options, f func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", dsn(path, options))
	if err != nil {
		return err
	}
	return disk.CloseAfter(db, f(db))
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return disk.CloseAfter(file, file.Sync())
}
