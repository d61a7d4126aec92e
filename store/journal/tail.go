package journal

import (
	"cmp"
	"hash/maphash"
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
	byID   map[uint64]int32   // by hash: of two with the same the newer is found
	seed   maphash.Seed
}

func newTail(length int) *tail {
	return &tail{length: length, byUser: map[string][]int32{}, byID: map[uint64]int32{}, seed: maphash.MakeSeed()}
}

// hash is what an event is found by.
func (t *tail) hash(e *store.Interaction) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	_, _ = h.WriteString(e.UserID)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(e.EventID)
	return h.Sum64()
}

// add remembers a batch that the backend has stored.
func (t *tail) add(batch []store.Interaction) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := range batch {
		if hash := t.hash(&batch[n]); t.find(hash, &batch[n]) == nil {
			t.put(hash, &batch[n])
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
		hash := t.hash(&batch[n])
		switch was := t.find(hash, &batch[n]); {
		case was == nil:
			t.put(hash, &batch[n])
			outcomes[n] = store.Accepted
		case was.Same(&batch[n]):
			outcomes[n] = store.Exists
		default:
			outcomes[n] = store.Conflict
		}
	}
	return outcomes
}

// find returns what is remembered under an event's id, or nil.
func (t *tail) find(hash uint64, e *store.Interaction) *store.Interaction {
	place, known := t.byID[hash]
	if !known || t.events[place].UserID != e.UserID || t.events[place].EventID != e.EventID {
		return nil
	}
	return &t.events[place]
}

// put remembers an event in the place of the oldest.
func (t *tail) put(hash uint64, e *store.Interaction) {
	if n := len(t.events); n == t.length {
		t.drop(&t.events[t.next])
		t.events[t.next] = *e
	} else {
		if n == cap(t.events) {
			t.events = slices.Grow(t.events, min(max(n, 16), t.length-n))
		}
		t.events = append(t.events, *e)
	}
	t.byID[hash] = int32(t.next)
	t.byUser[e.UserID] = append(t.byUser[e.UserID], int32(t.next))
	t.next = (t.next + 1) % t.length
}

// drop takes the oldest event out of the maps.
func (t *tail) drop(oldest *store.Interaction) {
	if oldest.UserID == "" {
		return
	}
	t.forgetID(oldest)
	if places := t.byUser[oldest.UserID]; len(places) > 1 {
		t.byUser[oldest.UserID] = places[1:]
	} else {
		delete(t.byUser, oldest.UserID)
	}
}

// forgetID drops the id of an event that is remembered.
func (t *tail) forgetID(e *store.Interaction) {
	if hash := t.hash(e); t.find(hash, e) == e {
		delete(t.byID, hash)
	}
}

// forget drops what is remembered of a user.
func (t *tail) forget(userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, place := range t.byUser[userID] {
		t.forgetID(&t.events[place])
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
