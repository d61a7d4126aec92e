package server

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"valse/graph"
	"valse/graph/model"
)

// recheck is how long a session or key that another server ended goes on here.
const recheck = 5 * time.Second

// bonds ties open streams to what proved who opened them: when a session ends or
// a key is revoked, here or elsewhere, its streams end too.
type bonds struct {
	// holds reports whether a proof still holds.
	holds func(ctx context.Context, proof string) bool
	limit int // streams of one principal; a key has a hundred times as many

	mu      sync.Mutex
	streams map[string]map[*stream]bool // by proof
	open    map[string]int              // by principal
}

type stream struct {
	end context.CancelCauseFunc
}

// bind ties a context to its identity's proofs until it ends.
func (b *bonds) bind(ctx context.Context) (context.Context, error) {
	i := graph.IdentityOf(ctx)
	if !b.enter(i) {
		return nil, graph.ErrTooManyStreams
	}
	bound, end := context.WithCancelCause(ctx)
	s := &stream{end}
	b.tie(i.Proofs, s)
	context.AfterFunc(ctx, func() {
		end(ctx.Err())
		b.untie(i, s)
	})
	return bound, nil
}

func (b *bonds) enter(i graph.Identity) bool {
	limit := b.limit
	if i.Role == model.RoleServer || i.Role == model.RoleAdmin {
		limit *= 100
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[i.Principal] >= limit {
		return false
	}
	b.open[i.Principal]++
	return true
}

func (b *bonds) tie(proofs [2]string, s *stream) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, proof := range proofs {
		if proof == "" {
			continue
		}
		if b.streams[proof] == nil {
			b.streams[proof] = map[*stream]bool{}
		}
		b.streams[proof][s] = true
	}
}

func (b *bonds) untie(i graph.Identity, s *stream) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, proof := range i.Proofs {
		delete(b.streams[proof], s)
		if len(b.streams[proof]) == 0 {
			delete(b.streams, proof)
		}
	}
	if b.open[i.Principal]--; b.open[i.Principal] == 0 {
		delete(b.open, i.Principal)
	}
}

// end ends the streams that a proof opened.
func (b *bonds) end(proof string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.streams[proof] {
		s.end(graph.ErrSessionEnded)
	}
}

// watch looks at the proofs of open streams again and again until ctx ends.
func (b *bonds) watch(ctx context.Context) {
	again := time.NewTicker(recheck)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
			b.check(ctx)
		}
	}
}

// check ends the streams whose proofs no longer hold.
func (b *bonds) check(ctx context.Context) {
	b.mu.Lock()
	proofs := slices.Collect(maps.Keys(b.streams))
	b.mu.Unlock()
	for _, proof := range proofs {
		if !b.holds(ctx, proof) {
			b.end(proof)
		}
	}
}
