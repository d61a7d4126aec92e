package journal

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"valse/internal/disk"
	"valse/store"
	"valse/store/internal/bell"
)

// Backend is a store that a journal can stand before. Its Append answers
// [store.ErrRestarted] unless it is armed.
type Backend interface {
	store.Store
	// Armed reports whether the server is the one that Arm was called for.
	Armed(ctx context.Context) (bool, error)
	// Arm allows appending to the server as it is.
	Arm(ctx context.Context) error
	// PutBack stores interactions of a shard at their old places, above its
	// end, and makes it end at least at end.
	PutBack(ctx context.Context, shard int, rows []store.Interaction, end int64) error
	// RaiseVersions makes the versions of catalogue and users at least these.
	RaiseVersions(ctx context.Context, catalog, users int64) error
}

// Archive is where a backend's log is copied to: the warehouse.
type Archive interface {
	// Positions returns the last sequence number held of each shard.
	Positions(ctx context.Context) (map[int]int64, error)
	// ReadLog calls f with the rows of a shard above a number, in order.
	ReadLog(ctx context.Context, shard int, after int64, f func([]store.Interaction) error) error
	// ProductsVersion and UsersVersion are those of the newest tables, or
	// [store.ErrNotFound]; EachProduct and EachUser read them.
	ProductsVersion() (int64, error)
	EachProduct(ctx context.Context, version int64, f func([]store.Product) error) error
	UsersVersion() (int64, error)
	EachUser(ctx context.Context, version int64, f func([]store.User) error) error
}

// Options tune a [Store]. The zero value works, without a log and an archive.
type Options struct {
	// Place holds the log; nil for none.
	Place *Place
	// Archive has what was transported; nil for none.
	Archive Archive
	// Patience is how long an append waits for the backend before it is
	// answered as accepted; default 1 s.
	Patience time.Duration
	// ReadTimeout is how long a read waits for the backend; default 2 s.
	ReadTimeout time.Duration
	// ApplyTimeout is how long the backend may take for what is handed to it in
	// one call before it counts as away; default 5 s.
	ApplyTimeout time.Duration
	// Arrival is for how long Open tries to bring a backend up to date; default
	// 30 s.
	Arrival time.Duration
	// Every is the pause between two looks at the backend; default 250 ms.
	Every time.Duration
	// TidyEvery is the pause between two trims; default 10 s.
	TidyEvery time.Duration
	// Logger takes what no caller waits for; default slog.Default().
	Logger *slog.Logger
}

// Store is a backend with a journal before it.
type Store struct {
	Backend
	o       Options
	log     *log // nil without a place
	control *control
	tail    *tail
	shelf   shelf
	bell    *bell.Bell

	away    atomic.Pointer[awayError] // why the backend is not asked; nil when it is
	nearly  atomic.Bool               // the backend will have everything in a moment: worth waiting for
	broken  atomic.Pointer[awayError] // why the log does not take anything
	queue   chan *request
	groups  chan *group
	written chan struct{} // closed when the writer has ended
	suspect chan struct{} // wakes the applier to look at the backend

	closing context.Context
	close   context.CancelFunc
	closed  sync.Once
	work    sync.WaitGroup
	applier *applier
}

var _ store.Store = (*Store)(nil)

// awayError is an error behind an atomic pointer.
type awayError struct{ error }

// Open puts a journal before a backend, which it owns from then on, and brings
// the backend up to date.
func Open(ctx context.Context, backend Backend, o Options) (*Store, error) {
	o.Patience = cmp.Or(o.Patience, time.Second)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, 2*time.Second)
	o.ApplyTimeout = cmp.Or(o.ApplyTimeout, 5*time.Second)
	o.Arrival = cmp.Or(o.Arrival, 30*time.Second)
	o.Every = cmp.Or(o.Every, 250*time.Millisecond)
	o.TidyEvery = cmp.Or(o.TidyEvery, 10*time.Second)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	s := &Store{
		Backend: backend, o: o, tail: newTail(tailLength), bell: bell.New(),
		queue: make(chan *request, 1024), groups: make(chan *group, 64),
		written: make(chan struct{}), suspect: make(chan struct{}, 1),
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.applier = &applier{Store: s, waiting: map[uint64]*group{}, gone: map[string]bool{}, piece: fullGroup, tasks: make(chan func()), name: rand.Text()}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open journal: %w", err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	var files disk.FS = disk.OS{}
	folder := ""
	if p := s.o.Place; p != nil {
		files, folder = p.fs, p.folder
		if s.log, err = openLog(files, folder); err != nil {
			return err
		}
		s.logDamage(s.log)
	}
	if s.control, err = openControl(files, folder); err != nil {
		return err
	}
	notices, err := s.Backend.Watch(s.closing)
	if err != nil {
		return err
	}
	s.work.Go(func() { s.forward(notices) })
	if s.log == nil {
		if err := s.arrive(ctx); err != nil {
			return err
		}
		s.work.Go(s.applier.run)
		return nil
	}
	if err := s.applier.load(); err != nil {
		return err
	}
	if err := s.arrive(ctx); err != nil {
		return err
	}
	s.work.Go(s.writeGroups)
	s.work.Go(s.applier.run)
	s.work.Go(s.adoptOthers)
	return nil
}

// logDamage tells what is not as it was written.
func (s *Store) logDamage(l *log) {
	for _, damage := range l.damage {
		s.o.Logger.Error("a segment of the journal is damaged: what is whole of it was kept", "folder", l.folder, "damage", damage)
	}
}

// arrive brings the backend up to date for the first time, and tries again for a
// while where it is slow.
func (s *Store) arrive(ctx context.Context) error {
	for end := time.Now().Add(s.o.Arrival); ; time.Sleep(s.o.Every) {
		s.applier.recover(ctx)
		if why := s.away.Load(); why == nil {
			return nil
		} else if time.Now().After(end) || ctx.Err() != nil {
			return why.error
		}
	}
}

// Durability says what an acknowledged interaction survives, as things stand.
func (s *Store) Durability() string {
	if s.log == nil {
		return s.Backend.Durability()
	}
	switch away, broken := s.away.Load(), s.broken.Load(); {
	case broken != nil:
		return "refused: the journal on this machine cannot be written (" + broken.Error() + ")"
	case away != nil:
		return "on this machine's disk when acknowledged (journal); redis is away and gets it later"
	case len(s.log.damage) > 0:
		return "on this machine's disk when acknowledged (journal); of an earlier time it is damaged: " + s.log.damage[0]
	}
	return "on this machine's disk when acknowledged (journal), and in redis"
}

// Away says why the backend is not asked at present; nil when it is.
func (s *Store) Away() error {
	if why := s.away.Load(); why != nil {
		return why
	}
	return nil
}

// Ping reports whether the store can keep its promise: with a log, whether that
// can be written; the backend may be away.
func (s *Store) Ping(ctx context.Context) error {
	if s.log == nil {
		return s.Backend.Ping(ctx)
	}
	if s.closing.Err() != nil {
		return errClosed
	}
	if broken := s.broken.Load(); broken != nil {
		return broken
	}
	return nil
}

// Close writes and applies what was accepted, as far as the backend answers,
// and closes log and backend.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		s.close()
		s.work.Wait()
		if s.log != nil {
			err = errors.Join(s.applier.save(), s.log.close())
		}
		s.bell.Close()
		err = errors.Join(err, s.Backend.Close(), s.o.Place.Release())
	})
	return err
}

// lost marks the backend as away.
func (s *Store) lost(why error) {
	if s.away.CompareAndSwap(nil, &awayError{why}) {
		s.o.Logger.Warn("the store does not answer", "error", why)
	}
	select {
	case s.suspect <- struct{}{}:
	default:
	}
}
