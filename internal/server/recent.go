package server

import (
	"sync"
	"time"
)

// recent remembers what was read from the store for [recheck], so that a busy
// caller costs one read in a while instead of one a request. A nil one
// remembers nothing.
type recent[V any] struct {
	clock func() time.Time

	mu      sync.Mutex
	entries map[string]recentEntry[V]
}

type recentEntry[V any] struct {
	value V
	until time.Time
}

// maxRecent bounds the entries; beyond it all are forgotten.
const maxRecent = 10_000

func newRecent[V any](clock func() time.Time) *recent[V] {
	return &recent[V]{clock: clock, entries: map[string]recentEntry[V]{}}
}

func (r *recent[V]) get(name string) (V, bool) {
	var none V
	if r == nil {
		return none, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[name]
	if !ok || r.clock().After(e.until) {
		return none, false
	}
	return e.value, true
}

func (r *recent[V]) put(name string, v V) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.entries) >= maxRecent {
		clear(r.entries)
	}
	r.entries[name] = recentEntry[V]{v, r.clock().Add(recheck)}
}

func (r *recent[V]) drop(name string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, name)
}
