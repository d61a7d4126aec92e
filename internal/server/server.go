package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"valse/frontend"
	"valse/graph"
	"valse/internal/live"
	"valse/internal/pipeline"
	"valse/store"
)

// Config is what a server stands on. Store, Live, Pipeline and DataDir are
// required.
type Config struct {
	Store    store.Store
	Live     *live.Service
	Pipeline *pipeline.Pipeline
	// DataDir is a folder of the server's own; uploads wait there.
	DataDir string
	// Partition names the data set; default "default".
	Partition string
	// Demo lets anyone sign in as any user and makes a new admin token at
	// each start.
	Demo bool
	// AdminToken replaces the token that opens the studio; empty keeps it, or
	// makes one at the first start.
	AdminToken string
	// MaxUpload bounds an uploaded file in bytes; default 2 GiB.
	MaxUpload int64
	// Limits bound what one GraphQL operation may cost.
	Limits graph.Limits
	// Proxies are the addresses of proxies whose X-Forwarded-For is believed;
	// default private and loopback ones.
	Proxies []netip.Prefix
	// Playground is who may open the playground and ask about the schema.
	Playground graph.Access
	// Documents are folders of .graphql files. When there are any, these
	// documents and the web app's own are all that is accepted.
	Documents []fs.FS
	// Frontend holds the web app; default the one in the binary.
	Frontend fs.FS
	// Clock tells the time; default time.Now.
	Clock func() time.Time
	// Logger takes requests and what goes wrong; default slog.Default().
	Logger *slog.Logger
}

// Server answers everything that comes over the network.
type Server struct {
	Config
	sessions   *sessions
	uploads    *uploads
	metrics    *metrics
	known      *graph.Known // nil when every document is accepted
	adminToken string
	handler    http.Handler

	closing context.Context // ends when open streams have to
	close   context.CancelFunc
	streams sync.WaitGroup
}

// New returns a server. It agrees with the partition's other servers on the
// secrets that sign sessions.
func New(ctx context.Context, c Config) (*Server, error) {
	c = c.withDefaults()
	signer, err := newSigner(ctx, c.Store, c.Partition, c.Clock)
	if err != nil {
		return nil, err
	}
	made, err := initAdminToken(ctx, c.Store, c.AdminToken, c.Demo)
	if err != nil {
		return nil, err
	}
	uploads, err := newUploads(c.DataDir, c.MaxUpload, c.Clock)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Config:     c,
		sessions:   newSessions(c, signer),
		uploads:    uploads,
		metrics:    newMetrics(c.Store),
		adminToken: made,
	}
	if len(c.Documents) > 0 {
		if s.known, err = graph.NewKnown(append(c.Documents, frontend.Documents()), c.Limits.Tokens); err != nil {
			return nil, err
		}
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.handler = s.routes()
	return s, nil
}

func (c Config) withDefaults() Config {
	if c.Partition == "" {
		c.Partition = "default"
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = 2 << 30
	}
	if c.Frontend == nil {
		c.Frontend = frontend.FS()
	}
	if c.Proxies == nil {
		c.Proxies = privateNetworks
	}
	c.Limits = c.Limits.WithDefaults()
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// AdminToken is the token that opens the studio, when it was made just now;
// empty otherwise, since only its hash is kept.
func (s *Server) AdminToken() string { return s.adminToken }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

const (
	headerTimeout   = 10 * time.Second
	bodyTimeout     = 10 * time.Second
	writeTimeout    = time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
)

// Run serves a listener until ctx ends. Then it ends open streams, lets
// requests finish for a while, and returns nil.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	ballasted()
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		WriteTimeout:      writeTimeout, // streams move it with each write
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelDebug),
	}
	s.streams.Go(func() { s.sessions.bonds.watch(s.closing) })
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		s.close()
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(grace)
	<-served
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	s.streams.Wait()
	return err
}
