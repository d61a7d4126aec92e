package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"valse/store"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// event is one interaction at so many hours after start, with an id of its own
// for each user, product, type and hour.
func event(user, product string, kind store.EventType, value, hours float64) store.Interaction {
	return store.Interaction{
		EventID: fmt.Sprintf("%s/%s/%s/%v", user, product, kind, hours), UserID: user, ProductID: product,
		Type: kind, Value: value, Time: start.Add(time.Duration(hours * float64(time.Hour))),
	}
}

func eventsOf(interactions ...store.Interaction) *Events {
	var b Builder
	for i := range interactions {
		b.Add(&interactions[i])
	}
	return b.Events()
}

// checkerboard is a shop of two tastes: even users buy even products and odd
// users odd ones, four fifths of them each, in random order. Stars are 5 for
// the own taste; a rating of one foreign product per user is 1.
func checkerboard(users, products int) []store.Interaction {
	random := rand.New(rand.NewPCG(7, 7))
	var all []store.Interaction
	for u := range users {
		order := random.Perm(products)
		for k, p := range order {
			user, product := fmt.Sprintf("u%d", u), fmt.Sprintf("p%d", p)
			hours := float64(k) + float64(random.IntN(3600))/3600
			switch {
			case p%2 == u%2 && random.IntN(5) > 0:
				all = append(all, event(user, product, store.Purchase, 1, hours))
				all = append(all, event(user, product, store.Rating, 5, hours+0.1))
			case k < 2 && p%2 != u%2:
				all = append(all, event(user, product, store.Rating, 1, hours))
			}
		}
	}
	return all
}

// small are settings that train a toy in milliseconds.
var small = Settings{Rank: 4, Iterations: 6, Reg: 0.01, Threads: 1}

func train(t testing.TB, s Settings, interactions ...store.Interaction) *Model {
	t.Helper()
	m, err := Train(t.Context(), eventsOf(interactions...), s, TrainOptions{ID: "m1"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func rank(t testing.TB, m *Model) *Ranker {
	t.Helper()
	k, err := NewRanker(m)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// historyOf is what one user did.
func historyOf(user string, interactions []store.Interaction) []store.Interaction {
	var mine []store.Interaction
	for _, i := range interactions {
		if i.UserID == user {
			mine = append(mine, i)
		}
	}
	return mine
}

func ids(l List) []string {
	var all []string
	for _, i := range l.Items {
		all = append(all, i.ProductID)
	}
	return all
}
