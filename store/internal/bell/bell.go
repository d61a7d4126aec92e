// Package bell hands a store's notices to those who watch in this process. It
// waits for nobody: who falls far behind is told that notices were missed.
package bell

import (
	"context"
	"errors"
	"sync"

	"valse/store"
)

// backlog is how many notices a watcher may be behind; see [store.Notices].
const backlog = 1_024

var errClosed = errors.New("the store is closed")

// Bell is safe for concurrent use.
type Bell struct {
	mu       sync.Mutex
	watchers map[chan store.Notice]struct{}
	closed   bool
}

// New returns a bell that nobody watches.
func New() *Bell { return &Bell{watchers: map[chan store.Notice]struct{}{}} }

// Ring hands notices to everyone who watches.
func (b *Bell) Ring(notices ...store.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.watchers {
		for _, n := range notices {
			push(c, n)
		}
	}
}

// push sends a notice without waiting. A channel that is full is emptied and
// told so. It must be the channel's only sender.
func push(c chan store.Notice, n store.Notice) {
	select {
	case c <- n:
		return
	default:
	}
	for full := true; full; {
		select {
		case <-c:
		default:
			full = false
		}
	}
	c <- store.Notice{Kind: store.NoticeMissed, At: n.At}
	c <- n
}

// Watch returns a channel of what rings from now on, closed when ctx ends or
// the bell is closed.
func (b *Bell) Watch(ctx context.Context) (<-chan store.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	c := make(chan store.Notice, backlog)
	b.watchers[c] = struct{}{}
	context.AfterFunc(ctx, func() { b.leave(c) })
	return c, nil
}

func (b *Bell) leave(c chan store.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, watching := b.watchers[c]; watching {
		delete(b.watchers, c)
		close(c)
	}
}

// Close closes the channels of everyone who watches.
func (b *Bell) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for c := range b.watchers {
		close(c)
	}
	clear(b.watchers)
}
