package redis_test

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"

	"valse/store"
	"valse/store/redis"
	"valse/store/redis/redistest"
	"valse/store/storetest"
)

// places numbers the empty places that conformance checks run in: each has
// partitions of its own on one server.
var places atomic.Int64

// open opens a partition for the length of a test.
func open(t testing.TB, server *redistest.Server, partition string) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), server.URL, partition, redis.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("Open(%s): %v", partition, err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// conform runs the suite against a server.
func conform(t *testing.T, server *redistest.Server) {
	storetest.Run(t, func(testing.TB) storetest.Backend {
		place := places.Add(1)
		return func(t testing.TB, partition string) store.Store {
			return open(t, server, fmt.Sprintf("place%d-%s", place, partition))
		}
	})
}

func TestStoreConformsAndTouchesOneSlotAtATime(t *testing.T) {
	server := redistest.Start(t)
	done := monitor(t, server)
	conform(t, server)
	faults, seen := done()
	for _, fault := range faults {
		t.Error(fault)
	}
	if seen < 1000 {
		t.Errorf("the monitor saw %d commands, want the suite's", seen)
	}
}

func TestStoreConformsOnACluster(t *testing.T) { conform(t, redistest.StartCluster(t)) }
