package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"valse/store"
)

// Options tune a [Store]. The zero value works.
type Options struct {
	// Now is the clock that stamps records; time.Now when nil. Leases go by
	// the server's clock.
	Now func() time.Time
	// Logger takes warnings about the server's settings; slog.Default when nil.
	Logger *slog.Logger
	// PoolSize is the most connections held; 0 means ten per processor.
	PoolSize int
	// Gate, when not empty, makes the store refuse to append, with
	// [store.ErrRestarted], to a server that [Store.Arm] was not called for
	// under this name since it started: it may have lost what it had
	// acknowledged.
	Gate string
}

// Store is a [store.Store] on a Redis server. It is safe for concurrent use,
// also by several processes.
type Store struct {
	keyspace
	client     goredis.UniversalClient
	now        func() time.Time
	durability string
	append     *script
	gated      bool
	ends       [numShards]atomic.Int64 // last sequence numbers seen, when gated
	epoch      atomic.Int64

	closing  context.Context // ends when Close begins
	close    context.CancelFunc
	watchers sync.WaitGroup
}

var _ store.Store = (*Store)(nil)

// Open connects to the server at rawURL and opens a partition of it:
// redis://[user:password@]host:port/db, rediss:// for TLS, or
// unix:///path/to/socket?db=0. Further cluster nodes as addr parameters
// (redis://a:6379?addr=b:6379) make it a cluster client. It reads the server's
// settings once and warns where an acknowledged write may be lost.
func Open(ctx context.Context, rawURL, partition string, opts Options) (*Store, error) {
	keys, err := newKeyspace(partition)
	if err != nil {
		return nil, err
	}
	client, err := dial(rawURL, opts)
	if err != nil {
		return nil, fmt.Errorf("open redis store: %w", err)
	}
	s := &Store{keyspace: keys, client: client, now: opts.Now, append: appendScript}
	if s.gated = opts.Gate != ""; s.gated {
		s.append = gateScript(opts.Gate)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.closing, s.close = context.WithCancel(context.Background())
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open redis store: %w", err), s.Close())
	}
	promise := readPersistence(ctx, client)
	s.durability = promise.String()
	if log := opts.Logger; !promise.durable() && !s.gated {
		if log == nil {
			log = slog.Default()
		}
		log.Warn("redis may lose acknowledged writes", "durability", s.durability)
	}
	return s, nil
}

// dial builds the one client, and with it the one pool, of a store. The
// client's own retries are off: they would send writes twice.
func dial(rawURL string, opts Options) (goredis.UniversalClient, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("the address is not a URL") // url.Error would repeat the password
	}
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	if u.Query().Has("addr") {
		o, err := goredis.ParseClusterURL(rawURL)
		if err != nil {
			return nil, err
		}
		o.ContextTimeoutEnabled, o.MaxRetries, o.PipelinePoolSize, o.DialerRetries = true, -1, -1, 1
		o.MaintNotificationsConfig, o.PoolSize = quiet, max(o.PoolSize, opts.PoolSize)
		return goredis.NewClusterClient(o), nil
	}
	o, err := goredis.ParseURL(rawURL)
	if err != nil {
		return nil, err
	}
	o.ContextTimeoutEnabled, o.MaxRetries, o.PipelinePoolSize, o.DialerRetries = true, -1, -1, 1
	o.MaintNotificationsConfig, o.PoolSize = quiet, max(o.PoolSize, opts.PoolSize)
	if o.ReadTimeout == 0 {
		o.ReadTimeout = 10 * time.Second // a full batch under fsync on a busy disk
	}
	return goredis.NewClient(o), nil
}

// Ping reports whether the server answers.
func (s *Store) Ping(ctx context.Context) error {
	return translate("ping", s.client.Ping(ctx).Err())
}

// Durability says what an acknowledged write survives, by the server's
// settings as they were when the store was opened.
func (s *Store) Durability() string { return s.durability }

// Close ends all watches and closes every connection.
func (s *Store) Close() error {
	s.close()
	s.watchers.Wait()
	return s.client.Close()
}

// translate names what was being done and turns the client's "nil" into
// [store.ErrNotFound].
func translate(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, goredis.Nil):
		return fmt.Errorf("redis: %s: %w", doing, store.ErrNotFound)
	case goredis.HasErrorPrefix(err, "NOSCRIPT"), goredis.HasErrorPrefix(err, "LOST"):
		return fmt.Errorf("redis: %s: %w: %w", doing, store.ErrRestarted, err)
	}
	return fmt.Errorf("redis: %s: %w", doing, err)
}
