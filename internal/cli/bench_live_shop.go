package cli

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"valse/engine"
	"valse/engine/als"
	"valse/store"
)

// freshnessShape is one size of shop.
type freshnessShape struct {
	name                    string
	products, rank, history int
}

var freshnessShapes = []freshnessShape{
	{"MovieLens 1M", 3_706, 64, 166},
	{"100,000 products", 100_000, 64, 100},
}

// oneModel is a loader of nothing else.
type oneModel struct{ model *engine.Model }

func (m oneModel) Model(context.Context, string) (*engine.Model, error) { return m.model, nil }

// fill stores products and the histories of users, and publishes a model of
// random factors whose lengths follow a power law.
func (s freshnessShape) fill(ctx context.Context, st store.Store, users int) (*engine.Model, error) {
	random := rand.New(rand.NewPCG(7, 7))
	m := &engine.Model{X: als.NewFactors(0, s.rank), Y: als.NewFactors(s.products, s.rank)}
	m.Info = engine.Info{ID: "random", Settings: engine.Settings{Rank: s.rank}, Newest: now()}
	products := make([]store.Product, s.products)
	for p := range products {
		products[p] = store.Product{ID: fmt.Sprint("p", p), Title: fmt.Sprint("Product ", p), Price: -1, Category: fmt.Sprint("Department ", p%40)}
		m.ProductIDs = append(m.ProductIDs, products[p].ID)
		length := math.Pow(float64(p+1), -0.3) / math.Sqrt(float64(s.rank))
		for k := range m.Y.Row(p) {
			m.Y.Row(p)[k] = float32(length * random.NormFloat64())
		}
	}
	for chunk := range slices.Chunk(products, 5000) {
		if _, _, err := st.PutProducts(ctx, chunk); err != nil {
			return nil, err
		}
	}
	for u := range users {
		history := make([]store.Interaction, s.history)
		for n := range history {
			history[n] = visit(u, random.IntN(s.products), fmt.Sprint("h", n), store.View, time.Duration(n-s.history)*time.Minute)
		}
		if _, err := st.Append(ctx, history); err != nil {
			return nil, err
		}
	}
	lease, err := st.Acquire(ctx, store.PublishLease, "bench", time.Minute)
	if err != nil {
		return nil, err
	}
	_, err = st.Publish(ctx, store.Publication{ModelID: m.Info.ID, Token: lease.Token, Time: now()})
	return m, err
}

func visit(user, product int, id string, kind store.EventType, ago time.Duration) store.Interaction {
	return store.Interaction{
		EventID: id, UserID: fmt.Sprint("u", user), ProductID: fmt.Sprint("p", product), Type: kind, Value: 1, Time: now().Add(ago),
	}
}
