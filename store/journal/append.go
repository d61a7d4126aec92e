package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"valse/store"
)

const (
	// maxGroup bounds the interactions of one request.
	maxGroup = 20_000
	// fullGroup is how many make a group that waits for no more: with many
	// callers, some write while the backend applies what others wrote.
	fullGroup = 4_000
)

// request is one append that waits.
type request struct {
	batch    []store.Interaction
	outcomes []store.Outcome
	err      error
	durable  chan struct{} // closed when it is on disk, or err says why not
	done     chan struct{} // closed when the backend has answered
	waits    atomic.Bool   // somebody waits for the answer
	ended    atomic.Bool   // it was answered, or nobody waits any more: what came first
}

func newRequest(batch []store.Interaction) *request {
	return &request{batch: batch, durable: make(chan struct{}), done: make(chan struct{})}
}

// answer tells who waits what became of theirs, and reports whether anybody
// did.
func (r *request) answer(outcomes []store.Outcome) (told bool) {
	r.outcomes = outcomes
	told = r.ended.CompareAndSwap(false, true)
	close(r.done)
	return told
}

// leave gives up waiting. It reports false where the answer came before.
func (r *request) leave() bool { return r.ended.CompareAndSwap(false, true) }

// group is what one frame holds.
type group struct {
	number   uint64
	requests []*request
}

// size is how many interactions a group has.
func (g *group) size() (n int) {
	for _, r := range g.requests {
		n += len(r.batch)
	}
	return n
}

// appendTo appends the interactions of a group, in order.
func (g *group) appendTo(events []store.Interaction) []store.Interaction {
	events = slices.Grow(events, g.size())
	for _, r := range g.requests {
		events = append(events, r.batch...)
	}
	return events
}

// encode returns the payload for the interactions of a group, in order.
func (g *group) encode() []byte {
	count := g.size()
	b := binary.AppendUvarint(make([]byte, 0, usualEvent*count), uint64(count))
	for _, r := range g.requests {
		for n := range r.batch {
			b = pack(b, &r.batch[n])
		}
	}
	return b
}

// answer tells who waits what became of theirs, and returns those interactions
// that are refused and of which nobody was there to hear it.
func (g *group) answer(outcomes []store.Outcome) (unheard []store.Interaction) {
	for _, r := range g.requests {
		own := outcomes[:len(r.batch):len(r.batch)]
		if !r.answer(own) {
			unheard = append(unheard, conflicts(r.batch, own)...)
		}
		outcomes = outcomes[len(own):]
	}
	return unheard
}

// conflicts are the interactions that were refused since their id is taken.
func conflicts(batch []store.Interaction, outcomes []store.Outcome) (refused []store.Interaction) {
	for n, outcome := range outcomes {
		if outcome == store.Conflict {
			refused = append(refused, batch[n])
		}
	}
	return refused
}

// Append stores a batch. It returns when the batch is on disk and the backend
// has said what is new. A backend that does not answer in time leaves
// [store.Accepted] for what this process cannot tell by itself. What is known to
// be refused is not written.
func (s *Store) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	if s.log == nil {
		return s.appendDirectly(ctx, batch)
	}
	outcomes := s.refuse(batch)
	if outcomes == nil {
		return s.write(ctx, batch)
	}
	var left []store.Interaction
	for n, refused := range outcomes {
		if refused == 0 {
			left = append(left, batch[n])
		}
	}
	found, err := s.write(ctx, left)
	if err != nil {
		return nil, err
	}
	for n, refused := range outcomes {
		if refused == 0 {
			outcomes[n], found = found[0], found[1:]
		}
	}
	return outcomes, nil
}

// refuse returns the outcomes of what is known to be refused of a batch, 0 for
// the rest; nil when nothing is. Who was erased stays so; whether an id is taken
// is the backend's to say, while it is there.
func (s *Store) refuse(batch []store.Interaction) (outcomes []store.Outcome) {
	if !s.asks() {
		outcomes = s.tail.refuse(batch)
	}
	for n := range batch {
		if s.control.erased(batch[n].UserID) {
			if outcomes == nil {
				outcomes = make([]store.Outcome, len(batch))
			}
			outcomes[n] = store.Erased
		}
	}
	return outcomes
}

// asks reports whether the backend's answers are worth waiting for.
func (s *Store) asks() bool { return s.away.Load() == nil || s.nearly.Load() }

// write makes a batch durable and says what became of it.
func (s *Store) write(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	if len(batch) > maxGroup {
		return s.writeInPieces(ctx, batch)
	}
	r := newRequest(batch)
	select {
	case s.queue <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing.Done():
		return nil, errClosed
	}
	select {
	case <-r.durable:
	case <-s.written:
		return nil, errClosed
	}
	if r.err != nil {
		return nil, fmt.Errorf("append %d interactions: %w", len(batch), r.err)
	}
	answered := s.asks() && s.await(ctx, r)
	if answered || !r.leave() {
		<-r.done
		s.tail.add(batch, r.outcomes)
		return r.outcomes, nil
	}
	outcomes := s.tail.accept(batch)
	s.ringAccepted(batch, outcomes)
	return outcomes, nil
}

// await waits until the backend has answered a request, or for as long as is
// worth it: while the backend is nearly there without an end, since who gives up
// then is one more that it owes.
func (s *Store) await(ctx context.Context, r *request) bool {
	r.waits.Store(true)
	defer r.waits.Store(false)
	patience := time.NewTimer(s.o.Patience)
	defer patience.Stop()
	for {
		select {
		case <-r.done:
			return true
		case <-ctx.Done(): // it is durable: whoever asks again hears that it exists
			return false
		case <-patience.C:
			if !s.nearly.Load() {
				return false
			}
			patience.Reset(s.o.Patience)
		}
	}
}

// writeInPieces writes a batch that is too large for one frame.
func (s *Store) writeInPieces(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	var outcomes []store.Outcome
	for len(batch) > 0 {
		piece := batch[:min(maxGroup, len(batch))]
		found, err := s.write(ctx, piece)
		if err != nil {
			return nil, err
		}
		outcomes, batch = append(outcomes, found...), batch[len(piece):]
	}
	return outcomes, nil
}

// appendDirectly appends without a log, waiting a while for a backend that is
// being put right.
func (s *Store) appendDirectly(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	for {
		outcomes, err := s.Backend.Append(ctx, batch)
		if !errors.Is(err, store.ErrRestarted) {
			return outcomes, err
		}
		s.lost(err)
		select {
		case <-time.After(s.o.Every / 4):
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-s.closing.Done():
			return nil, errClosed
		}
	}
}

var errClosed = errors.New("the journal is closed")

// writeGroups gathers those who wait, makes each group one frame and passes it
// on, until the store closes and nobody waits any more.
func (s *Store) writeGroups() {
	defer close(s.written)
	defer close(s.groups)
	for {
		select {
		case r := <-s.queue:
			s.writeGroup(s.gather(r))
			continue
		default:
		}
		select {
		case r := <-s.queue:
			s.writeGroup(s.gather(r))
		case <-s.closing.Done():
			return
		}
	}
}

// gather takes all that wait, until the group is full.
func (s *Store) gather(first *request) *group {
	g, events := &group{requests: []*request{first}}, len(first.batch)
	for events < fullGroup {
		runtime.Gosched() // those just answered may have more to write
		select {
		case r := <-s.queue:
			g.requests = append(g.requests, r)
			events += len(r.batch)
		default:
			return g
		}
	}
	return g
}

// writeGroup makes a group durable, tells who waits, and hands it on. Where it
// is too large for a frame, each of its requests becomes a group of its own.
func (s *Store) writeGroup(g *group) {
	payload := g.encode()
	if len(payload) > maxPayload && len(g.requests) > 1 {
		for _, r := range g.requests {
			s.writeGroup(&group{requests: []*request{r}})
		}
		return
	}
	var err error = errTooLarge
	if len(payload) <= maxPayload {
		g.number, err = s.log.append(payload)
	}
	if err == nil {
		s.broken.Store(nil)
	} else if !errors.Is(err, errTooLarge) {
		s.broken.Store(&awayError{err})
		s.o.Logger.Error("write the journal", "error", err)
		err = errUnwritten // the reason was logged, and names folders
	}
	for _, r := range g.requests {
		r.err = err
		close(r.durable)
	}
	if err == nil {
		s.groups <- g
	}
}

var errUnwritten = fmt.Errorf("the journal cannot be written: %w", store.ErrUnavailable)

var errTooLarge = &store.Invalid{Field: "interactions", Want: "a batch of less than 16 MB"}
