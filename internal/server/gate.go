package server

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// maxWait is how long a request waits for a place among those that run.
const maxWait = 500 * time.Millisecond

// gate refuses what would only make everyone wait: under overload those that are
// let in are answered in time, and the rest learns at once when to come again.
type gate struct {
	throttle func(http.Handler) http.Handler // around an operation whose body was read
	inside   atomic.Int64                    // operations that run or wait
	most     int64
	refused  func() // is told of each refusal
}

// newGate lets n operations run and as many wait.
func newGate(n int, refused func()) *gate {
	g := &gate{most: int64(2 * n), refused: refused}
	bounded := middleware.ThrottleWithOpts(middleware.ThrottleOpts{
		Limit: n, BacklogLimit: n, BacklogTimeout: maxWait, StatusCode: http.StatusServiceUnavailable,
		RetryAfterFn: func(bool) time.Duration { refused(); return time.Second },
	})
	g.throttle = func(next http.Handler) http.Handler {
		next = bounded(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.inside.Add(1)
			defer g.inside.Add(-1)
			next.ServeHTTP(w, r)
		})
	}
	return g
}

// refuseEarly refuses an operation while the gate is full, before anything is
// done for it: it is not even logged.
func (g *gate) refuseEarly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == apiPath && g.inside.Load() >= g.most && !isStream(r) {
			g.refused()
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests at a time", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}
