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
// subscriptions open while 200 events a second arrive from eight writers.
func TestManySubscriptionsUnderSteadyEventsLeakNothingAndMissNoLastList(t *testing.T) {
	const subscriptions, users, rate, writers = 2000, 500, 200, 8
	length := time.Duration(trial.Rounds(10, 600)) * time.Second
	if testing.Short() {
		length = 2 * time.Second
	}
	random := trial.Rand(t)
	// A window that is full by half-time: what grows after that leaks.
	s := open(t, 60, Options{TogetherWindow: 5_000}, tastes(users, 60)...)
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

	before := footprint()
	end := time.Now().Add(length)
	var writing sync.WaitGroup
	var half sync.Once
	var events atomic.Int64
	for w := range writers {
		mine := trial.Fork(random)
		writing.Go(func() {
			tick := time.NewTicker(time.Second * writers / rate)
			defer tick.Stop()
			for n := 0; time.Now().Before(end); n++ {
				<-tick.C
				appendOne(t, s.st, mine, fmt.Sprintf("soak %d/%d", w, n), users)
				events.Add(1)
				if time.Until(end) < length/2 {
					half.Do(func() { before = footprint() }) // caches are full by now
				}
			}
		})
	}
	writing.Wait()
	after := footprint()
	if after.goroutines > before.goroutines+writers+5 {
		t.Errorf("%d goroutines at half-time, %d at the end", before.goroutines, after.goroutines)
	}
	if grown := int64(after.heap) - int64(before.heap); grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB from half-time to the end", grown>>10)
	}
	for _, l := range all {
		eventually(t, "the last list of "+l.user, func() bool { return sameList(*l.last.Load(), s.recommend(l.user, Request{N: 10})) })
	}
	t.Logf("%d events, %d KiB and %d goroutines at half-time, %d and %d at the end",
		events.Load(), before.heap>>10, before.goroutines, after.heap>>10, after.goroutines)
	stop()
	reading.Wait()
	eventually(t, "the end of all subscriptions", func() bool { return s.Status().Subscriptions == 0 })
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

func footprint() foot {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return foot{m.HeapAlloc, runtime.NumGoroutine()}
}
