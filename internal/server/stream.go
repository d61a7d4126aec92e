package server

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// holdStreams ties open streams to who opened them and to the server: they end
// when it closes, and Run waits for them, which the standard library does not
// for connections that were taken over.
func (s *Server) holdStreams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isStream(r) {
			next.ServeHTTP(w, r)
			return
		}
		s.streams.Add(1)
		defer s.streams.Done()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		stop := context.AfterFunc(s.closing, cancel)
		defer stop()
		ctx, err := s.sessions.Bind(ctx)
		if err != nil {
			w.Header().Set("Retry-After", "10")
			http.Error(w, err.Error(), http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(&patientWriter{w, s.Limits.Write, cancel}, r.WithContext(ctx))
	})
}

// isStream reports whether a request asks for server-sent events or a
// WebSocket.
func isStream(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// patientWriter waits only so long for a stream's client to read, and ends the
// stream of one that does not.
type patientWriter struct {
	http.ResponseWriter
	patience time.Duration
	end      context.CancelFunc
}

// Write writes, in time or not at all.
func (p *patientWriter) Write(b []byte) (int, error) {
	n, err := 0, http.NewResponseController(p.ResponseWriter).SetWriteDeadline(time.Now().Add(p.patience))
	if err == nil {
		n, err = p.ResponseWriter.Write(b)
	}
	if err != nil {
		p.end()
	}
	return n, err
}

// Flush sends what was written, in time or not at all.
func (p *patientWriter) Flush() {
	if http.NewResponseController(p.ResponseWriter).Flush() != nil {
		p.end()
	}
}

// Unwrap lets a WebSocket take the connection over.
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
