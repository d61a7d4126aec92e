package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"valse/internal/live"
	"valse/internal/lru"
	"valse/internal/pipeline"
	"valse/store"
)

// Config is what the API stands on. Store, Live, Pipeline, Sessions and Uploads
// are required.
type Config struct {
	Store    store.Store
	Live     *live.Service
	Pipeline *pipeline.Pipeline
	Sessions Sessions
	Uploads  Uploads
	// Partition is the name of the data set.
	Partition string
	// Demo lets anyone sign in as any user.
	Demo   bool
	Limits Limits
	// Introspection is who may ask about the schema.
	Introspection Access
	// Known, when not nil, are the only documents that are accepted.
	Known *Known
	// Throttle bounds how many queries and mutations run at a time; nil does
	// not.
	Throttle func(http.Handler) http.Handler
	// Observer, when not nil, is told how the API is used.
	Observer Observer
	// Clock tells the time; default time.Now.
	Clock func() time.Time
	// Logger takes errors that callers see as INTERNAL only; default
	// slog.Default().
	Logger *slog.Logger
}

// Uploads finds files that were uploaded before.
type Uploads interface {
	// Upload tells name and place of an upload. store.ErrNotFound.
	Upload(ctx context.Context, id string) (pipeline.ImportFile, error)
}

func (c Config) withDefaults() Config {
	c.Limits = c.Limits.WithDefaults()
	if c.Throttle == nil {
		c.Throttle = func(next http.Handler) http.Handler { return next }
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Resolver is the root of all resolvers.
type Resolver struct {
	Config
	seen *lru.Cache[string, seenProduct] // products read a moment ago
}
