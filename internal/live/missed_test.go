package live

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store"
	"valse/store/journal"
	"valse/store/redis"
	"valse/store/redis/redistest"
)

// deaf is a store whose notices do not come through while it is deaf.
type deaf struct {
	store.Store
	on  atomic.Bool
	out chan store.Notice
}

func (d *deaf) Watch(ctx context.Context) (<-chan store.Notice, error) {
	notices, err := d.Store.Watch(ctx)
	if err != nil {
		return nil, err
	}
	go func() {
		defer close(d.out)
		for n := range notices {
			if !d.on.Load() {
				d.out <- n
			}
		}
	}()
	return d.out, nil
}

func TestWhatChangedWhileNoNoticesCameThroughIsShownAfterwards(t *testing.T) {
	silent := &deaf{Store: openStore(t), out: make(chan store.Notice, 100)}
	s := openOn(t, silent, 40, Options{PollEvery: time.Hour, CountsEvery: time.Hour}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	lists, err := s.Subscribe(t.Context(), "u1", Request{N: 3})
	if err != nil {
		t.Fatal(err)
	}
	bought := next(t, lists).Items[0].ProductID
	silent.on.Store(true)
	s.append(s.do("u1", bought, store.Purchase, 1))
	hidden := s.recommend("u1", Request{N: 1}).Items[0].ProductID
	if err := s.st.HideProduct(t.Context(), hidden, true); err != nil {
		t.Fatal(err)
	}
	s.publish("m2")
	time.Sleep(50 * time.Millisecond)
	silent.on.Store(false)
	silent.out <- store.Notice{Kind: store.NoticeMissed}
	until(t, lists, func(l List) bool { return !has(l, bought) && !has(l, hidden) && l.ModelID == "m2" })
}

// TestSubscriptionsFollowEveryEventWhileRedisComesAndGoes lets people buy what
// their open list recommends, again and again, while Redis is killed and
// started at random. Each purchase must leave the buyer's list, whether it was
// stored at once, accepted by the journal, or applied just when the store
// answered again.
func TestSubscriptionsFollowEveryEventWhileRedisComesAndGoes(t *testing.T) {
	const users, products = 8, 2_000
	random := trial.Rand(t)
	server := redistest.Start(t, redistest.Durable...)
	place, err := journal.Take(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	silent := slog.New(slog.DiscardHandler)
	backend, err := redis.Open(t.Context(), server.URL, "main", redis.Options{Gate: place.ID, Logger: silent})
	if err != nil {
		t.Fatal(err)
	}
	st, err := journal.Open(t.Context(), backend, journal.Options{Place: place, Every: 20 * time.Millisecond, Logger: silent})
	if err != nil {
		t.Fatal(err)
	}
	s := openOn(t, st, products, Options{Logger: silent}, tastes(users, products)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	open := make([]<-chan List, users)
	last := make([]List, users)
	for u := range open {
		if open[u], err = s.Subscribe(t.Context(), fmt.Sprint("u", u), Request{N: 5}); err != nil {
			t.Fatal(err)
		}
		last[u] = next(t, open[u])
	}

	kills, killing := trial.Rounds(3, 60), trial.Fork(random)
	var done sync.WaitGroup
	var over atomic.Bool
	var away atomic.Int64
	done.Go(func() {
		defer over.Store(true)
		for n := range kills {
			time.Sleep(time.Duration(killing.IntN(700)) * time.Millisecond)
			server.Kill()
			time.Sleep(time.Duration(killing.IntN(400)) * time.Millisecond)
			for begin := time.Now(); n == 0 && away.Load() == 0 && time.Since(begin) < patience; { // somebody buys meanwhile
				time.Sleep(time.Millisecond)
			}
			server.Restart()
		}
	})
	defer done.Wait()
	var bought int
	for ; !over.Load() || bought < 20; bought++ {
		time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		u := random.IntN(users)
		product := last[u].Items[0].ProductID
		e := s.do(fmt.Sprint("u", u), product, store.Purchase, 1)
		outcomes, err := st.Append(t.Context(), []store.Interaction{e})
		if err != nil {
			t.Fatal(err)
		}
		if outcomes[0] == store.Accepted {
			away.Add(1)
		}
		last[u] = until(t, open[u], func(l List) bool { return !has(l, product) })
	}
	if away.Load() == 0 {
		t.Error("no purchase met a Redis that was away")
	}
	t.Logf("%d purchases, %d while Redis was away, %d kills", bought, away.Load(), kills)
}
