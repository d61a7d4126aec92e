package journal

import (
	"cmp"
	"slices"
	"sync"

	"valse/store"
)

// tailLength is how many interactions a tail remembers: the newest, some 300
// bytes each.
const tailLength = 100_000

// tail remembers the newest interactions that passed through this process: what
// can be answered without the backend.
type tail struct {
	mu     sync.Mutex
	length int
	// events are a ring, whose oldest is at next once it is full. One without
	// a user was forgotten.
	events []store.Interaction
	next   int
	byUser map[string][]int32 // their places, oldest first
	byID   map[eventID]int32
}

type eventID struct{ user, event string }

func newTail(length int) *tail {
	return &tail{length: length, byUser: map[string][]int32{}, byID: map[eventID]int32{}}
}

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
	place, known := t.byID[eventID{e.UserID, e.EventID}]
	if !known {
		return store.Interaction{}, false
	}
	return t.events[place], true
}

// put remembers an event in the place of the oldest.
func (t *tail) put(e store.Interaction) {
	if len(t.events) < t.length {
		t.events = append(t.events, e)
	} else {
		t.drop(&t.events[t.next])
		t.events[t.next] = e
	}
	t.byID[eventID{e.UserID, e.EventID}] = int32(t.next)
	t.byUser[e.UserID] = append(t.byUser[e.UserID], int32(t.next))
	t.next = (t.next + 1) % t.length
}

// drop takes the oldest event out of the maps.
func (t *tail) drop(oldest *store.Interaction) {
	if oldest.UserID == "" {
		return
	}
	delete(t.byID, eventID{oldest.UserID, oldest.EventID})
	if places := t.byUser[oldest.UserID]; len(places) > 1 {
		t.byUser[oldest.UserID] = places[1:]
	} else {
		delete(t.byUser, oldest.UserID)
	}
}

// forget drops what is remembered of a user.
func (t *tail) forget(userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, place := range t.byUser[userID] {
		delete(t.byID, eventID{userID, t.events[place].EventID})
		t.events[place] = store.Interaction{}
	}
	delete(t.byUser, userID)
}

// history returns what is remembered of a user, newest first.
func (t *tail) history(userID string, types []store.EventType, limit int) []store.Interaction {
	t.mu.Lock()
	events := make([]store.Interaction, 0, len(t.byUser[userID]))
	for _, place := range slices.Backward(t.byUser[userID]) {
		if e := t.events[place]; len(types) == 0 || slices.Contains(types, e.Type) {
			events = append(events, e)
		}
	}
	t.mu.Unlock()
	slices.SortStableFunc(events, func(a, b store.Interaction) int { return cmp.Compare(b.Time.UnixMicro(), a.Time.UnixMicro()) })
	return events[:min(limit, len(events))]
}
