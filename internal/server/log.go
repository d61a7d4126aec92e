package server

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// logRequests logs each request when it has been answered: what went wrong
// here as an error, the rest for those who debug. Queries, bodies and cookies
// are never logged.
func (s *Server) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			level := slog.LevelDebug
			if s := answer.Status(); s >= http.StatusInternalServerError && s != http.StatusServiceUnavailable {
				level = slog.LevelError
			}
			s.Logger.LogAttrs(r.Context(), level, "request",
				slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", answer.Status()), slog.Int("bytes", answer.BytesWritten()),
				slog.Duration("took", time.Since(start)))
		}()
		next.ServeHTTP(answer, r)
	})
}
