package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"valse/engine"
	"valse/store"
	"valse/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// models is a loader of what it holds.
type models struct {
	mu   sync.Mutex
	byID map[string]*engine.Model
}

func (m *models) Model(_ context.Context, id string) (*engine.Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if model, ok := m.byID[id]; ok {
		return model, nil
	}
	return nil, fmt.Errorf("model %s: %w", id, store.ErrNotFound)
}

// shop is a store with a running service.
type shop struct {
	testing.TB
	*Service
	st     store.Store
	models *models
	events engine.Builder
	next   int
	stop   func()
}

// open fills a store with n products p0, p1, … alternating between the
// departments Even and Odd, and with the interactions, and serves it. The
// service stops and the store closes when the test ends.
func open(t testing.TB, n int, o Options, interactions ...store.Interaction) *shop {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{TB: t, st: st, models: &models{byID: map[string]*engine.Model{}}}
	products := make([]store.Product, n)
	for i := range products {
		products[i] = store.Product{
			ID: fmt.Sprintf("p%d", i), Title: fmt.Sprintf("Product %d", i), Price: -1,
			Category: [...]string{"Even > All", "Odd > All"}[i%2], Vendor: fmt.Sprintf("Vendor %d", i%3),
			PublishedAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC),
		}
	}
	if _, _, err := st.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	s.append(interactions...)
	s.Service = New(st, s.models, o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	t.Cleanup(func() {
		s.stop()
		if err := st.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return s
}

// append stores interactions and remembers them for training.
func (s *shop) append(interactions ...store.Interaction) {
	s.Helper()
	if len(interactions) == 0 {
		return
	}
	outcomes, err := s.st.Append(context.Background(), interactions)
	if err != nil {
		s.Fatal(err)
	}
	for i, o := range outcomes {
		if o != store.Created {
			s.Fatalf("%+v: %s", interactions[i], o)
		}
		s.events.Add(&interactions[i])
	}
}

// do is one interaction now, which is a second after the one before.
func (s *shop) do(user, product string, kind store.EventType, value float64) store.Interaction {
	s.next++
	return store.Interaction{
		EventID: fmt.Sprint(s.next), UserID: user, ProductID: product, Type: kind, Value: value,
		Time: time.Now().UTC().Truncate(time.Second).Add(time.Duration(s.next-1000) * time.Second),
	}
}

// tastes are purchases of people with one of two tastes.
func tastes(users, products int) []store.Interaction {
	random := rand.New(rand.NewPCG(1, 2))
	var all []store.Interaction
	at := time.Now().UTC().AddDate(0, 0, -20).Truncate(time.Second)
	for u := range users {
		for p := u % 2; p < products; p += 2 {
			if random.IntN(7) == 0 {
				continue
			}
			all = append(all, store.Interaction{
				EventID: fmt.Sprintf("%d/%d", u, p), UserID: fmt.Sprintf("u%d", u), ProductID: fmt.Sprintf("p%d", p),
				Type: store.Purchase, Value: 1, Time: at.Add(time.Duration(u*products+p) * time.Minute),
			})
		}
	}
	return all
}

// publish trains a model on what was appended and publishes it.
func (s *shop) publish(id string) {
	s.Helper()
	m, err := engine.Train(context.Background(), s.events.Events(), engine.Settings{Rank: 4, Iterations: 5}, engine.TrainOptions{ID: id})
	if err != nil {
		s.Fatal(err)
	}
	s.models.mu.Lock()
	s.models.byID[id] = m
	s.models.mu.Unlock()
	s.point(id)
}

// point flips the published pointer.
func (s *shop) point(id string) {
	s.Helper()
	ctx := context.Background()
	lease, err := s.st.Acquire(ctx, store.PublishLease, "test", time.Minute)
	if err != nil {
		s.Fatal(err)
	}
	if _, err := s.st.Publish(ctx, store.Publication{ModelID: id, Token: lease.Token, Time: time.Now().UTC()}); err != nil {
		s.Fatal(err)
	}
}

// next returns the next list of a subscription.
func next(t testing.TB, lists <-chan List) List {
	t.Helper()
	select {
	case l, open := <-lists:
		if !open {
			t.Fatal("the subscription ended")
		}
		return l
	case <-time.After(10 * time.Second):
		t.Fatal("no list came")
		return List{}
	}
}

// until returns the first list of a subscription that is as wanted.
func until(t testing.TB, lists <-chan List, wanted func(List) bool) List {
	t.Helper()
	for {
		if l := next(t, lists); wanted(l) {
			return l
		}
	}
}

func has(l List, productID string) bool {
	for _, item := range l.Items {
		if item.ProductID == productID {
			return true
		}
	}
	return false
}

func (s *shop) recommend(user string, q Request) List {
	s.Helper()
	l, err := s.Recommend(context.Background(), user, q)
	if err != nil {
		s.Fatal(err)
	}
	return l
}

// eventually waits for a condition that the keeper brings about.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

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
