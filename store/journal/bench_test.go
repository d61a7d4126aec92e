package journal_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
	"valse/store/journal"
	"valse/store/redis/redistest"
	"valse/store/sqlite"
)

// everySecond is how Redis keeps what it has when speed matters.
var everySecond = []string{"--appendonly", "yes", "--appendfsync", "everysec"}

// BenchmarkAcknowledge records single events from 64 writers: durably through
// the journal, durably into SQLite (the other candidate for an outbox), and as
// a bare XADD to a Redis that may lose the last second.
func BenchmarkAcknowledge(b *testing.B) {
	b.Run("journal", func(b *testing.B) {
		s := open(b, redistest.Start(b, everySecond...), "main", b.TempDir(), journal.Options{})
		acknowledge(b, func(n int64) error { return appendOne(b, s, n) })
	})
	b.Run("sqlite", func(b *testing.B) {
		s, err := sqlite.Open(b.Context(), b.TempDir(), "main", sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		acknowledge(b, func(n int64) error { return appendOne(b, s, n) })
	})
	b.Run("xadd", func(b *testing.B) {
		o, err := goredis.ParseURL(redistest.Start(b, everySecond...).URL)
		if err != nil {
			b.Fatal(err)
		}
		client := goredis.NewClient(o)
		defer client.Close()
		acknowledge(b, func(n int64) error {
			e := benchEvent(n)
			return client.XAdd(b.Context(), &goredis.XAddArgs{Stream: "log", Values: []any{
				"u", e.UserID, "e", e.EventID, "p", e.ProductID, "t", e.Time.UnixMicro()}}).Err()
		})
	})
}

func acknowledge(b *testing.B, record func(n int64) error) {
	var next atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := record(next.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(next.Load())/b.Elapsed().Seconds(), "acks/s")
}

func appendOne(b *testing.B, s store.Store, n int64) error {
	outcomes, err := s.Append(b.Context(), []store.Interaction{benchEvent(n)})
	if err == nil && outcomes[0] != store.Created {
		err = fmt.Errorf("event %d was answered %v", n, outcomes[0])
	}
	return err
}

func benchEvent(n int64) store.Interaction {
	return store.Interaction{
		EventID: fmt.Sprintf("event-%08d", n), UserID: fmt.Sprintf("user-%d", n*7919%6000),
		ProductID: fmt.Sprintf("product-%d", n*31%3700), Type: store.View, Value: 1,
		Time: time.UnixMicro(1_770_000_000_000_000 + n).UTC(),
	}
}
