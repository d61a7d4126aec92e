package redis_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/store"
	"valse/store/redis"
	"valse/store/redis/redistest"
)

// Figures of the crash test.
const (
	crashWriters = 8
	crashKills   = 10
)

func TestAcknowledgedEventsSurviveKillingTheServer(t *testing.T) {
	server := redistest.Start(t, redistest.Durable...)
	s := open(t, server, "main")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)

	var stop atomic.Bool
	var repeated atomic.Int64
	acknowledged := make([][]store.Interaction, crashWriters)
	var writers sync.WaitGroup
	begun := time.Now()
	for w := range crashWriters {
		random := rand.New(rand.NewPCG(seed, uint64(w)))
		writers.Go(func() {
			for n := 0; !stop.Load(); n++ {
				batch := crashBatch(random, w, n)
				acknowledged[w] = append(acknowledged[w], batch...)
				repeated.Add(appendUntilAcknowledged(t, s, batch))
			}
		})
	}
	random := rand.New(rand.NewPCG(seed, crashWriters))
	for range crashKills {
		time.Sleep(time.Duration(20+random.IntN(200)) * time.Millisecond)
		server.Repair()
		server.Restart()
	}
	stop.Store(true)
	writers.Wait()
	took := time.Since(begun)

	sent := 0
	for _, events := range acknowledged {
		sent += len(events)
	}
	t.Logf("%d kills, %d acknowledged (%.0f/s), %d of them stored by a try that failed", crashKills, sent, float64(sent)/took.Seconds(), repeated.Load())
	server.Restart()
	wantOnce(t, s, acknowledged, sent)
}

// crashBatch makes the nth batch of a writer: a few users, all its own.
func crashBatch(random *rand.Rand, w, n int) []store.Interaction {
	batch := make([]store.Interaction, 1+random.IntN(12))
	for i := range batch {
		batch[i] = store.Interaction{
			EventID: fmt.Sprintf("%d-%d-%d", w, n, i), UserID: fmt.Sprintf("user %d-%d", w, random.IntN(20)),
			ProductID: fmt.Sprint("product ", random.IntN(50)), Type: store.EventTypes()[random.IntN(8)], Value: 1,
			Time: time.Now().UTC().Truncate(time.Microsecond),
		}
	}
	return batch
}

// appendUntilAcknowledged sends a batch until there is no error and returns how
// many of it an earlier try had stored.
func appendUntilAcknowledged(t *testing.T, s *redis.Store, batch []store.Interaction) (repeated int64) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		outcomes, err := s.Append(ctx, batch)
		cancel()
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		for n, outcome := range outcomes {
			switch outcome {
			case store.Exists:
				repeated++
			case store.Created:
			default:
				t.Errorf("Append(%v) = %v, want created or exists", batch[n], outcome)
			}
		}
		return repeated
	}
}

// wantOnce checks that the log, the histories and the counts hold each
// acknowledged event once and nothing else.
func wantOnce(t *testing.T, s *redis.Store, acknowledged [][]store.Interaction, sent int) {
	t.Helper()
	ctx := t.Context()
	logged := map[[2]string]store.Interaction{}
	for shard := range s.Shards() {
		last := int64(0)
		for {
			events, err := s.ReadLog(ctx, shard, last, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(events) == 0 {
				break
			}
			for _, e := range events {
				if e.Seq != last+1 {
					t.Fatalf("shard %d: entry %d follows %d", shard, e.Seq, last)
				}
				last = e.Seq
				logged[[2]string{e.UserID, e.EventID}] = e
			}
		}
		if ends, err := s.LogEnd(ctx); err != nil || ends[shard] != last {
			t.Fatalf("LogEnd of shard %d = %v, %v, want %d", shard, ends, err, last)
		}
	}
	inHistory := map[string]int{}
	for _, events := range acknowledged {
		for _, e := range events {
			got, there := logged[[2]string{e.UserID, e.EventID}]
			if !there || !got.Same(&e) {
				t.Fatalf("acknowledged %+v is in the log as %+v", e, got)
			}
			inHistory[e.UserID]++
		}
	}
	if len(logged) != sent {
		t.Errorf("the log holds %d events, %d were acknowledged", len(logged), sent)
	}
	for user, want := range inHistory {
		page, err := s.History(ctx, user, store.HistoryQuery{})
		if err != nil || len(page.Interactions) != want {
			t.Errorf("History(%s) has %d events (%v), want %d", user, len(page.Interactions), err, want)
		}
	}
	counted := int64(0)
	err := s.Counts(ctx, 0, func(c store.Count) error { counted += c.N; return nil })
	if err != nil || counted != int64(sent) {
		t.Errorf("Counts add up to %d (%v), want %d", counted, err, sent)
	}
}

// TestAHalfTransactionThatRedisRunsLaterShowsNothingTwice kills Redis while it
// writes a transaction. Redis 7.0 keeps the half of it in the append-only file,
// and runs that when it is started the time after next: then the history has an
// entry for an event that was stored under another number meanwhile.
func TestAHalfTransactionThatRedisRunsLaterShowsNothingTwice(t *testing.T) {
	s, _ := afterHalfATransaction(t, (*redistest.Server).Restart)
	page, err := s.History(t.Context(), "ann", store.HistoryQuery{})
	if err != nil || len(page.Interactions) != 4 {
		t.Errorf("the history has %d events (%v), want 4: %v", len(page.Interactions), err, page.Interactions)
	}
	two, err := s.History(t.Context(), "ann", store.HistoryQuery{Limit: 2})
	if err != nil || len(two.Interactions) != 2 || !two.HasNext {
		t.Errorf("a page of two has %d events, next %v (%v)", len(two.Interactions), two.HasNext, err)
	}
}

func TestAHalfTransactionThatIsTakenAwayIsNowhere(t *testing.T) {
	s, acknowledged := afterHalfATransaction(t, func(server *redistest.Server) {
		server.Repair()
		server.Restart()
	})
	wantOnce(t, s, [][]store.Interaction{acknowledged}, len(acknowledged))
}

// afterHalfATransaction returns a store whose Redis was killed while it wrote a
// transaction and then started twice, with what was acknowledged.
func afterHalfATransaction(t *testing.T, start func(*redistest.Server)) (*redis.Store, []store.Interaction) {
	t.Helper()
	server := redistest.Start(t, redistest.Durable...)
	s := open(t, server, "main")
	acknowledge := func(id string) store.Interaction {
		event := store.Interaction{EventID: id, UserID: "ann", ProductID: "p", Type: store.View, Value: 1, Time: time.Now().UTC().Truncate(time.Microsecond)}
		appendUntilAcknowledged(t, s, []store.Interaction{event})
		return event
	}
	first := acknowledge("first")
	acknowledge("cut") // but for the cut: it comes again below
	server.CutTransaction("XADD")
	start(server)
	all := []store.Interaction{first, acknowledge("second"), acknowledge("third"), acknowledge("cut")}
	start(server)
	return s, all
}
