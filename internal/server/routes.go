package server

import (
	"maps"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"

	"valse/graph"
)

// apiPath is where the API is.
const apiPath = "/graphql"

// routes lays out the addresses.
func (s *Server) routes() http.Handler {
	gate := newGate(s.Limits.Requests, s.metrics.refused.Inc)
	api := graph.NewHandler(graph.Config{
		Store: s.Store, Live: s.Live, Pipeline: s.Pipeline,
		Sessions: s.sessions, Uploads: s.uploads,
		Partition: s.Partition, Demo: s.Demo, Limits: s.Limits,
		Introspection: s.Playground, Known: s.known,
		Throttle: gate.throttle, Observer: s.metrics, Clock: s.Clock, Logger: s.Logger,
	})
	r := chi.NewRouter()
	r.Use(limitBodyTime, gate.refuseEarly, s.logRequests, middleware.Recoverer, secure, http.NewCrossOriginProtection().Handler)

	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, "ok") })
	r.Get("/readyz", s.ready)
	r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	r.Post("/api/uploads", s.upload)
	r.Group(func(r chi.Router) {
		r.Use(compress)
		r.With(s.sessions.identify, s.holdStreams).Handle(apiPath, api)
		r.Get("/covers/*", s.cover)
		r.Get("/playground*", s.playground)
		r.NotFound(newWebApp(s.Frontend).ServeHTTP)
	})
	return r
}

// playground serves its page to who may open it.
func (s *Server) playground(w http.ResponseWriter, r *http.Request) {
	i, _ := s.sessions.fromCookies(r)
	if !s.Playground.Allows(i) {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	newWebApp(s.Frontend).ServeHTTP(w, r)
}

// compress compresses answers, also those of the GraphQL media type, and lets
// flushes of streams through. What a stream sends is compressed piece by piece:
// a compressor that remembers what was sent takes a megabyte for as long as the
// stream is open.
func compress(next http.Handler) http.Handler {
	answers, streams := compressed(next, gzip.DefaultCompression), compressed(next, gzip.StatelessCompression)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isStream(r) {
			streams.ServeHTTP(w, r)
		} else {
			answers.ServeHTTP(w, r)
		}
	})
}

func compressed(next http.Handler, level int) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(level), gzhttp.ContentTypes([]string{
		"application/json", "application/graphql-response+json", "text/event-stream",
		"text/html", "text/css", "text/javascript", "image/svg+xml", "application/wasm", "font/ttf",
	}))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(next)
}

// policy lets pages load what this server has, and pictures from anywhere with
// TLS; no script but the app's own files.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
	"font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// secure sets the headers that keep browsers careful.
func secure(next http.Handler) http.Handler {
	careful := http.Header{
		"Content-Security-Policy":    {policy},
		"X-Content-Type-Options":     {"nosniff"},
		"X-Frame-Options":            {"DENY"},
		"Referrer-Policy":            {"same-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), careful)
		next.ServeHTTP(w, r)
	})
}

// storeAway answers what cannot be told while the store does not answer.
func storeAway(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text + "\n"))
}
