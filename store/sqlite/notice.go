package sqlite

import (
	"context"

	"valse/store"
)

// Watch returns a channel of notices, closed when ctx ends or the store is
// closed. Of changes by other processes it hears catalogue and model ones, up
// to a second late.
func (s *Store) Watch(ctx context.Context) (<-chan store.Notice, error) {
	return s.bell.Watch(ctx)
}

// state is what the writer compares to find changes by other processes.
type state struct {
	data      int64 // SQLite's count of commits by other connections than this
	catalog   int64
	published int64
}

// look reads the state of the file.
func (w *writer) look() (state, error) {
	var now state
	err := w.stmts.get(background, []any{&now.data}, "PRAGMA data_version")
	if err == nil {
		err = w.stmts.get(background, []any{&now.catalog, &now.published},
			"SELECT (SELECT n FROM counters WHERE name = 'catalog'), (SELECT coalesce(max(seq), 0) FROM publications)")
	}
	return now, err
}

// listen rings for what other processes changed. What it cannot read now it
// finds at the next look.
func (w *writer) listen() {
	w.account(nil, false)
	var data int64
	if err := w.stmts.get(background, []any{&data}, "PRAGMA data_version"); err != nil || data == w.seen.data {
		return
	}
	now, err := w.look()
	if err != nil {
		return
	}
	var notices []store.Notice
	at := w.now().UTC()
	if now.catalog != w.seen.catalog {
		notices = append(notices, store.Notice{Kind: store.NoticeCatalog, At: at})
	}
	if now.published != w.seen.published {
		notices = append(notices, store.Notice{Kind: store.NoticeModel, At: at})
	}
	w.seen = now
	w.bell.Ring(notices...)
}
