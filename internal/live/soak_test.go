package live

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/trial"
	"valse/store"
)

// listener reads a subscription as fast as it can and remembers the newest list.
type listener struct {
	user  string
	last  atomic.Pointer[List]
	lists atomic.Int64
}

func (l *listener) read(lists <-chan List) {
	for list := range lists {
		l.last.Store(&list)
		l.lists.Add(1)
	}
}

// TestManySubscriptionsUnderSteadyEventsLeakNothingAndMissNoLastList keeps 2,000
// subscriptions open while 200 events a second arrive from 32 writers. What
// is held is measured at rest: everyone pauses, and what the last lists left
// behind is collected. Else the measure would be of garbage, of which there is
// the more the longer the histories are.
func TestManySubscriptionsUnderSteadyEventsLeakNothingAndMissNoLastList(t *testing.T) {
	const subscriptions, users, rate, writers = 2000, 500, 200, 32
	length := time.Duration(trial.Rounds(10, 600)) * time.Second
	if testing.Short() {
		length = 2 * time.Second
	}
	random := trial.Rand(t)
	// All that may fill is full by half-time: the window of the log at once, and
	// what is kept of users with their first lists, since all have bought more
	// products than the model has factors.
	s := open(t, 60, Options{TogetherWindow: 1_000, TogetherEvery: 500 * time.Millisecond}, tastes(users, 60)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })

	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	all := make([]*listener, subscriptions)
	for i := range all {
		l := &listener{user: fmt.Sprintf("u%d", i%users)}
		lists, err := s.Subscribe(ctx, l.user, Request{N: 10})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = l
		reading.Go(func() { l.read(lists) })
	}
	eventually(t, "every first list", func() bool { return heard(all) })

	var pause sync.RWMutex // held by who writes
	rest := func() foot {
		pause.Lock()
		defer pause.Unlock()
		s.settle()
		return footprint()
	}
	begin := time.Now()
	var writing sync.WaitGroup
	var over atomic.Bool // not by the clock: all write at half-time
	var events atomic.Int64
	for w := range writers {
		mine := trial.Fork(random)
		writing.Go(func() {
			for n := 0; !over.Load(); n++ {
				time.Sleep(time.Until(begin.Add(time.Duration(n*writers+w) * time.Second / rate))) // who is late catches up
				pause.RLock()
				appendOne(t, s.st, mine, fmt.Sprintf("soak %d/%d", w, n), users)
				pause.RUnlock()
				events.Add(1)
			}
		})
	}
	time.Sleep(length / 2)
	half := rest()
	time.Sleep(time.Until(begin.Add(length)))
	over.Store(true)
	writing.Wait()
	took := time.Since(begin)
	end := rest()
	t.Logf("%d events, %.0f a second; at half-time %v, at the end %v", events.Load(), float64(events.Load())/took.Seconds(), half, end)
	if end.goroutines > half.goroutines-writers {
		t.Errorf("%d goroutines at half-time, of which %d wrote, and %d at the end", half.goroutines, writers, end.goroutines)
	}
	if grown := int64(end.heap) - int64(half.heap); grown > 1<<20 {
		t.Errorf("the heap grew by %d KiB from half-time to the end", grown>>10)
	}
	for _, l := range all {
		eventually(t, "the last list of "+l.user, func() bool { return sameList(*l.last.Load(), s.recommend(l.user, Request{N: 10})) })
	}
	stop()
	reading.Wait()
	eventually(t, "the end of all subscriptions", func() bool { return s.Status().Subscriptions == 0 })
}

// settle waits until no list is being made or has to be.
func (s *shop) settle() {
	s.Helper()
	for still := 0; still < 3; still++ {
		time.Sleep(100 * time.Millisecond)
		if len(s.turns) > 0 || s.hub.waiting() {
			still = -1
		}
	}
}

// waiting reports whether a change has not been answered by a list yet.
func (h *hub) waiting() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, mine := range h.byUser {
		for sub := range mine {
			if len(sub.changed) > 0 {
				return true
			}
		}
	}
	return false
}

func heard(all []*listener) bool {
	for _, l := range all {
		if l.last.Load() == nil {
			return false
		}
	}
	return true
}

func appendOne(t testing.TB, st store.Store, random *rand.Rand, id string, users int) {
	kind := []store.EventType{store.View, store.View, store.Purchase, store.Like, store.Dislike}[random.IntN(5)]
	_, err := st.Append(context.Background(), []store.Interaction{{
		EventID: id, UserID: fmt.Sprintf("u%d", random.IntN(users)), ProductID: fmt.Sprintf("p%d", random.IntN(60)),
		Type: kind, Value: 1, Time: time.Now().UTC(),
	}})
	if err != nil {
		t.Error(err)
	}
}

// sameList compares lists by their scores; where those differ by rounding,
// neighbours may have changed places.
func sameList(a, b List) bool {
	if len(a.Items) != len(b.Items) || a.Source != b.Source || a.Source != engine.SourceLive && len(a.Items) > 0 {
		return false
	}
	for i, item := range a.Items {
		if d := item.Score - b.Items[i].Score; d > 1e-3 || d < -1e-3 {
			return false
		}
	}
	return true
}

// foot is what a process holds on to.
type foot struct {
	heap       uint64
	goroutines int
}

func (f foot) String() string {
	return fmt.Sprintf("%d KiB and %d goroutines", f.heap>>10, f.goroutines)
}

// footprint collects twice: what pools hold survives once.
func footprint() foot {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return foot{m.HeapAlloc, runtime.NumGoroutine()}
}
