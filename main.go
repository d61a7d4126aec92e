// Command valse is a recommendation system in one binary: a GraphQL API, an
// ALS engine, a shop and a studio. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"valse/internal/cli"
	"valse/store"
	"valse/store/journal"
	"valse/store/redis"
	"valse/store/sqlite"
)

// version is set by the build.
var version = "devel"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Env{
		Stdout: os.Stdout, Stderr: os.Stderr,
		OpenStore: openStore, RemovePartition: removePartition, Version: version,
	})
	stop()
	os.Exit(code)
}

// openStore opens the store that an address names.
func openStore(ctx context.Context, address, partition string, o cli.StoreOptions) (store.Store, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			break // not the folder one happens to be in
		}
		return sqlite.Open(ctx, rest, partition, sqlite.Options{})
	case "redis", "rediss", "unix":
		return openRedis(ctx, address, partition, o)
	}
	return nil, fmt.Errorf("store %q: %w: want sqlite:DIR or redis://HOST:PORT/DB", address, store.ErrInvalid)
}

// openRedis opens a Redis store behind a journal, which without a folder puts
// back what Redis lost and nothing else.
func openRedis(ctx context.Context, address, partition string, o cli.StoreOptions) (store.Store, error) {
	options := journal.Options{Archive: o.Archive, Logger: o.Logger}
	gate := "direct"
	if o.Journal != "" {
		place, err := journal.Take(filepath.Join(o.Journal, partition, serverName(address)))
		if err != nil {
			return nil, fmt.Errorf("open journal: %w", err)
		}
		options.Place, gate = place, place.ID
	}
	backend, err := redis.Open(ctx, address, partition, redis.Options{Gate: gate, Logger: o.Logger})
	if err != nil {
		return nil, errors.Join(err, options.Place.Release())
	}
	return journal.Open(ctx, backend, options)
}

// removePartition removes a partition of a Redis server.
func removePartition(ctx context.Context, address, partition string) error {
	st, err := redis.Open(ctx, address, partition, redis.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(st.Clear(ctx), st.Close())
}

// serverName makes a folder's name of an address, without user and password:
// what was meant for one server is never sent to another.
func serverName(address string) string {
	if u, err := url.Parse(address); err == nil {
		address = u.Host + u.Path
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune("/:?&=", r) {
			return '-'
		}
		return r
	}, address), "-.")
}
