// Command valse is a recommendation system in one binary: a GraphQL API, an
// ALS engine, a shop and a studio. See README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"valse/internal/cli"
	"valse/store"
	"valse/store/redis"
	"valse/store/sqlite"
)

// version is set by the build.
var version = "devel"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Env{
		Stdout: os.Stdout, Stderr: os.Stderr,
		OpenStore: openStore, Version: version,
	})
	stop()
	os.Exit(code)
}

// openStore opens the store that an address names.
func openStore(ctx context.Context, address, partition string) (store.Store, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		return sqlite.Open(ctx, rest, partition, sqlite.Options{})
	case "redis", "rediss", "unix":
		return redis.Open(ctx, address, partition, redis.Options{})
	}
	return nil, fmt.Errorf("store %q: %w: want sqlite:DIR or redis://HOST:PORT/DB", address, store.ErrInvalid)
}
