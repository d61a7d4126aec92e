package sqlite

import (
	"context"
	"sync"

	"valse/store"
)

// maxBehind is how many notices wait for a reader before the oldest are lost.
const maxBehind = 1_024

// bell hands notices to everyone who watches.
type bell struct {
	mu       sync.Mutex
	watchers map[chan store.Notice]struct{}
	closed   bool
}

func newBell() *bell { return &bell{watchers: map[chan store.Notice]struct{}{}} }

// ring never waits: it drops the oldest notice of a watcher that is full.
func (b *bell) ring(notices []store.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.watchers {
		for _, n := range notices {
			for sent := false; !sent; {
				select {
				case c <- n:
					sent = true
				default:
					select {
					case <-c:
					default:
					}
				}
			}
		}
	}
}

func (b *bell) watch() (chan store.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	c := make(chan store.Notice, maxBehind)
	b.watchers[c] = struct{}{}
	return c, nil
}

func (b *bell) leave(c chan store.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, watching := b.watchers[c]; watching {
		delete(b.watchers, c)
		close(c)
	}
}

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for c := range b.watchers {
		close(c)
	}
	clear(b.watchers)
}

// Watch returns a channel of notices, closed when ctx ends or the store is
// closed. Of changes by other processes it hears catalogue and model ones, up
// to a second late.
func (s *Store) Watch(ctx context.Context) (<-chan store.Notice, error) {
	c, err := s.bell.watch()
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { s.bell.leave(c) })
	return c, nil
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
	w.bell.ring(notices)
}
