package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"time"

	"valse/store"
	"valse/store/internal/bell"
)

// Bounds of a group: enough to share one commit widely, not so much that those
// who wait for it notice.
const (
	maxGroup             = 1_024
	maxGroupInteractions = 20_000
)

// writer owns the one connection that writes.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts *statements
	bell  *bell.Bell
	now   func() time.Time

	queue chan *request
	quit  chan struct{} // closed by close
	ended chan struct{} // closed when run has returned
	once  sync.Once

	seen   state // as of the last look for changes by others
	tail   tail
	stamps *stamps
}

// request is one write that waits for its commit: an append or anything else.
type request struct {
	ctx      context.Context
	batch    []store.Interaction
	outcomes []store.Outcome
	do       func(t *tx) error
	err      error
	done     chan struct{}
}

// tx is the transaction of one group.
type tx struct {
	stmts   *statements
	now     time.Time
	notices []store.Notice      // rung after the commit
	log     []store.Interaction // added to the log
	lost    error               // set when the library has given up the transaction
}

// background is the context of statements in a transaction: once a group is
// being written, nobody's impatience may break it.
var background = context.Background()

func (t *tx) exec(query string, args ...any) (int64, error) {
	return t.stmts.exec(background, query, args...)
}

func (t *tx) get(dest []any, query string, args ...any) error {
	return t.stmts.get(background, dest, query, args...)
}

func (t *tx) each(f func(scanner) error, query string, args ...any) error {
	return t.stmts.each(background, f, query, args...)
}

func (t *tx) ring(kind store.NoticeKind, id string) {
	t.notices = append(t.notices, store.Notice{Kind: kind, ID: id, At: t.now})
}

func startWriter(ctx context.Context, db *sql.DB, path string, ring *bell.Bell, now func() time.Time) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		db: db, conn: conn, stmts: newStatements(conn), bell: ring, now: now,
		queue: make(chan *request, maxGroup), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	if w.seen, err = w.look(); err != nil {
		conn.Close()
		return nil, err
	}
	w.stamps = openStamps(path)
	w.account(nil, true)
	go w.run()
	return w, nil
}

// close ends the writer and waits until it has ended.
func (w *writer) close() {
	w.once.Do(func() {
		close(w.quit)
		<-w.ended
		w.conn.Close()
		w.stamps.close()
	})
	<-w.ended
}

// write runs do in a transaction and returns when that is durable, or when it
// failed and left nothing behind.
func (s *Store) write(ctx context.Context, do func(t *tx) error) error {
	return s.writer.submit(&request{ctx: ctx, do: do})
}

// submit queues a request and waits for its end. A request whose context ends
// while it is queued is not begun; one that has begun is waited for.
func (w *writer) submit(r *request) error {
	r.done = make(chan struct{})
	select {
	case <-w.quit:
		return errClosed
	default:
	}
	select {
	case w.queue <- r:
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case <-r.done:
		return r.err
	case <-w.ended:
	}
	select {
	case <-r.done:
		return r.err
	default:
		return errClosed
	}
}

func (w *writer) run() {
	defer close(w.ended)
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-w.quit:
			return
		case r := <-w.queue:
			runtime.Gosched() // those just answered may have more to write
			w.answer(w.gather(r))
		case <-look.C:
			w.listen()
		}
	}
}

// gather takes all that wait, up to the bounds of a group.
func (w *writer) gather(first *request) []*request {
	group, interactions := []*request{first}, len(first.batch)
	for len(group) < maxGroup && interactions < maxGroupInteractions {
		select {
		case r := <-w.queue:
			runtime.Gosched() // those just answered may have more to write
			group = append(group, r)
			interactions += len(r.batch)
		default:
			return group
		}
	}
	return group
}

// answer writes a group, rings for it and lets those who wait go on.
func (w *writer) answer(group []*request) {
	notices, err := w.commit(group)
	w.account(notices, err != nil)
	for _, r := range group {
		if err != nil && r.err == nil {
			r.err = err
		}
	}
	if err == nil {
		w.bell.Ring(notices...)
	}
	for _, r := range group {
		close(r.done)
	}
}

// commit runs a group in one transaction, each request with an error of its
// own; the error it returns is that of the transaction.
func (w *writer) commit(group []*request) ([]store.Notice, error) {
	if _, err := w.stmts.exec(background, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	t := &tx{stmts: w.stmts, now: w.now().UTC()}
	var appends []*request
	for _, r := range group {
		switch r.err = r.ctx.Err(); {
		case r.err != nil: // gave up while it waited
		case r.do == nil:
			appends = append(appends, r)
		default:
			r.err = t.try(func() error { return r.do(t) })
		}
	}
	if len(appends) > 0 {
		err := t.try(func() error { return t.appendAll(appends) })
		for _, r := range appends {
			r.err = err
		}
	}
	err := t.lost
	if err == nil {
		_, err = w.stmts.exec(background, "COMMIT")
	}
	if err != nil {
		w.stmts.exec(background, "ROLLBACK") // fails where the library has rolled back by itself
		return nil, fmt.Errorf("commit: %w", err)
	}
	w.tail.add(t.log)
	return t.notices, nil
}

// try runs one part of the group; when it fails, it leaves nothing behind. A
// full disk can make the library roll back all of the group: then none of it
// may go on, or it would be committed bit by bit.
func (t *tx) try(do func() error) error {
	if t.lost != nil {
		return t.lost
	}
	if _, err := t.exec("SAVEPOINT part"); err != nil {
		return err
	}
	rung, logged := len(t.notices), len(t.log)
	err := do()
	if err != nil {
		t.notices, t.log = t.notices[:rung], t.log[:logged]
		if _, undo := t.exec("ROLLBACK TO part"); undo != nil {
			t.lost = fmt.Errorf("the transaction was given up: %w", err)
			return t.lost
		}
	}
	if _, release := t.exec("RELEASE part"); err == nil {
		err = release
	}
	return err
}
