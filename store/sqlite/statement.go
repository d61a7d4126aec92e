package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// preparer is a connection or a pool of them.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// statements prepares each query once. Queries are few: what varies in length
// goes into one as a JSON array.
type statements struct {
	on preparer
	mu sync.RWMutex
	by map[string]*sql.Stmt
}

func newStatements(on preparer) *statements {
	return &statements{on: on, by: map[string]*sql.Stmt{}}
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt := s.by[query]
	s.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	stmt, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.40q: %w", query, explain(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := s.by[query]; first != nil { // another goroutine was quicker
		stmt.Close()
		return first, nil
	}
	s.by[query] = stmt
	return stmt, nil
}

// exec runs a statement and returns how many rows it changed.
func (s *statements) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, explain(err)
	}
	return result.RowsAffected()
}

// get reads one row into dest. store.ErrNotFound when there is none.
func (s *statements) get(ctx context.Context, dest []any, query string, args ...any) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return explain(stmt.QueryRowContext(ctx, args...).Scan(dest...))
}

// scanner is a row to read.
type scanner interface{ Scan(dest ...any) error }

// each calls f with every row.
func (s *statements) each(ctx context.Context, f func(scanner) error, query string, args ...any) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// list reads every row.
func list[T any](ctx context.Context, s *statements, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := s.each(ctx, func(row scanner) error {
		v, err := scan(row)
		all = append(all, v)
		return err
	}, query, args...)
	return all, err
}

// jsonArray packs values into one argument for json_each.
func jsonArray[T any](values []T) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic("sqlite: " + err.Error()) // strings and integers only
	}
	return string(text)
}

// micros is a time as stored; timeOf reads it.
func micros(t time.Time) int64  { return t.UnixMicro() }
func timeOf(us int64) time.Time { return time.UnixMicro(us).UTC() }
