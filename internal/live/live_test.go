package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/leak"
	"valse/store"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestANewUsersListFollowsTheirFirstEvent(t *testing.T) {
	s := open(t, 40, Options{}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	if l := s.recommend("new", Request{N: 5}); l.Source != engine.SourceBestSellers || len(l.Items) != 5 {
		t.Errorf("before any event: %+v", l)
	}
	s.append(s.do("new", "p3", store.View, 1))
	l := s.recommend("new", Request{N: 5})
	if l.Source != engine.SourceLive || l.ModelID != "m1" || l.RecommendationID == "" || l.At.IsZero() {
		t.Errorf("after one view: %+v", l)
	}
	for _, item := range l.Items {
		if p, err := s.st.Product(t.Context(), item.ProductID); err != nil || p.Department() != "Odd" {
			t.Errorf("%s (%s) is for someone who looked at p3", p.ID, p.Category)
		}
	}
	if e, err := s.Explain(t.Context(), "new", l.Items[0].ProductID); err != nil || len(e.Contributions) != 1 || e.Contributions[0].Interaction.ProductID != "p3" {
		t.Errorf("Explain = %+v, %v; want one contribution, of p3", e, err)
	}
}

func TestAModelThatCannotBeLoadedLeavesTheOneBeforeServing(t *testing.T) {
	var logged countingHandler
	s := open(t, 20, Options{PollEvery: 5 * time.Millisecond, Logger: slog.New(&logged)}, tastes(20, 20)...)
	s.publish("m1")
	eventually(t, "the first model", func() bool { return s.Status().ModelID == "m1" })
	s.point("broken")
	eventually(t, "the flip", func() bool { return s.Status().Published == "broken" })
	time.Sleep(50 * time.Millisecond) // some more attempts to load it
	if l := s.recommend("u1", Request{}); l.ModelID != "m1" || l.Source != engine.SourceLive {
		t.Errorf("list = %+v, want one of m1", l)
	}
	if n := logged.count(); n != 1 {
		t.Errorf("logged %d times, want once", n)
	}
	s.publish("m3")
	eventually(t, "the next model", func() bool { return s.Status().ModelID == "m3" })
}

// countingHandler counts what is logged.
type countingHandler struct {
	slog.TextHandler
	mu sync.Mutex
	n  int
}

func (h *countingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *countingHandler) Handle(context.Context, slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	return nil
}

func (h *countingHandler) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

func TestStoredListsStandInWhereNoModelCanBeLoaded(t *testing.T) {
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	s := open(t, 20, Options{Logger: silent}, tastes(4, 20)...)
	lists := []store.List{
		{UserID: "u1", Items: []store.Scored{{ProductID: "p2", Score: 2}, {ProductID: "p4", Score: 1}}},
		{UserID: store.DefaultList, Items: []store.Scored{{ProductID: "p6", Score: 1}}},
	}
	if err := s.st.PutLists(t.Context(), "far", lists); err != nil {
		t.Fatal(err)
	}
	s.point("far")
	eventually(t, "the flip", func() bool { return s.Status().Published == "far" })
	for user, want := range map[string]string{"u1": "p2", "stranger": "p6"} {
		l := s.recommend(user, Request{N: 3})
		if l.Source != engine.SourceStored || l.ModelID != "far" || len(l.Items) != 3 || l.Items[0].ProductID != want {
			t.Errorf("list of %s = %+v, want %s first", user, l, want)
		}
	}
	if l := s.recommend("u0", Request{N: 3}); l.Source != engine.SourceCategoryBestSellers {
		t.Errorf("list of someone with a history and no stored list = %+v", l)
	}
}

func TestBestSellersFollowWhatSells(t *testing.T) {
	s := open(t, 20, Options{CountsEvery: 5 * time.Millisecond}, tastes(4, 20)...)
	for u := range 20 {
		s.append(s.do(fmt.Sprint("buyer", u), "p13", store.Purchase, 1))
	}
	eventually(t, "p13 at the top", func() bool {
		l, err := s.BestSellers(t.Context(), "", Request{N: 1})
		return err == nil && len(l.Items) == 1 && l.Items[0].ProductID == "p13"
	})
}

func TestRequestsWaitForTheFirstLoadAndEndWithTheService(t *testing.T) {
	s := New(nil, nil, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.Recommend(ctx, "u", Request{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("before the first load Recommend = %v", err)
	}
	close(s.stopped)
	if _, err := s.Similar(t.Context(), "p", Request{}); !errors.Is(err, ErrStopped) {
		t.Errorf("after the end Similar = %v", err)
	}
}

func TestNeighboursOfUnknownProductsAreRefused(t *testing.T) {
	s := open(t, 6, Options{}, tastes(9, 6)...)
	if _, err := s.Similar(t.Context(), "nothing", Request{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Similar = %v, want not found", err)
	}
	if _, err := s.Together(t.Context(), "nothing", Request{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Together = %v, want not found", err)
	}
	eventually(t, "the baskets", func() bool { return s.Status().Paired > 0 })
	if l, err := s.Together(t.Context(), "p3", Request{}); err != nil || !has(l, "p1") || has(l, "p2") {
		t.Errorf("Together = %+v, %v; want p1 and not p2", l, err)
	}
	if l, err := s.Similar(t.Context(), "p2", Request{N: 2}); err != nil || len(l.Items) != 2 {
		t.Errorf("Similar = %+v, %v", l, err)
	}
}
