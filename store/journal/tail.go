package journal

import (
	"bytes"
	"hash/maphash"
	"slices"
	"sync"

	"valse/store"
)

// tailLength is how many interactions a tail remembers: the newest, some 200
// bytes each.
const tailLength = 100_000

// tail remembers the newest interactions that passed through this process: what
// can be answered without the backend. They are packed, so that the garbage
// collector has one thing to mark for each.
type tail struct {
	mu     sync.Mutex
	length int
	// events are a ring, whose oldest is at next once it is full. A nil one was
	// forgotten.
	events [][]byte
	next   int
	byUser map[string][]int32 // their places, oldest first
	byID   map[uint64]int32   // by hash: of two with the same the newer is found
	seed   maphash.Seed
	packed []byte // scratch
}

func newTail(length int) *tail {
	return &tail{length: length, byUser: map[string][]int32{}, byID: map[uint64]int32{}, seed: maphash.MakeSeed()}
}

// add remembers what the backend has stored of a batch.
func (t *tail) add(batch []store.Interaction, outcomes []store.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := range batch {
		if outcomes[n] != store.Created && outcomes[n] != store.Exists {
			continue
		}
		if e, hash := t.pack(&batch[n]); t.find(hash, e) == nil {
			t.put(hash, e, batch[n].UserID)
		}
	}
}

// refuse says which events of a batch have an id that is taken by a different
// event, remembered or earlier in the batch: [store.Conflict], and 0 for the
// others.
func (t *tail) refuse(batch []store.Interaction) []store.Outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	outcomes := make([]store.Outcome, len(batch))
	type id struct{ user, event string }
	earlier := map[id]*store.Interaction{}
	for n := range batch {
		own := id{batch[n].UserID, batch[n].EventID}
		taken := earlier[own]
		e, hash := t.pack(&batch[n])
		if found := t.find(hash, e); found != nil {
			was := unpack(found)
			taken = &was
		}
		if taken == nil {
			earlier[own] = &batch[n]
		} else if !taken.Same(&batch[n]) {
			outcomes[n] = store.Conflict
		}
	}
	return outcomes
}

// accept remembers a batch that is durable and that the backend has not answered
// for. An event met before exists; of one whose id turned out to be taken since
// it was written a dead letter will tell.
func (t *tail) accept(batch []store.Interaction) []store.Outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	outcomes := make([]store.Outcome, len(batch))
	for n := range batch {
		e, hash := t.pack(&batch[n])
		if found := t.find(hash, e); found == nil {
			t.put(hash, e, batch[n].UserID)
		} else if was := unpack(found); was.Same(&batch[n]) {
			outcomes[n] = store.Exists
			continue
		}
		outcomes[n] = store.Accepted
	}
	return outcomes
}

// pack returns an event packed, until the next, and the hash that it is found by.
func (t *tail) pack(e *store.Interaction) ([]byte, uint64) {
	t.packed = pack(t.packed[:0], e)
	return t.packed, t.hash(t.packed)
}

func unpack(e []byte) store.Interaction {
	d := decoder{rest: e}
	return d.event()
}

// identity is the part of a packed event that tells it from others: user and
// event id, which come first.
func identity(e []byte) []byte {
	d := decoder{rest: e}
	d.text()
	d.text()
	return e[:len(e)-len(d.rest)]
}

func (t *tail) hash(e []byte) uint64 { return maphash.Bytes(t.seed, identity(e)) }

// find returns what is remembered under an event's id, or nil.
func (t *tail) find(hash uint64, e []byte) []byte {
	if place, known := t.byID[hash]; known && bytes.HasPrefix(t.events[place], identity(e)) {
		return t.events[place]
	}
	return nil
}

// put remembers an event in the place of the oldest.
func (t *tail) put(hash uint64, e []byte, userID string) {
	if n := len(t.events); n == t.length {
		t.drop(int32(t.next))
		t.events[t.next] = bytes.Clone(e)
	} else {
		if n == cap(t.events) {
			t.events = slices.Grow(t.events, min(max(n, 16), t.length-n))
		}
		t.events = append(t.events, bytes.Clone(e))
	}
	t.byID[hash] = int32(t.next)
	t.byUser[userID] = append(t.byUser[userID], int32(t.next))
	t.next = (t.next + 1) % t.length
}

// drop takes the oldest event out of the maps.
func (t *tail) drop(oldest int32) {
	if t.events[oldest] == nil {
		return
	}
	t.forgetID(oldest)
	d := decoder{rest: t.events[oldest]}
	userID := string(d.text())
	if places := t.byUser[userID]; len(places) > 1 {
		t.byUser[userID] = places[1:]
	} else {
		delete(t.byUser, userID)
	}
}

// forgetID drops the id of the event in a place, unless it is another's by now.
func (t *tail) forgetID(place int32) {
	if hash := t.hash(t.events[place]); t.byID[hash] == place {
		delete(t.byID, hash)
	}
}

// forget drops what is remembered of a user.
func (t *tail) forget(userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, place := range t.byUser[userID] {
		t.forgetID(place)
		t.events[place] = nil
	}
	delete(t.byUser, userID)
}

// history returns what is remembered of a user, newest first.
func (t *tail) history(userID string, types []store.EventType, limit int) []store.Interaction {
	t.mu.Lock()
	events := make([]store.Interaction, 0, len(t.byUser[userID]))
	for _, place := range slices.Backward(t.byUser[userID]) {
		if e := unpack(t.events[place]); len(types) == 0 || slices.Contains(types, e.Type) {
			events = append(events, e)
		}
	}
	t.mu.Unlock()
	slices.SortStableFunc(events, func(a, b store.Interaction) int { return b.Time.Compare(a.Time) })
	return events[:min(limit, len(events))]
}
