package journal

import (
	"context"
	"maps"
	"time"

	"valse/store"
)

// Times that calls of the backend get before it counts as away.
const (
	lookTimeout  = 2 * time.Second
	applyTimeout = 5 * time.Second
)

// applier hands frames to the backend in order. Only its goroutine touches it,
// and before that one starts, Open.
type applier struct {
	*Store
	progress
	seen    uint64            // last frame that came from the writer or was read
	waiting map[uint64]*group // frames that were not applied, by number
	marks   []mark
	saved   progress
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

// take applies a group and those that wait behind it, in one call.
func (a *applier) take(first *group) {
	groups, events := []*group{first}, first.events()
	for more := true; more && len(events) < maxGroup; {
		select {
		case g, open := <-a.groups:
			if more = open; open {
				groups, events = append(groups, g), append(events, g.events()...)
			}
		default:
			more = false
		}
	}
	upToDate := a.Applied >= a.seen && a.away.Load() == nil
	for _, g := range groups {
		a.note(g)
	}
	if !upToDate {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), applyTimeout)
	defer cancel()
	outcomes, err := a.Backend.Append(ctx, events)
	if err != nil {
		a.lost(err)
		return
	}
	for _, g := range groups {
		n := 0
		for _, r := range g.requests {
			n += len(r.batch)
		}
		a.settle(ctx, g.number, events[:n], outcomes[:n])
		events, outcomes = events[n:], outcomes[n:]
	}
}

// settle tells who waits for a frame what became of it. A conflict that nobody
// is there to hear of becomes a dead letter.
func (a *applier) settle(ctx context.Context, number uint64, events []store.Interaction, outcomes []store.Outcome) {
	told := number <= a.Settled
	if g := a.waiting[number]; g != nil {
		told = !g.left()
		g.answer(outcomes)
		delete(a.waiting, number)
	}
	if a.Settled = max(a.Settled, number); number > a.Applied {
		a.Applied = number
	}
	for n, outcome := range outcomes {
		if outcome != store.Conflict || told {
			continue
		}
		err := store.PutDeadLetter(ctx, a.Backend, store.DeadLetter{
			Reason: "its event id is taken by a different event", Time: time.Now().UTC(), Interaction: events[n],
		})
		if err != nil {
			a.o.Logger.Error("keep a dead letter", "user", events[n].UserID, "event", events[n].EventID, "error", err)
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
		a.Applied = 0
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
	for {
		if err := a.replay(ctx); err != nil {
			return err
		}
		if a.drain(); a.seen <= a.Applied {
			return nil
		}
	}
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

// replay applies what the log holds above a.Applied.
func (a *applier) replay(ctx context.Context) error {
	type held struct {
		number uint64
		events int
	}
	var frames []held
	var read uint64
	var events []store.Interaction
	flush := func() error {
		if len(events) == 0 {
			return nil
		}
		ctx, cancel := context.WithTimeout(ctx, 6*applyTimeout)
		defer cancel()
		outcomes, err := a.Backend.Append(ctx, events)
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
		batch, err := decode(payload)
		if err != nil {
			return err
		}
		frames, events = append(frames, held{number, len(batch)}), append(events, batch...)
		a.seen, read = max(a.seen, number), number
		if len(events) < maxGroup {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err == nil {
		a.Applied = max(a.Applied, read) // frames that hold nothing any more
	}
	return err
}

// left reports whether nobody waits for a group any more.
func (g *group) left() bool {
	for _, r := range g.requests {
		if !r.left.Load() {
			return false
		}
	}
	return true
}
