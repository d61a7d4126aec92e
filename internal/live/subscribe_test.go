package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"valse/store"
)

func subscribe(s *shop, user string, q Request) <-chan List {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.Cleanup(cancel)
	lists, err := s.Subscribe(ctx, user, q)
	if err != nil {
		s.Fatal(err)
	}
	return lists
}

func TestASubscriptionSendsANewListAfterEachEvent(t *testing.T) {
	s := open(t, 200, Options{}, tastes(60, 200)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	lists := subscribe(s, "u1", Request{N: 10})
	l := next(t, lists)
	var waits []time.Duration
	for range 15 {
		bought := l.Items[0].ProductID
		begin := time.Now()
		s.append(s.do("u1", bought, store.Purchase, 1))
		l = until(t, lists, func(l List) bool { return !has(l, bought) })
		waits = append(waits, time.Since(begin))
		if len(l.Items) != 10 {
			t.Fatalf("list = %+v, want 10 items", l)
		}
	}
	slices.Sort(waits)
	t.Logf("event to new list, durable append included: median %v, slowest %v", waits[len(waits)/2], waits[len(waits)-1])
}

func TestAHideTakenBackBringsTheProductBackAtOnce(t *testing.T) {
	s := open(t, 200, Options{}, tastes(60, 200)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	lists := subscribe(s, "u1", Request{N: 10})
	before := next(t, lists)
	product := before.Items[0].ProductID
	for range 2 {
		s.append(s.do("u1", product, store.Hide, 1))
		until(t, lists, func(l List) bool { return !has(l, product) })
		s.append(s.do("u1", product, store.Hide, 0))
		after := until(t, lists, func(l List) bool { return has(l, product) })
		if !slices.Equal(ids(after), ids(before)) {
			t.Errorf("the list is %v, want %v as before the hide", ids(after), ids(before))
		}
	}
}

func TestChangesOfCatalogueAndModelReachSubscriptions(t *testing.T) {
	s := open(t, 40, Options{Settle: time.Millisecond}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	lists := subscribe(s, "u1", Request{N: 5})
	hidden := next(t, lists).Items[0].ProductID
	if err := s.st.HideProduct(t.Context(), hidden, true); err != nil {
		t.Fatal(err)
	}
	until(t, lists, func(l List) bool { return !has(l, hidden) && len(l.Items) == 5 })
	s.publish("m2")
	until(t, lists, func(l List) bool { return l.ModelID == "m2" })
}

func TestASlowReaderGetsTheNewestListNotAQueue(t *testing.T) {
	s := open(t, 60, Options{}, tastes(30, 60)...)
	lists := subscribe(s, "slow", Request{N: 60})
	next(t, lists)
	for p := range 40 {
		s.append(s.do("slow", fmt.Sprintf("p%d", p), store.Purchase, 1))
	}
	read := 0
	until(t, lists, func(l List) bool { read++; return len(l.Items) == 20 })
	if read > 5 {
		t.Errorf("%d lists were waiting, want the newest", read)
	}
}

func TestAnEventWakesNoOneElse(t *testing.T) {
	s := open(t, 10, Options{})
	other, mine := subscribe(s, "other", Request{}), subscribe(s, "mine", Request{})
	next(t, other)
	next(t, mine)
	for p := range 5 {
		s.append(s.do("mine", fmt.Sprintf("p%d", p), store.Purchase, 1))
	}
	until(t, mine, func(l List) bool { return !has(l, "p4") })
	select {
	case l := <-other:
		t.Errorf("someone else's events made a list: %+v", l)
	default:
	}
}

func TestRunEndsEverySubscriptionBeforeItReturns(t *testing.T) {
	s := open(t, 10, Options{})
	var all []<-chan List
	for u := range 50 {
		all = append(all, subscribe(s, fmt.Sprint(u), Request{}))
	}
	next(t, all[0])
	if got := s.Status().Subscriptions; got != 50 {
		t.Errorf("%d subscriptions, want 50", got)
	}
	s.stop()
	if got := s.Status().Subscriptions; got != 0 {
		t.Errorf("%d subscriptions are open after Run has returned", got)
	}
	for _, lists := range all {
		for range lists { // ends, since the channel is closed
		}
	}
	if _, err := s.Subscribe(t.Context(), "late", Request{}); !errors.Is(err, ErrStopped) {
		t.Errorf("Subscribe = %v, want %v", err, ErrStopped)
	}
}

func TestASubscriptionEndsWithItsContext(t *testing.T) {
	s := open(t, 10, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	lists, err := s.Subscribe(ctx, "u", Request{})
	if err != nil {
		t.Fatal(err)
	}
	next(t, lists)
	cancel()
	if _, open := <-lists; open {
		t.Error("a list came after the end")
	}
	eventually(t, "the end of the subscription", func() bool { return s.Status().Subscriptions == 0 })
}
