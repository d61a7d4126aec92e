package redis_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"valse/store"
	"valse/store/redis/redistest"
)

// BenchmarkAppendInBulk measures an import: batches of 5,000 of 6,000 users.
func BenchmarkAppendInBulk(b *testing.B) {
	s := open(b, redistest.Start(b, "--appendonly", "yes", "--appendfsync", "everysec"), "main")
	batch := make([]store.Interaction, 5000)
	next := 0
	for b.Loop() {
		for i := range batch {
			batch[i] = benchEvent(next)
			next++
		}
		if _, err := s.Append(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkAppendDurably measures single events from 32 writers, each on disk
// when acknowledged.
func BenchmarkAppendDurably(b *testing.B) {
	s := open(b, redistest.Start(b, redistest.Durable...), "main")
	var next atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Append(b.Context(), []store.Interaction{benchEvent(int(next.Add(1)))}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(next.Load())/b.Elapsed().Seconds(), "acks/s")
}

// benchEvent is the nth event: one in four a rating.
func benchEvent(n int) store.Interaction {
	e := store.Interaction{
		EventID: fmt.Sprintf("event-%08d", n), UserID: fmt.Sprintf("user-%d", n*7919%6000),
		ProductID: fmt.Sprintf("product-%d", n*31%3700), Type: store.View, Value: 1,
		Time: time.Date(2026, time.March, 1, 0, 0, n%5_000_000, 0, time.UTC),
	}
	if n%4 == 0 {
		e.Type, e.Value = store.Rating, float64(1+n%9)/2
	}
	return e
}
