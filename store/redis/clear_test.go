package redis_test

import (
	"fmt"
	"testing"
	"time"

	"valse/store"
	"valse/store/redis/redistest"
)

func TestClearRemovesOnePartitionAndNothingElse(t *testing.T) {
	server := redistest.Start(t)
	fill := func(partition string) {
		s := open(t, server, partition)
		var events []store.Interaction
		for n := range 500 {
			events = append(events, store.Interaction{
				EventID: "e", UserID: fmt.Sprint("u", n), ProductID: "p", Type: store.Like, Value: 1, Time: time.Now().UTC(),
			})
		}
		if _, err := s.Append(t.Context(), events); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.PutProducts(t.Context(), []store.Product{{ID: "p", Title: "P", Price: -1}}); err != nil {
			t.Fatal(err)
		}
		if err := s.PutSetting(t.Context(), "name", []byte("value")); err != nil {
			t.Fatal(err)
		}
	}
	fill("shop")
	before := server.Size()
	if before < 1000 {
		t.Fatalf("a partition of 500 users has %d keys", before)
	}
	fill("shop2")
	done := monitor(t, server)
	if err := open(t, server, "shop2").Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, fault := range first(done()) {
		t.Error(fault)
	}
	if left := server.Size(); left != before {
		t.Errorf("%d keys are left, the other partition has %d", left, before)
	}
	if h, err := open(t, server, "shop").History(t.Context(), "u7", store.HistoryQuery{Limit: 10}); err != nil || len(h.Interactions) != 1 {
		t.Errorf("the other partition's user has %v, %v", h, err)
	}
}

func TestClearRemovesAPartitionFromEveryNodeOfACluster(t *testing.T) {
	server := redistest.StartCluster(t)
	s := open(t, server, "shop")
	for n := range 100 {
		i := store.Interaction{EventID: "e", UserID: fmt.Sprint("u", n), ProductID: "p", Type: store.Like, Value: 1, Time: time.Now().UTC()}
		if _, err := s.Append(t.Context(), []store.Interaction{i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	ends, err := s.LogEnd(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for shard, end := range ends {
		if end != 0 {
			t.Errorf("shard %d still ends at %d", shard, end)
		}
	}
}

func first[A, B any](a A, _ B) A { return a }
