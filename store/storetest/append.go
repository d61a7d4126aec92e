package storetest

import (
	"fmt"
	"sync"
	"time"

	"valse/store"
)

var appendChecks = []check{
	{"an event comes back as it was sent, with its place and time", appendRoundTrip},
	{"the same events again exist and change nothing", appendAgain},
	{"an event id taken by another event is a conflict", appendConflict},
	{"outcomes stand in the order of the batch, repeats inside it too", appendMixed},
	{"an event id belongs to its user alone", appendSameIDOtherUser},
	{"an unknown user is created, a known one left alone", appendCreatesUser},
	{"products need not exist", appendUnknownProduct},
	{"the same events from many writers at once are created once", appendConcurrently},
	{"one writer's large batches are stored whole", appendLarge},
}

// event is an interaction that happened some hours after noon.
func event(id, user, product string, kind store.EventType, hours float64) store.Interaction {
	return store.Interaction{
		EventID: id, UserID: user, ProductID: product, Type: kind, Value: 1,
		Time: noon.Add(time.Duration(hours * float64(time.Hour))),
	}
}

// rating is an event of so many stars.
func rating(id, user, product string, stars, hours float64) store.Interaction {
	i := event(id, user, product, store.Rating, hours)
	i.Value = stars
	return i
}

func (u *subject) append(batch ...store.Interaction) []store.Outcome {
	u.t.Helper()
	outcomes, err := u.s.Append(u.ctx, batch)
	u.ok("Append", err)
	if len(outcomes) != len(batch) {
		u.t.Fatalf("Append of %d interactions = %d outcomes", len(batch), len(outcomes))
	}
	return outcomes
}

func (u *subject) wantOutcomes(want []store.Outcome, batch ...store.Interaction) {
	u.t.Helper()
	same(u, "outcomes", pluck(u.append(batch...), store.Outcome.String), pluck(want, store.Outcome.String))
}

func appendRoundTrip(u *subject) {
	var sent []store.Interaction
	for n, kind := range store.EventTypes() {
		i := event(fmt.Sprintf("e%d", n), "u", fmt.Sprintf("p%d", n), kind, float64(n))
		i.Time = i.Time.Add(time.Duration(n) * time.Microsecond)
		i.Value = []float64{1, 0, 0.5, 3.25, 1e9, 1.0 / 3}[n%6]
		i.Basket, i.RecommendationID = []string{"", "basket, 1"}[n%2], []string{"rec 1", "", ""}[n%3]
		sent = append(sent, i)
	}
	u.append(sent...)
	stored := u.history("u", store.HistoryQuery{}).Interactions
	same(u, "history", sortedBy(stored, eventID), sent)
	same(u, "log", u.log(), sent)
	for _, i := range stored {
		if age := time.Since(i.RecordedAt); i.Seq < 1 || i.Shard < 0 || i.Shard >= u.s.Shards() || age < -time.Minute || age > time.Minute {
			u.t.Errorf("stored %q has shard %d, seq %d, recorded %v", i.EventID, i.Shard, i.Seq, i.RecordedAt)
		}
		if i.Time.Location() != time.UTC {
			u.t.Errorf("stored %q has a time in %v, want UTC", i.EventID, i.Time.Location())
		}
	}
	u.wantOutcomes(nil)
}

func appendAgain(u *subject) {
	batch := []store.Interaction{rating("e1", "u", "p", 4, 0), event("e2", "u", "p", store.View, 1), event("e3", "v", "p", store.View, 2)}
	u.wantOutcomes([]store.Outcome{store.Created, store.Created, store.Created}, batch...)
	for i := range batch {
		// What the store sets itself, and what lies below the microsecond, does not make another event.
		batch[i].Seq, batch[i].Shard, batch[i].RecordedAt = 99, 99, noon
		batch[i].Time = batch[i].Time.Add(300 * time.Nanosecond).In(time.FixedZone("", 3600))
	}
	u.wantOutcomes([]store.Outcome{store.Exists, store.Exists, store.Exists}, batch...)
	same(u, "history", len(u.history("u", store.HistoryQuery{}).Interactions), 2)
	same(u, "log", len(u.log()), 3)
	same(u, "counts", u.counts(0), map[tally]int64{{day, "p", store.Rating}: 1, {day, "p", store.View}: 2})
}

func appendConflict(u *subject) {
	first := rating("e1", "u", "p", 4, 0)
	first.Basket, first.RecommendationID = "b", "r"
	u.append(first)
	for what, change := range map[string]func(i *store.Interaction){
		"product":        func(i *store.Interaction) { i.ProductID = "q" },
		"type":           func(i *store.Interaction) { i.Type = store.Like },
		"value":          func(i *store.Interaction) { i.Value = 4.5 },
		"time":           func(i *store.Interaction) { i.Time = i.Time.Add(time.Microsecond) },
		"basket":         func(i *store.Interaction) { i.Basket = "" },
		"recommendation": func(i *store.Interaction) { i.RecommendationID = "r2" },
	} {
		other := first
		change(&other)
		if got := u.append(other)[0]; got != store.Conflict {
			u.t.Errorf("Append with another %s = %v, want CONFLICT", what, got)
		}
	}
	same(u, "history", u.history("u", store.HistoryQuery{}).Interactions, []store.Interaction{first})
	same(u, "log", u.log(), []store.Interaction{first})
	same(u, "counts", u.counts(0), map[tally]int64{{day, "p", store.Rating}: 1})
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 4})
}

func appendMixed(u *subject) {
	u.append(event("old", "u", "p", store.View, 0))
	u.erase("gone")
	fresh, other := event("new", "u", "p", store.View, 1), event("new", "u", "p", store.Cart, 1)
	u.wantOutcomes(
		[]store.Outcome{store.Created, store.Exists, store.Erased, store.Exists, store.Conflict, store.Created, store.Erased, store.Conflict},
		fresh,
		event("old", "u", "p", store.View, 0),
		event("e1", "gone", "p", store.View, 0),
		fresh,
		other,
		event("new", "v", "p", store.View, 1),
		event("e2", "gone", "p", store.View, 0),
		event("old", "u", "q", store.View, 0),
	)
	same(u, "history", pluck(u.history("u", store.HistoryQuery{}).Interactions, eventID), []string{"new", "old"})
	same(u, "log", len(u.log()), 3)
}

func appendSameIDOtherUser(u *subject) {
	u.wantOutcomes([]store.Outcome{store.Created, store.Created}, event("e", "u", "p", store.View, 0), event("e", "v", "q", store.Cart, 1))
	u.wantOutcomes([]store.Outcome{store.Exists, store.Exists}, event("e", "v", "q", store.Cart, 1), event("e", "u", "p", store.View, 0))
}

func appendCreatesUser(u *subject) {
	u.putUsers(person("known"))
	u.append(event("e", "known", "p", store.View, 0), event("e", "unknown", "p", store.View, 0))
	same(u, "known user", u.user("known"), person("known"))
	created := u.user("unknown")
	if created.CreatedAt.IsZero() {
		u.t.Errorf("created user = %+v, want a creation time", created)
	}
	created.CreatedAt = time.Time{}
	same(u, "created user", created, store.User{ID: "unknown"})
}

func appendUnknownProduct(u *subject) {
	u.append(event("e", "u", "nothing sold here", store.View, 0))
	same(u, "history", len(u.history("u", store.HistoryQuery{}).Interactions), 1)
	_, err := u.s.Product(u.ctx, "nothing sold here")
	u.fails("Product", err, store.ErrNotFound)
}

func appendConcurrently(u *subject) {
	const writers, events = 8, 60
	second := u.open("main") // as another process would
	created := make([]int, writers)
	var all sync.WaitGroup
	for w := range writers {
		s := []store.Store{u.s, second.s}[w%2]
		all.Go(func() {
			for n := range events {
				e := (n*7 + w*11) % events // each writer in an order of its own
				outcomes, err := s.Append(u.ctx, []store.Interaction{event(fmt.Sprintf("e%d", e), fmt.Sprintf("u%d", e%5), "p", store.View, float64(e))})
				if err != nil {
					u.t.Errorf("Append: %v", err)
					return
				}
				if outcomes[0] == store.Created {
					created[w]++
				}
			}
		})
	}
	all.Wait()
	sum := 0
	for _, n := range created {
		sum += n
	}
	same(u, "events created by all writers", sum, events)
	same(u, "log", len(u.log()), events)
	same(u, "counts", u.counts(0)[tally{day, "p", store.View}]+u.counts(0)[tally{day + 1, "p", store.View}]+u.counts(0)[tally{day + 2, "p", store.View}], int64(events))
}

func appendLarge(u *subject) {
	const size = 5_000
	batch := make([]store.Interaction, size)
	for n := range batch {
		batch[n] = rating(fmt.Sprintf("e%d", n), fmt.Sprintf("u%d", n%97), fmt.Sprintf("p%d", n%31), float64(n%5)+1, float64(n)/100)
	}
	for _, want := range []store.Outcome{store.Created, store.Exists} {
		for n, got := range u.append(batch...) {
			if got != want {
				u.t.Fatalf("Append of a large batch: outcome %d = %v, want %v", n, got, want)
			}
		}
	}
	same(u, "log", len(u.log()), size)
	same(u, "history", len(u.history("u0", store.HistoryQuery{}).Interactions), (size+96)/97)
}
