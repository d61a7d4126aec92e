package journal

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store"
)

// TestATailIsTheNewestEventsOfAll compares a short tail, after random adding and
// forgetting, with a list of all that was added.
func TestATailIsTheNewestEventsOfAll(t *testing.T) {
	const length, users = 50, 8
	random := trial.Rand(t)
	tail := newTail(length)
	var all []store.Interaction // the newest length of them are remembered
	for n := range 5000 {
		user := fmt.Sprint("u", random.IntN(users))
		if random.IntN(40) == 0 {
			tail.forget(user)
			for i := range all {
				if all[i].UserID == user {
					all[i] = store.Interaction{}
				}
			}
			continue
		}
		e := store.Interaction{UserID: user, EventID: fmt.Sprint(n), ProductID: "p", Type: store.View, Time: time.Unix(int64(n), 0)}
		if again := all[max(0, len(all)-length):]; len(again) > 0 && random.IntN(4) == 0 {
			if e = again[random.IntN(len(again))]; e.UserID == "" {
				continue
			}
			other := e
			other.ProductID = "other"
			tail.add([]store.Interaction{other, e}, []store.Outcome{store.Conflict, store.Exists})
			if outcomes := tail.refuse([]store.Interaction{e, other}); outcomes[0] != 0 || outcomes[1] != store.Conflict {
				t.Fatalf("event %d, and another of its id, are %v; want only the other a conflict", n, outcomes)
			}
			if outcomes := tail.accept([]store.Interaction{e}); outcomes[0] != store.Exists {
				t.Fatalf("event %d, which is remembered, %v, want it to exist", n, outcomes[0])
			}
			continue
		}
		if outcomes := tail.accept([]store.Interaction{e}); outcomes[0] != store.Accepted {
			t.Fatalf("event %d is %v, want it accepted", n, outcomes[0])
		}
		all = append(all, e)
		want := map[string][]string{}
		kept := 0
		for _, e := range slices.Backward(all[max(0, len(all)-length):]) {
			if e.UserID != "" {
				want[e.UserID] = append(want[e.UserID], e.EventID)
				kept++
			}
		}
		for u := range users {
			user := fmt.Sprint("u", u)
			var got []string
			for _, e := range tail.history(user, nil, length) {
				got = append(got, e.EventID)
			}
			if !slices.Equal(got, want[user]) {
				t.Fatalf("after %d events the history of %s is %v, want %v", n, user, got, want[user])
			}
		}
		if len(tail.byID) != kept || len(tail.byUser) != len(want) || len(tail.events) > length {
			t.Fatalf("it holds %d ids and %d users in %d places, want %d and %d in at most %d", len(tail.byID), len(tail.byUser), len(tail.events), kept, len(want), length)
		}
	}
}
