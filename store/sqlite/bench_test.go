package sqlite

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"valse/store"
)

// ratings are as many as MovieLens 1M has, of its shape: grouped by user, a few
// sessions each, products by a power law.
func ratings() []store.Interaction {
	const users, products, total = 6_040, 3_706, 1_000_209
	random := rand.New(rand.NewPCG(1, 2))
	popularity := rand.NewZipf(random, 1.1, 30, products-1)
	batch := make([]store.Interaction, 0, total)
	for u := range users {
		at := time.Unix(956_700_000+random.Int64N(80_000_000), 0).UTC()
		n := (total - len(batch)) / (users - u)
		for len(batch) < total && n > 0 {
			n--
			at = at.Add(time.Duration(random.IntN(90)) * time.Second)
			batch = append(batch, store.Interaction{
				EventID: fmt.Sprintf("ml:%d", len(batch)), UserID: fmt.Sprint(u + 1), ProductID: fmt.Sprint(popularity.Uint64() + 1),
				Type: store.Rating, Value: float64(1 + random.IntN(5)), Time: at,
			})
		}
	}
	return batch
}

// cpuTime is what the process has used so far: on a shared machine it says more
// than the clock.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkImport appends a million ratings in the batches of an importer, once
// to an empty store and once more to the same.
func BenchmarkImport(b *testing.B) {
	all := ratings()
	dir := b.TempDir()
	for round := 0; b.Loop(); round++ {
		s := openTest(b, dir, fmt.Sprintf("import%d", round))
		for _, again := range []bool{false, true} {
			start, cpu := time.Now(), cpuTime()
			for from := 0; from < len(all); from += 20_000 {
				outcomes, err := s.Append(b.Context(), all[from:min(from+20_000, len(all))])
				if err != nil {
					b.Fatal(err)
				}
				if want := map[bool]store.Outcome{false: store.Created, true: store.Exists}[again]; outcomes[0] != want {
					b.Fatalf("outcome = %v, want %v", outcomes[0], want)
				}
			}
			prefix := map[bool]string{false: "", true: "known-"}[again]
			b.ReportMetric(float64(len(all))/time.Since(start).Seconds(), prefix+"rows/s")
			b.ReportMetric((cpuTime() - cpu).Seconds(), prefix+"cpu-s")
		}
	}
}

// BenchmarkAcknowledge has 64 writers send one event after another, each
// acknowledged when it is durable.
func BenchmarkAcknowledge(b *testing.B) {
	s := openTest(b, b.TempDir(), "main")
	var serial atomic.Int64
	b.SetParallelism(32) // times GOMAXPROCS, 2 here
	start, cpu := time.Now(), cpuTime()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := serial.Add(1)
			i := store.Interaction{
				EventID: fmt.Sprint(n), UserID: fmt.Sprint("user ", n%5_000), ProductID: fmt.Sprint("product ", n*7919%2_400),
				Type: store.View, Value: 1, Time: time.Now(),
			}
			if _, err := s.Append(b.Context(), []store.Interaction{i}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "acks/s")
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/ack")
}
