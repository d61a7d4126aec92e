package journal_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
	"valse/store/journal"
	"valse/store/redis"
	"valse/store/redis/redistest"
	"valse/store/storetest"
	"valse/warehouse"
)

// quiet drops what is logged.
var quiet = slog.New(slog.DiscardHandler)

// open opens a Redis store behind a journal in folder, or without a log when
// that is empty.
func open(t testing.TB, server *redistest.Server, partition, folder string, o journal.Options) *journal.Store {
	t.Helper()
	o.Logger, o.Every, o.TidyEvery = quiet, 20*time.Millisecond, 100*time.Millisecond
	gate := "direct"
	if folder != "" {
		place, err := journal.Take(folder)
		if err != nil {
			t.Fatal(err)
		}
		o.Place, gate = place, place.ID
	}
	backend, err := redis.Open(t.Context(), server.URL, partition, redis.Options{Gate: gate, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	s, err := journal.Open(t.Context(), backend, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAStoreBehindAJournalConforms(t *testing.T) {
	server := redistest.Start(t)
	var places atomic.Int64
	for _, logged := range []bool{true, false} {
		t.Run(fmt.Sprintf("log=%v", logged), func(t *testing.T) {
			storetest.Run(t, func(t testing.TB) storetest.Backend {
				folder, place := t.TempDir(), places.Add(1)
				return func(t testing.TB, partition string) store.Store {
					at := ""
					if logged {
						at = filepath.Join(folder, partition)
					}
					return open(t, server, fmt.Sprintf("place%d-%s", place, partition), at, journal.Options{Patience: time.Minute})
				}
			})
		})
	}
}

// TestAcknowledgedInteractionsSurviveKillingRedis kills Redis at random, once
// with and once without its own persistence, while sixteen writers record and
// the transporter runs. Afterwards every acknowledged interaction must be in its
// user's history, in the log and in the warehouse, once.
func TestAcknowledgedInteractionsSurviveKillingRedis(t *testing.T) {
	for name, settings := range map[string][]string{
		"everysec":       {"--appendonly", "yes", "--appendfsync", "everysec"},
		"no persistence": {},
	} {
		t.Run(name, func(t *testing.T) { surviveKills(t, redistest.Start(t, settings...)) })
	}
}

func surviveKills(t *testing.T, server *redistest.Server) {
	random := trial.Rand(t)
	kills := trial.Rounds(6, 100)
	wh, err := warehouse.Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, server, "main", t.TempDir(), journal.Options{Archive: wh, Patience: 50 * time.Millisecond})
	p := pipeline.New(s, wh, pipeline.Options{Logger: quiet})
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	writers := make([]*writer, 16)
	for n := range writers {
		writers[n] = &writer{name: fmt.Sprint("w", n)}
		work.Go(func() { writers[n].run(ctx, s) })
	}
	work.Go(func() {
		for ctx.Err() == nil {
			p.Transport(ctx) // fails while Redis is away
			time.Sleep(20 * time.Millisecond)
		}
	})
	for range kills {
		time.Sleep(time.Duration(50+random.IntN(200)) * time.Millisecond)
		server.Kill()
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		server.Restart()
	}
	stop()
	work.Wait()
	awaitBack(t, s)
	if _, err := p.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	acknowledged, provisional := checkEverywhere(t, s, wh, writers)
	t.Logf("%d kills, %d acknowledged (%d while Redis was away), 0 lost, 0 doubled", kills, acknowledged, provisional)
	if acknowledged == 0 || provisional == 0 {
		t.Errorf("%d acknowledged, %d while Redis was away; want some of both", acknowledged, provisional)
	}
}

// awaitBack waits until the backend has everything again.
func awaitBack(t *testing.T, s *journal.Store) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, err := s.LogEpoch(t.Context())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the store is still away: %v", err)
		}
	}
}

// writer records events one after the other, each until it is acknowledged.
type writer struct {
	name                      string
	acknowledged, provisional int
}

func (w *writer) event(n int) store.Interaction {
	return store.Interaction{
		EventID: fmt.Sprint(n), UserID: fmt.Sprintf("%s-%d", w.name, n%3), ProductID: fmt.Sprint("p", n%97),
		Type: store.View, Value: 1, Time: time.UnixMicro(1_700_000_000_000_000 + int64(n)).UTC(),
	}
}

func (w *writer) run(ctx context.Context, s store.Store) {
	for ctx.Err() == nil {
		outcomes, err := s.Append(context.WithoutCancel(ctx), []store.Interaction{w.event(w.acknowledged)})
		if err != nil {
			continue
		}
		switch outcomes[0] {
		case store.Accepted:
			w.provisional++
		case store.Created, store.Exists:
		default:
			panic(fmt.Sprintf("event %d of %s was answered %v", w.acknowledged, w.name, outcomes[0]))
		}
		w.acknowledged++
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
	}
}

// checkEverywhere counts every acknowledged event in the log, the histories and
// the warehouse.
func checkEverywhere(t *testing.T, s *journal.Store, wh *warehouse.Warehouse, writers []*writer) (acknowledged, provisional int) {
	t.Helper()
	type id struct{ user, event string }
	inLog, inWarehouse, inHistory := map[id]int{}, map[id]int{}, map[id]int{}
	for shard := range s.Shards() {
		rows, err := s.ReadLog(t.Context(), shard, 0, 10_000_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range rows {
			inLog[id{e.UserID, e.EventID}]++
		}
		err = wh.ReadLog(t.Context(), shard, 0, func(batch []store.Interaction) error {
			for _, e := range batch {
				inWarehouse[id{e.UserID, e.EventID}]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := map[id]bool{}
	for _, w := range writers {
		acknowledged += w.acknowledged
		provisional += w.provisional
		for n := range w.acknowledged {
			e := w.event(n)
			want[id{e.UserID, e.EventID}] = true
		}
		for n := range 3 {
			user := fmt.Sprintf("%s-%d", w.name, n)
			for q := (store.HistoryQuery{}); ; {
				page, err := s.History(t.Context(), user, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Interactions {
					inHistory[id{user, e.EventID}]++
				}
				if !page.HasNext {
					break
				}
				q.Before = page.Cursors[len(page.Cursors)-1]
			}
		}
	}
	for where, held := range map[string]map[id]int{"log": inLog, "warehouse": inWarehouse, "history": inHistory} {
		lost, doubled := 0, 0
		for event := range want {
			switch held[event] {
			case 0:
				lost++
			case 1:
			default:
				doubled++
			}
		}
		if lost+doubled > 0 || len(held) != len(want) {
			t.Errorf("%s: %d events, want %d: %d lost, %d doubled", where, len(held), len(want), lost, doubled)
		}
	}
	return acknowledged, provisional
}
