package live

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"valse/engine"
	"valse/store"
	"valse/store/sqlite"
)

// patience is how long a slow machine may take over what a test waits for.
const patience = time.Minute

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

// open opens a shop on a store of its own.
func open(t testing.TB, n int, o Options, interactions ...store.Interaction) *shop {
	t.Helper()
	return openOn(t, openStore(t), n, o, interactions...)
}

func openStore(t testing.TB) store.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// openOn fills a store with n products p0, p1, … alternating between the
// departments Even and Odd, and with the interactions, and serves it. The
// service stops and the store closes when the test ends.
func openOn(t testing.TB, st store.Store, n int, o Options, interactions ...store.Interaction) *shop {
	t.Helper()
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
	case <-time.After(patience):
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
	for deadline := time.Now().Add(patience); !condition(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
