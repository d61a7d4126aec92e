package storetest

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"valse/store"
)

var modelChecks = []check{
	{"append, history, ratings and erasure agree with a model of three maps", agreesWithModel},
}

// model is what the contracts say, in memory and with no care for cost.
type model struct {
	events map[string][]store.Interaction // by user, in the order of appends
	known  map[[2]string]store.Interaction
	erased map[string]bool
}

func (m *model) append(i store.Interaction) store.Outcome {
	key := [2]string{i.UserID, i.EventID}
	if m.erased[i.UserID] {
		return store.Erased
	}
	if old, ok := m.known[key]; ok {
		if old.Same(&i) {
			return store.Exists
		}
		return store.Conflict
	}
	m.known[key] = i
	m.events[i.UserID] = append(m.events[i.UserID], i)
	return store.Created
}

func (m *model) erase(user string) int {
	n := len(m.events[user])
	delete(m.events, user)
	m.erased[user] = true
	return n
}

func (m *model) history(user string, types []store.EventType) []store.Interaction {
	return slices.DeleteFunc(newestFirst(m.events[user]), func(i store.Interaction) bool {
		return types != nil && !slices.Contains(types, i.Type)
	})
}

func (m *model) ratings(user string) []store.UserRating {
	var latest []store.UserRating
	seen := map[string]bool{}
	for _, i := range newestFirst(m.events[user]) {
		if i.Type == store.Rating && !seen[i.ProductID] {
			seen[i.ProductID] = true
			if i.Value > 0 {
				latest = append(latest, store.UserRating{ProductID: i.ProductID, Stars: i.Value, Time: i.Time})
			}
		}
	}
	return latest
}

// draw makes an event out of so few values that repeats, conflicts and ties
// are common.
func draw(t *rapid.T, users []string) store.Interaction {
	i := store.Interaction{
		EventID:   rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"}).Draw(t, "event"),
		UserID:    rapid.SampledFrom(users).Draw(t, "user"),
		ProductID: rapid.SampledFrom([]string{"p", "q", "r"}).Draw(t, "product"),
		Type:      rapid.SampledFrom([]store.EventType{store.View, store.Rating, store.Rating}).Draw(t, "type"),
		Value:     1,
		Time:      noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hour")) * time.Hour),
	}
	if i.Type == store.Rating {
		i.Value = float64(rapid.IntRange(0, 2).Draw(t, "stars"))
	}
	return i
}

func agreesWithModel(u *subject) {
	round := 0
	rapid.Check(u.test, func(t *rapid.T) {
		u := &subject{t: t, test: u.test, ctx: u.ctx, s: u.s, backend: u.backend}
		// Users of its own give every round an empty store at no cost.
		round++
		users := []string{fmt.Sprintf("%d,a", round), fmt.Sprintf("%d,b", round), fmt.Sprintf("%d,c", round)}
		m := &model{events: map[string][]store.Interaction{}, known: map[[2]string]store.Interaction{}, erased: map[string]bool{}}
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				batch := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Interaction { return draw(t, users) }), 0, 6).Draw(t, "batch")
				want := pluck(batch, m.append)
				same(u, "outcomes", pluck(u.append(batch...), store.Outcome.String), pluck(want, store.Outcome.String))
			},
			"erase": func(t *rapid.T) {
				if rapid.IntRange(0, 19).Draw(t, "seldom") == 0 {
					user := rapid.SampledFrom(users).Draw(t, "user")
					same(u, "erased", u.erase(user), m.erase(user))
				}
			},
			"history": func(t *rapid.T) {
				user := rapid.SampledFrom(users).Draw(t, "user")
				types := rapid.SampledFrom([][]store.EventType{nil, {store.Rating}, {store.View}, {store.Cart}}).Draw(t, "types")
				limit := rapid.IntRange(1, 5).Draw(t, "limit")
				same(u, "history", u.walkHistory(user, store.HistoryQuery{Types: types, Limit: limit}), m.history(user, types))
			},
			"ratings": func(t *rapid.T) {
				user := rapid.SampledFrom(users).Draw(t, "user")
				order := func(r store.UserRating) string { return r.Time.String() + r.ProductID }
				same(u, "ratings", sortedBy(u.ratings(user, nil), order), sortedBy(m.ratings(user), order))
			},
		})
	})
}
