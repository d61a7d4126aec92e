package live

import "sync"

// hub knows the open subscriptions by user, so that a notice costs no more than
// that user's own.
type hub struct {
	mu     sync.Mutex
	byUser map[string]map[*subscription]struct{}
	count  int
	closed bool
	done   sync.WaitGroup // goroutines of subscriptions
}

func newHub() *hub { return &hub{byUser: map[string]map[*subscription]struct{}{}} }

// add enters a subscription, whose goroutine counts from now on. It reports
// false after close.
func (h *hub) add(sub *subscription) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	mine := h.byUser[sub.userID]
	if mine == nil {
		mine = map[*subscription]struct{}{}
		h.byUser[sub.userID] = mine
	}
	mine[sub] = struct{}{}
	h.count++
	h.done.Add(1)
	return true
}

// remove forgets a subscription whose goroutine is about to end.
func (h *hub) remove(sub *subscription) {
	h.mu.Lock()
	delete(h.byUser[sub.userID], sub)
	if len(h.byUser[sub.userID]) == 0 {
		delete(h.byUser, sub.userID)
	}
	h.count--
	h.mu.Unlock()
	h.done.Done()
}

// wakeUser wakes the subscriptions of one user.
func (h *hub) wakeUser(userID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sub := range h.byUser[userID] {
		wake(sub.changed)
	}
}

// wakeAll wakes every subscription.
func (h *hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, mine := range h.byUser {
		for sub := range mine {
			wake(sub.changed)
		}
	}
}

// close refuses new subscriptions; wait returns when the open ones have ended.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
}

func (h *hub) wait() { h.done.Wait() }

func (h *hub) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// wake puts one token into a channel of capacity one: many wakes before the
// reader looks are one.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
