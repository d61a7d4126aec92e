package warehouse

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine"
	"valse/store"
)

// day is when the logs of these tests begin.
var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// makeLog returns n interactions of shard with sequence numbers from first
// on, always the same ones; one is accepted each minute.
func makeLog(shard int, first int64, n int) []store.Interaction {
	log := make([]store.Interaction, n)
	for i := range log {
		seq := first + int64(i)
		random := rand.New(rand.NewPCG(uint64(shard), uint64(seq)))
		eventType := store.EventTypes()[random.IntN(len(store.EventTypes()))]
		log[i] = store.Interaction{
			EventID: fmt.Sprintf("e%d-%d", shard, seq),
			UserID:  fmt.Sprintf("u%d", random.IntN(50)), ProductID: fmt.Sprintf("p%d", random.IntN(20)),
			Type: eventType, Value: float64(1 + random.IntN(5)),
			Time:  day.Add(-time.Duration(random.IntN(1e6)) * time.Millisecond),
			Shard: shard, Seq: seq, RecordedAt: day.Add(time.Duration(seq) * time.Minute),
		}
		if random.IntN(3) == 0 {
			log[i].Basket = fmt.Sprintf("b%d", random.IntN(10))
		}
	}
	return log
}

func newWarehouse(t testing.TB) *Warehouse {
	t.Helper()
	w, err := Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// mustAppend appends log in batches of size.
func mustAppend(t testing.TB, w *Warehouse, log []store.Interaction, size int) {
	t.Helper()
	for len(log) > 0 {
		n := min(size, len(log))
		if err := w.AppendLog(t.Context(), log[0].Shard, log[:n], nil); err != nil {
			t.Fatal(err)
		}
		log = log[n:]
	}
}

func mustSnapshot(t testing.TB, w *Warehouse, name string) *Snapshot {
	t.Helper()
	s, err := w.Snapshot(t.Context(), name, day)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustEvents(t testing.TB, s *Snapshot) *engine.Events {
	t.Helper()
	e, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// event is one row of engine.Events spelled out.
type event struct {
	User, Product, Basket string
	Type                  store.EventType
	Value                 float32
	Time                  int64
}

// spell returns the rows of e; baskets, which have lost their names, are
// numbered in order of first appearance.
func spell(e *engine.Events) []event {
	rows := make([]event, e.Len())
	for i := range rows {
		rows[i] = event{
			User: e.UserIDs[e.User[i]], Product: e.ProductIDs[e.Product[i]],
			Type: e.Type[i], Value: e.Value[i], Time: e.Time[i],
		}
		if e.Basket[i] >= 0 {
			rows[i].Basket = fmt.Sprint(e.Basket[i])
		}
	}
	return rows
}

// spellLog returns what spell says of the events of log.
func spellLog(log []store.Interaction) []event {
	rows := make([]event, len(log))
	baskets := map[string]string{"": ""}
	for i, l := range log {
		if _, ok := baskets[l.Basket]; !ok {
			baskets[l.Basket] = fmt.Sprint(len(baskets) - 1)
		}
		rows[i] = event{l.UserID, l.ProductID, baskets[l.Basket], l.Type, float32(l.Value), l.Time.UnixMicro()}
	}
	return rows
}

func TestEventsAreTheAppendedLogInOrder(t *testing.T) {
	w := newWarehouse(t)
	log := append(makeLog(0, 1, 3000), makeLog(1, 7, 500)...)
	mustAppend(t, w, log[:3000], 700)
	mustAppend(t, w, log[3000:], 499)
	s := mustSnapshot(t, w, "first")
	if s.Rows != 3500 {
		t.Errorf("snapshot counts %d rows, want 3500", s.Rows)
	}
	if diff := cmp.Diff(spellLog(log), spell(mustEvents(t, s))); diff != "" {
		t.Errorf("events differ from the log (-log +events):\n%s", diff)
	}
	positions, err := w.Positions(t.Context())
	if want := map[int]int64{0: 3000, 1: 506}; err != nil || !cmp.Equal(positions, want) {
		t.Errorf("Positions() = %v, %v, want %v", positions, err, want)
	}
}
