package sqlite

import (
	"context"
	"errors"
	"fmt"

	"valse/store"
)

const publicationColumns = "seq, model, previous, token, time, note"

func scanPublication(row scanner) (store.Publication, error) {
	var p store.Publication
	var at int64
	err := row.Scan(&p.Seq, &p.ModelID, &p.Previous, &p.Token, &at, &p.Note)
	p.Time = timeOf(at)
	return p, err
}

// Publish flips the pointer; see [store.Serving].
func (s *Store) Publish(ctx context.Context, p store.Publication) (store.Publication, error) {
	err := s.write(ctx, func(t *tx) (err error) {
		p, err = t.publish(p)
		return err
	})
	if err != nil {
		return store.Publication{}, fmt.Errorf("publish model %q: %w", p.ModelID, err)
	}
	return p, nil
}

func (t *tx) publish(p store.Publication) (store.Publication, error) {
	var token int64
	err := t.get([]any{&token}, "SELECT coalesce(max(token), 0) FROM leases WHERE name = ?", store.PublishLease)
	if err != nil {
		return p, err
	}
	if p.Token < token {
		return p, fmt.Errorf("token %d of %d: %w", p.Token, token, store.ErrFenced)
	}
	p.Seq, p.Previous = 0, ""
	err = t.get([]any{&p.Seq, &p.Previous}, "SELECT seq, model FROM publications ORDER BY seq DESC LIMIT 1")
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	if p.Seq > 0 && p.Previous == p.ModelID {
		return p, fmt.Errorf("published already: %w", store.ErrConflict)
	}
	p.Seq++
	if p.Time.IsZero() {
		p.Time = t.now
	}
	p.Time = timeOf(micros(p.Time))
	_, err = t.exec("INSERT INTO publications ("+publicationColumns+") VALUES (?, ?, ?, ?, ?, ?)",
		p.Seq, p.ModelID, p.Previous, p.Token, micros(p.Time), p.Note)
	t.ring(store.NoticeModel, "")
	return p, err
}

// Published returns the newest publication.
func (s *Store) Published(ctx context.Context) (store.Publication, error) {
	newest, err := s.Publications(ctx, 1)
	if err != nil {
		return store.Publication{}, err
	}
	if len(newest) == 0 {
		return store.Publication{}, fmt.Errorf("published model: %w", store.ErrNotFound)
	}
	return newest[0], nil
}

// Publications returns the newest publications first.
func (s *Store) Publications(ctx context.Context, limit int) ([]store.Publication, error) {
	if limit <= 0 {
		return nil, nil
	}
	all, err := list(ctx, s.read, scanPublication,
		"SELECT "+publicationColumns+" FROM publications ORDER BY seq DESC LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("read publications: %w", err)
	}
	return all, nil
}
