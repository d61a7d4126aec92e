package journal

import (
	"cmp"
	"slices"
	"sync"

	"valse/store"
)

// tailLength is how many interactions a tail remembers at least, and half of
// what it remembers at most.
const tailLength = 50_000

// tail remembers the newest interactions that passed through this process: what
// can be answered without the backend.
type tail struct {
	mu         sync.Mutex
	young, old *memory
}

// memory is interactions by user and by id.
type memory struct {
	byUser map[string][]store.Interaction
	byID   map[eventID]store.Interaction
}

type eventID struct{ user, event string }

func newMemory() *memory {
	return &memory{byUser: map[string][]store.Interaction{}, byID: map[eventID]store.Interaction{}}
}

func newTail() *tail { return &tail{young: newMemory(), old: newMemory()} }

// add remembers a batch that the backend has stored.
func (t *tail) add(batch []store.Interaction) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := range batch {
		if _, known := t.find(&batch[n]); !known {
			t.put(batch[n])
		}
	}
}

// accept remembers a batch that the backend has not answered for and says what
// can be said of it: an event met before exists, or its id is taken.
func (t *tail) accept(batch []store.Interaction) []store.Outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	outcomes := make([]store.Outcome, len(batch))
	for n := range batch {
		switch was, known := t.find(&batch[n]); {
		case !known:
			t.put(batch[n])
			outcomes[n] = store.Accepted
		case was.Same(&batch[n]):
			outcomes[n] = store.Exists
		default:
			outcomes[n] = store.Conflict
		}
	}
	return outcomes
}

// find returns what is remembered under an event's id.
func (t *tail) find(e *store.Interaction) (store.Interaction, bool) {
	id := eventID{e.UserID, e.EventID}
	if was, known := t.young.byID[id]; known {
		return was, true
	}
	was, known := t.old.byID[id]
	return was, known
}

func (t *tail) put(e store.Interaction) {
	if len(t.young.byID) >= tailLength {
		t.old, t.young = t.young, newMemory()
	}
	t.young.byID[eventID{e.UserID, e.EventID}] = e
	t.young.byUser[e.UserID] = append(t.young.byUser[e.UserID], e)
}

// forget drops what is remembered of a user.
func (t *tail) forget(userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range []*memory{t.young, t.old} {
		for _, e := range m.byUser[userID] {
			delete(m.byID, eventID{userID, e.EventID})
		}
		delete(m.byUser, userID)
	}
}

// history returns what is remembered of a user, newest first.
func (t *tail) history(userID string, types []store.EventType, limit int) []store.Interaction {
	t.mu.Lock()
	events := slices.Concat(t.old.byUser[userID], t.young.byUser[userID])
	t.mu.Unlock()
	if len(types) > 0 {
		events = slices.DeleteFunc(events, func(e store.Interaction) bool { return !slices.Contains(types, e.Type) })
	}
	slices.Reverse(events)
	slices.SortStableFunc(events, func(a, b store.Interaction) int { return cmp.Compare(b.Time.UnixMicro(), a.Time.UnixMicro()) })
	return events[:min(limit, len(events))]
}
