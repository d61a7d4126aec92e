package lru

import (
	"fmt"
	"testing"

	"valse/internal/trial"
)

func TestWhatWasUsedLastStays(t *testing.T) {
	c := New[string, int](10)
	c.Put("a", 1, 4)
	c.Put("b", 2, 4)
	c.Get("a")
	c.Put("c", 3, 4) // b has to go
	for key, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := c.Get(key); ok != want {
			t.Errorf("Get(%s) = %v, want %v", key, ok, want)
		}
	}
	c.Put("whale", 4, 11)
	if _, ok := c.Get("whale"); ok {
		t.Error("what is larger than all the room is kept")
	}
	c.Drop("a")
	if _, ok := c.Get("a"); ok {
		t.Error("a key that was dropped is there")
	}
}

func TestTheRoomIsNeverExceeded(t *testing.T) {
	r := trial.Rand(t)
	c := New[string, int](100)
	sizes := map[string]int{}
	for round := range 10_000 {
		key := fmt.Sprint(r.IntN(40))
		switch r.IntN(4) {
		case 0:
			c.Drop(key)
		default:
			sizes[key] = r.IntN(30)
			c.Put(key, round, sizes[key])
			if got, ok := c.Get(key); !ok || got != round {
				t.Fatalf("Get(%s) = %d, %v just after Put(%d)", key, got, ok, round)
			}
		}
		used := 0
		for key := range c.entries {
			used += sizes[key]
		}
		if used > 100 || used != c.used || len(c.entries) != c.latest.Len() {
			t.Fatalf("round %d: %d of 100 are used and counted as %d, %d entries in a row of %d", round, used, c.used, len(c.entries), c.latest.Len())
		}
	}
}
