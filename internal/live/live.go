// Package live answers who asks right now: it joins the store with a
// recommender in memory and pushes new lists as interactions arrive.
//
// One goroutine, the keeper, owns the parts of the recommender (model,
// catalogue, popularity, baskets), renews each when its source changes, and
// swaps the joined whole behind an atomic pointer. A request loads that pointer
// once, so that one list comes from one model. A second goroutine reads the
// store's notices and wakes the keeper or the subscriptions they concern. Each
// subscription has one goroutine, which makes at most one list at a time and
// keeps only the newest for its reader.
//
// Invariants: what was loaded keeps serving while a newer part cannot be
// loaded; nothing here is the only copy of anything; Run returns after every
// goroutine has ended, those of subscriptions included.
package live

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"valse/engine"
	"valse/engine/rule"
	"valse/internal/experiment"
	"valse/internal/lru"
	"valse/internal/rulebook"
	"valse/internal/trace"
	"valse/store"
)

// ErrStopped says that the service does not run any more.
var ErrStopped = errors.New("the live service has stopped")

// ModelLoader loads models by id.
type ModelLoader interface {
	Model(ctx context.Context, id string) (*engine.Model, error)
}

// Options configure a [Service]. The zero value works.
type Options struct {
	Clock  func() time.Time // default time.Now
	Logger *slog.Logger     // default slog.Default()

	PollEvery     time.Duration // of publication and catalogue, should notices get lost; default 2 s
	CountsEvery   time.Duration // renewal of popularity; default 15 s
	TogetherEvery time.Duration // renewal of what is bought together; default 1 min
	Settle        time.Duration // wait for more changes of the catalogue to come; default 250 ms
	// TogetherWindow is how many of the log's newest interactions tell what
	// is bought together; default 200,000.
	TogetherWindow int
	// HalfLife of popularity in days; default 30.
	HalfLife float64
	// Remembered is how many interactions of users seen lately are kept in
	// memory, some 250 bytes each; default 200,000.
	Remembered int
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.Default())
	o.PollEvery = cmp.Or(o.PollEvery, 2*time.Second)
	o.CountsEvery = cmp.Or(o.CountsEvery, 15*time.Second)
	o.TogetherEvery = cmp.Or(o.TogetherEvery, time.Minute)
	o.Settle = cmp.Or(o.Settle, 250*time.Millisecond)
	o.TogetherWindow = cmp.Or(o.TogetherWindow, 200_000)
	o.HalfLife = cmp.Or(o.HalfLife, 30)
	o.Remembered = cmp.Or(o.Remembered, 200_000)
	return o
}

// Service answers from memory and the store. Its methods may be called
// concurrently; they wait for the first load, which Run does.
type Service struct {
	store  store.Store
	loader ModelLoader
	o      Options

	state   atomic.Pointer[state]
	loaded  chan struct{} // closed after the first load
	stopped chan struct{} // closed when Run ends
	hub     *hub
	kept    *kept
	// histories are what users were last seen to have done.
	histories *lru.Cache[string, remembered]
	// turns bounds how many subscriptions make a list at the same time, so
	// that a model swap does not starve requests.
	turns chan struct{}

	seal atomic.Pointer[trace.Sealer] // of list ids; nil until first needed

	books       *rulebook.Books
	experiments experiment.Registry
	archive     archive

	catalogueChanged, modelChanged, settingsChanged chan struct{} // woken by notices
	countsChanged                                   atomic.Bool
}

// state is what one request answers from.
type state struct {
	number      int64 // of the state; no other has it
	recommender *engine.Recommender
	sealer      *trace.Sealer
	book        *rule.Book    // in force; nil before it is read
	rules       *engine.Rules // of that book; nil before the first
	turns       turns         // when rules of that book begin and end to count, in order
	library     *library
	stock       *stock
	// experiment is what is running; nil for none, and in an arm of it.
	experiment *experiment.Experiment
	part       part // that the lists made from this state take in one
	// published is the model whose stored lists stand in; it may differ from
	// the recommender's while that model cannot be loaded.
	published string
	paired    int // products that go with others
	at        time.Time
}

// New returns a service over a store, which it does not own. It does nothing
// until Run is called.
func New(st store.Store, loader ModelLoader, o Options) *Service {
	o = o.withDefaults()
	s := &Service{
		store: st, loader: loader, o: o,
		loaded: make(chan struct{}), stopped: make(chan struct{}),
		hub:              newHub(),
		kept:             newKept(keptBytes),
		histories:        lru.New[string, remembered](o.Remembered),
		turns:            make(chan struct{}, runtime.GOMAXPROCS(0)),
		catalogueChanged: make(chan struct{}, 1),
		modelChanged:     make(chan struct{}, 1),
		settingsChanged:  make(chan struct{}, 1),
	}
	s.books = rulebook.New(st, s.o.Clock)
	s.experiments = experiment.Registry{Store: st, Clock: s.o.Clock}
	s.archive.loader = loader
	return s
}

// current returns the state, after the first load.
func (s *Service) current(ctx context.Context) (*state, error) {
	select {
	case <-s.loaded:
		return s.state.Load(), nil
	default:
	}
	select {
	case <-s.loaded:
		return s.state.Load(), nil
	case <-s.stopped:
		return nil, ErrStopped
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Status tells what is being served.
type Status struct {
	Loaded        bool      // whether requests are answered yet
	ModelID       string    // that lists come from; empty without a model
	Published     string    // what should serve; differs while it cannot be loaded
	Products      int       // in the catalogue
	Added         int       // products that came after the model's training and have a factor since
	Paired        int       // products known to go with others
	Subscriptions int       // open on this process
	At            time.Time // of the last change
}

// Status returns what is being served, without waiting.
func (s *Service) Status() Status {
	st := s.state.Load()
	if st == nil {
		return Status{Subscriptions: s.hub.size()}
	}
	return Status{
		Loaded: true, ModelID: st.recommender.ModelID(), Published: st.published,
		Added:    st.recommender.Added(),
		Products: st.recommender.Catalogue().Len(), Paired: st.paired, Subscriptions: s.hub.size(), At: st.at,
	}
}

// List is a list with what clients need to attribute events to it.
type List struct {
	engine.List
	RecommendationID string // says where the list came from; see package trace
	At               time.Time
	// Experiment is the number of the one that the list is part of, 0 for none,
	// and Arm its arm; entries of an interleaved list have arms of their own.
	Experiment, Arm int

	drafted [2]draft // of an interleaved list, by arm
}

// draft is what entries of one arm of an interleaved list have of their own.
type draft struct{ recommendationID, modelID string }

// IDOf returns the id to attribute events on an entry by: the list's own, or
// that of the arm which put the entry there.
func (l *List) IDOf(entry int) string {
	if l.Interleaved {
		return l.drafted[l.Items[entry].Arm].recommendationID
	}
	return l.RecommendationID
}

// ModelOf returns the model that an entry comes from.
func (l *List) ModelOf(entry int) string {
	if l.Interleaved {
		return l.drafted[l.Items[entry].Arm].modelID
	}
	return l.ModelID
}

// issue gives a list its id and time.
func (s *Service) issue(st *state, shelf ShelfKind, l engine.List) List {
	at := s.o.Clock().UTC()
	o := st.part.origin(trace.Origin{Shelf: string(shelf), ModelID: l.ModelID, Rules: int(l.RuleVersion)})
	issued := List{List: l, RecommendationID: st.sealer.ID(o, at), At: at, Experiment: o.Experiment, Arm: o.Arm}
	if l.Interleaved {
		issued.Experiment = st.experiment.ID
		for arm, a := range st.experiment.Arms {
			o := part{st.experiment, arm}.origin(o)
			o.ModelID = cmp.Or(a.ModelID, l.ModelID)
			if a.Rules != 0 {
				o.Rules = int(a.Rules)
			}
			issued.drafted[arm] = draft{st.sealer.ID(o, at), o.ModelID}
		}
	}
	return issued
}
