package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"valse/store"
	"valse/store/internal/bell"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are settings of a store. The zero value works.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// BusyTimeout is how long to wait for another process that writes; 0
	// means 20 s.
	BusyTimeout time.Duration
	// Readers is how many reads run at once; 0 means twice the processors, at
	// least 4.
	Readers int
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 20 * time.Second
	}
	if o.Readers == 0 {
		o.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	return o
}

// Store keeps one partition in one SQLite file. It is safe for concurrent use.
type Store struct {
	path    string
	options Options
	reader  *sql.DB
	read    *statements
	writer  *writer
	bell    *bell.Bell
}

var (
	_ store.Store  = (*Store)(nil)
	_ store.Copier = (*Store)(nil)
)

// partitionName is what may become a file name on any system.
var partitionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// Open opens the partition's file under dir, making both when they are not
// there and bringing the schema up to date. It finishes erasures that a crash
// interrupted. The error says so when the file is held by another process or
// is damaged.
func Open(ctx context.Context, dir, partition string, options Options) (*Store, error) {
	if !partitionName.MatchString(partition) {
		return nil, &store.Invalid{Field: "partition", Value: partition, Want: "1 to 100 letters, digits, dots, dashes and underscores"}
	}
	path, err := filepath.Abs(filepath.Join(dir, partition+".db"))
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s, err := open(ctx, path, options.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string, options Options) (*Store, error) {
	// Where there is no fdatasync, commits use fsync: slower and as durable.
	sqlite.Fdatasync(true)
	db, err := sql.Open("sqlite", dsn(path, options, "cache_size(-65536)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	reader, err := sql.Open("sqlite", dsn(path, options, "cache_size(-16384)", "query_only(1)"))
	if err != nil {
		db.Close()
		return nil, err
	}
	reader.SetMaxOpenConns(options.Readers)
	reader.SetMaxIdleConns(options.Readers)
	s := &Store{path: path, options: options, reader: reader, read: newStatements(reader), bell: bell.New()}
	if s.writer, err = startWriter(ctx, db, path, s.bell, options.Now); err != nil {
		reader.Close()
		db.Close()
		return nil, err
	}
	if err := s.finishErasures(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// dsn names the file and the settings of each connection to it. Transactions
// that the library begins take the write lock at once, so that two processes
// cannot both decide on the same state.
func dsn(path string, options Options, pragmas ...string) string {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", options.BusyTimeout.Milliseconds()),
		"journal_mode(wal)", "synchronous(full)", "temp_store(memory)",
	}, pragmas...)}
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query.Encode()
}

// migrate brings the schema up to date. When another process does the same at
// the same time, one of the two finds a step done that it meant to do: it looks
// again.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	before := int64(-1)
	for {
		_, upErr := provider.Up(ctx)
		if upErr == nil {
			return nil
		}
		now, err := provider.GetDBVersion(ctx)
		if err != nil || now <= before {
			return fmt.Errorf("migrate: %w", upErr)
		}
		before = now
	}
}

// Durability says what an acknowledged write survives.
func (s *Store) Durability() string {
	return "every acknowledged write survives a crash and a power cut (SQLite WAL, synchronous=FULL)"
}

// Ping reports whether the file can be read.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.counter(ctx, "log")
	return err
}

// Close ends the writer after the group it is writing, closes every channel of
// notices and all connections. Closing again does nothing.
func (s *Store) Close() error {
	s.writer.close()
	s.bell.Close()
	err := s.reader.Close()
	if werr := s.writer.db.Close(); err == nil {
		err = werr
	}
	return err
}
