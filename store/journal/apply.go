package journal

import (
	"context"
	"maps"
	"time"

	"valse/store"
)

// lookTimeout is how long a look at the backend may take before it counts as
// away.
const lookTimeout = 2 * time.Second

// applier hands frames to the backend in order. Only its goroutine touches it,
// and before that one starts, Open.
type applier struct {
	*Store
	progress
	seen    uint64            // last frame that came from the writer, or that there was
	waiting map[uint64]*group // frames that were not applied, by number
	piece   int               // how many interactions the backend gets in one call
	marks   []mark
	saved   progress
	name    string          // of this process in leases
	erased  int64           // last erasure that was followed
	gone    map[string]bool // erased users of whom the log may hold something
	tasks   chan func()
	looked  time.Time
}

// progress is what a restarted process has to know.
type progress struct {
	// Applied is the frame through which the backend, as it is armed, has
	// everything.
	Applied uint64 `json:"applied"`
	// Settled is the frame through which everybody was told what became of
	// theirs; it never falls.
	Settled uint64 `json:"settled"`
}

// run applies until the writer has ended.
func (a *applier) run() {
	look, tidy := time.NewTicker(a.o.Every), time.NewTicker(a.o.TidyEvery)
	defer look.Stop()
	defer tidy.Stop()
	for {
		select {
		case g, open := <-a.groups:
			if !open {
				return
			}
			a.take(g)
		case task := <-a.tasks:
			task()
		case <-a.suspect:
			a.look()
		case <-look.C:
			if a.away.Load() != nil || time.Since(a.looked) > time.Second {
				a.look()
			}
		case <-tidy.C:
			a.tidy()
		case <-a.closingWithoutLog():
			return
		}
	}
}

// closingWithoutLog ends the applier where there is no writer to end it.
func (a *applier) closingWithoutLog() <-chan struct{} {
	if a.log == nil {
		return a.closing.Done()
	}
	return nil
}

// do runs a task on the applier's goroutine and waits for it.
func (a *applier) do(task func() error) error {
	done := make(chan error, 1)
	select {
	case a.tasks <- func() { done <- task() }:
		return <-done
	case <-a.closing.Done():
		return errClosed
	}
}

// take notes a group and those behind it, and applies them unless the backend
// is away.
func (a *applier) take(first *group) {
	a.note(first)
	a.drain()
	if a.away.Load() == nil {
		a.applyWaiting()
	}
}

// applyWaiting applies what waits in memory.
func (a *applier) applyWaiting() {
	for a.seen > a.Applied && a.waiting[a.Applied+1] != nil {
		if err := a.applyNext(context.Background()); err != nil {
			a.lost(err)
			return
		}
	}
}

// applyNext applies the next groups that wait in memory, in one call; what only
// the log has is read from there.
func (a *applier) applyNext(ctx context.Context) error {
	var groups []*group
	var events []store.Interaction
	for n := a.Applied + 1; n <= a.seen && a.waiting[n] != nil && len(events) < fullGroup; n++ {
		groups = append(groups, a.waiting[n])
		events = a.waiting[n].appendTo(events)
	}
	if len(groups) == 0 {
		return a.replay(ctx)
	}
	outcomes, err := a.append(ctx, events)
	if err != nil {
		return err
	}
	for _, g := range groups {
		n := g.size()
		a.settle(ctx, g.number, events[:n], outcomes[:n])
		events, outcomes = events[n:], outcomes[n:]
	}
	return nil
}

// append hands interactions to the backend in pieces that it can take in time:
// after one that failed half as many, after one that was quick twice as many.
func (a *applier) append(ctx context.Context, events []store.Interaction) ([]store.Outcome, error) {
	outcomes := make([]store.Outcome, 0, len(events))
	for len(events) > 0 {
		n := min(a.piece, len(events))
		begun := time.Now()
		ctx, cancel := context.WithTimeout(ctx, a.o.ApplyTimeout)
		found, err := a.Backend.Append(ctx, events[:n])
		cancel()
		if err != nil {
			a.piece = max(n/2, 1)
			return nil, err
		}
		if time.Since(begun) < a.o.ApplyTimeout/4 {
			a.piece = min(2*a.piece, maxGroup)
		}
		outcomes, events = append(outcomes, found...), events[n:]
	}
	return outcomes, nil
}

// settle tells who waits for a frame what became of it. A conflict that nobody
// is there to hear of becomes a dead letter; what is refused since its user was
// erased has to leave the log.
func (a *applier) settle(ctx context.Context, number uint64, events []store.Interaction, outcomes []store.Outcome) {
	var unheard []store.Interaction
	if g := a.waiting[number]; g != nil {
		unheard = g.answer(outcomes)
		delete(a.waiting, number)
	} else if number > a.Settled {
		unheard = conflicts(events, outcomes)
	}
	a.Settled, a.Applied = max(a.Settled, number), max(a.Applied, number)
	for n, outcome := range outcomes {
		if outcome == store.Erased {
			a.gone[events[n].UserID] = true
		}
	}
	a.bury(ctx, unheard)
}

// bury keeps refused interactions as dead letters.
func (s *Store) bury(ctx context.Context, refused []store.Interaction) {
	for _, e := range refused {
		err := store.PutDeadLetter(ctx, s.Backend, store.DeadLetter{
			Reason: "its event id is taken by a different event", Time: time.Now().UTC(), Interaction: e,
		})
		if err != nil {
			s.o.Logger.Error("keep a dead letter", "user", e.UserID, "event", e.EventID, "error", err)
		}
	}
}

// look finds out whether the backend answers and has lost nothing, and brings
// it up to date when it was away.
func (a *applier) look() {
	a.looked = time.Now()
	if a.closing.Err() != nil {
		return
	}
	if a.away.Load() == nil {
		ctx, cancel := context.WithTimeout(a.closing, lookTimeout)
		defer cancel()
		armed, err := a.Backend.Armed(ctx)
		if err == nil && armed && a.Applied == a.seen {
			return
		}
		if err == nil && !armed {
			err = store.ErrRestarted
		}
		if err != nil {
			a.away.CompareAndSwap(nil, &awayError{err})
		}
	}
	a.recover(a.closing)
	if a.away.Load() != nil {
		maps.DeleteFunc(a.waiting, func(_ uint64, g *group) bool { return g.left() })
	}
}

// recover brings the backend up to date. When that fails, the store stays away.
func (a *applier) recover(ctx context.Context) {
	was := a.away.Load()
	defer a.nearly.Store(false) // not before it counts as there again
	if err := a.bringUp(ctx); err != nil {
		a.away.Store(&awayError{err})
		if was == nil || was.Error() != err.Error() {
			a.o.Logger.Warn("the store is away", "error", err)
		}
		return
	}
	a.away.Store(nil)
	if was != nil {
		a.ringMissed() // what was read meanwhile came from memory
		a.o.Logger.Info("the store answers again and has everything")
	}
	a.applyWaiting()
}

func (a *applier) bringUp(ctx context.Context) error {
	look, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	armed, err := a.Backend.Armed(look)
	if err != nil {
		return err
	}
	if !armed {
		if err := a.putBack(ctx); err != nil {
			return err
		}
		a.Applied, a.erased = 0, 0
		if err := a.save(); err != nil { // before arming: afterwards it would be believed
			return err
		}
		if err := a.Backend.Arm(ctx); err != nil {
			return err
		}
	}
	if a.log == nil {
		return nil
	}
	a.drain()
	if err := a.replay(ctx); err != nil {
		return err
	}
	// Writers that are told at once would always be ahead: from now on they
	// wait, and what they wait for is not owed.
	a.nearly.Store(true)
	for a.drain(); a.owes(); a.drain() {
		if err := a.applyNext(ctx); err != nil {
			return err
		}
	}
	return nil
}

// owes reports whether the backend lacks a frame that somebody was told is
// accepted.
func (a *applier) owes() bool {
	for n := a.Applied + 1; n <= a.seen; n++ {
		if g := a.waiting[n]; g == nil || !g.waits() {
			return true
		}
	}
	return false
}

// drain notes what the writer handed over, so that it need not wait.
func (a *applier) drain() {
	for {
		select {
		case g, open := <-a.groups:
			if !open {
				return
			}
			a.note(g)
		default:
			return
		}
	}
}

// note remembers a group that has to be applied.
func (a *applier) note(g *group) {
	a.seen, a.waiting[g.number] = max(a.seen, g.number), g
}

// replay applies what the log holds above a.Applied, up to what was seen: what
// is written meanwhile comes from the writer, with those who wait for it.
func (a *applier) replay(ctx context.Context) error {
	type held struct {
		number uint64
		events int
	}
	var frames []held
	var events []store.Interaction
	through := a.seen
	flush := func() error {
		if len(events) == 0 {
			return nil
		}
		outcomes, err := a.append(ctx, events)
		if err != nil {
			return err
		}
		a.drain()
		for _, f := range frames {
			a.settle(ctx, f.number, events[:f.events], outcomes[:f.events])
			events, outcomes = events[f.events:], outcomes[f.events:]
		}
		frames, events = frames[:0], nil
		return nil
	}
	err := a.log.read(a.Applied, func(number uint64, payload []byte) error {
		if number > through {
			return nil
		}
		batch, err := decode(payload)
		if err != nil {
			return err
		}
		if g := a.waiting[number]; g != nil {
			batch = g.appendTo(nil) // who was erased since is in it still
		}
		frames, events = append(frames, held{number, len(batch)}), append(events, batch...)
		if len(events) < maxGroup {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err == nil {
		a.Applied = max(a.Applied, through) // of which some hold nothing any more
	}
	return err
}

// waits reports whether everybody of a group waits for the answer.
func (g *group) waits() bool {
	for _, r := range g.requests {
		if !r.waits.Load() {
			return false
		}
	}
	return true
}

// left reports whether nobody waits for a group any more, which was not
// answered.
func (g *group) left() bool {
	for _, r := range g.requests {
		if !r.ended.Load() {
			return false
		}
	}
	return true
}
