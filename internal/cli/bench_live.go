package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"valse/engine"
	"valse/engine/als"
	"valse/internal/live"
	"valse/store"
)

type benchLiveCmd struct {
	Events        int   `help:"Events to measure." default:"300"`
	Subscriptions []int `help:"Open subscriptions, of as many users; one measure each." default:"1,500"`
	JSON          bool  `help:"Write JSON instead of a table."`
}

// Help is the long help with examples.
func (*benchLiveCmd) Help() string {
	return `Fills a partition of its own with generated products and histories, serves a
model of random factors, opens subscriptions and records one event after the
other: how long from the answer that an event is accepted, and from sending it,
to the new list on the user's open subscription? With Redis, beside the time of
a bare publish and receive in the same run. Lists are read in the process; what
GraphQL and the network add is not in it.

Example:
  valse bench live --store redis://localhost:6379/0
  valse bench live --store sqlite:`
}

// freshnessShape is one size of shop.
type freshnessShape struct {
	name                    string
	products, rank, history int
}

var freshnessShapes = []freshnessShape{
	{"MovieLens 1M", 3_706, 64, 166},
	{"100,000 products", 100_000, 64, 100},
}

// freshness is one row of the table, in nanoseconds.
type freshness struct {
	Shape         string
	Subscriptions int
	Accepted      spread // from the answer to the event to the new list
	Sent          spread // from sending it
	Echo          spread // a bare publish and receive; zero without Redis
}

// spread is the middle and the end of a distribution.
type spread struct{ P50, P99 time.Duration }

func spreadOf(took []time.Duration) spread {
	if len(took) == 0 {
		return spread{}
	}
	slices.Sort(took)
	return spread{took[len(took)/2], took[len(took)*99/100]}
}

func (s spread) String() string {
	if s == (spread{}) {
		return "-"
	}
	round := func(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }
	return fmt.Sprintf("%v / %v", round(s.P50), round(s.P99))
}

// Run measures.
func (c *benchLiveCmd) Run(ctx context.Context, g *Globals) error {
	var rows []freshness
	for _, shape := range freshnessShapes {
		for _, n := range c.Subscriptions {
			row, err := c.measure(ctx, g, shape, n)
			if err != nil {
				return fmt.Errorf("%s, %d subscriptions: %w", shape.name, n, err)
			}
			rows = append(rows, row)
		}
	}
	if c.JSON {
		return writeJSON(g.env.Stdout, rows)
	}
	t := newTable(g.env.Stdout)
	t.row("p50 / p99", "subscriptions", "accepted to list", "sent to list", "bare publish to receive")
	for _, r := range rows {
		t.row(r.Shape, fmt.Sprint(r.Subscriptions), r.Accepted.String(), r.Sent.String(), r.Echo.String())
	}
	t.flush()
	return nil
}

// measure runs one shop from empty to its figures.
func (c *benchLiveCmd) measure(ctx context.Context, g *Globals, shape freshnessShape, subscriptions int) (row freshness, err error) {
	address := g.Store
	if strings.HasPrefix(address, "sqlite:") {
		dir, err := os.MkdirTemp("", "valse-bench-live-")
		if err != nil {
			return row, err
		}
		defer os.RemoveAll(dir)
		address = "sqlite:" + dir
	}
	st, err := g.env.OpenStore(ctx, address, "bench-"+uuid.NewString()[:8], StoreOptions{})
	if err != nil {
		return row, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	model, err := shape.fill(ctx, st, subscriptions)
	if err != nil {
		return row, err
	}
	serving, stop := context.WithCancel(ctx)
	service := live.New(st, oneModel{model}, live.Options{Logger: slog.New(slog.DiscardHandler)})
	ended := make(chan error, 1)
	go func() { ended <- service.Run(serving) }()
	defer func() { stop(); err = errors.Join(err, <-ended) }()

	f := follower{st: st, service: service, random: rand.New(rand.NewPCG(1, 1))}
	if err := f.open(serving, subscriptions); err != nil {
		return row, err
	}
	row = freshness{Shape: shape.name, Subscriptions: subscriptions}
	if row.Accepted, row.Sent, err = f.follow(ctx, c.Events); err != nil {
		return row, err
	}
	if redis, ok := st.(interface {
		Echo(ctx context.Context, times int) ([]time.Duration, error)
	}); ok {
		echoes, err := redis.Echo(ctx, c.Events)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return row, err
		}
		row.Echo = spreadOf(echoes)
	}
	return row, nil
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

// follower records events and waits for the lists that follow.
type follower struct {
	st      store.Store
	service *live.Service
	random  *rand.Rand
	lists   []<-chan live.List
	last    []live.List
}

// open opens a subscription for each user and waits for the first lists.
func (f *follower) open(ctx context.Context, users int) error {
	for u := range users {
		lists, err := f.service.Subscribe(ctx, fmt.Sprint("u", u), live.Request{N: 20})
		if err != nil {
			return err
		}
		f.lists, f.last = append(f.lists, lists), append(f.last, <-lists)
	}
	return nil
}

// follow buys the best product of a user's list, again and again, and measures
// the time until a list without it has come.
func (f *follower) follow(ctx context.Context, events int) (accepted, sent spread, err error) {
	var sinceAccepted, sinceSent []time.Duration
	for n := range events {
		u := f.random.IntN(len(f.lists))
		bought := f.last[u].Items[0].ProductID
		begin := time.Now()
		e := visit(u, 0, fmt.Sprint("e", n), store.Purchase, 0)
		e.ProductID = bought
		if _, err := f.st.Append(ctx, []store.Interaction{e}); err != nil {
			return accepted, sent, err
		}
		answered := time.Now()
		for holds(f.last[u], bought) {
			select {
			case f.last[u] = <-f.lists[u]:
			case <-time.After(10 * time.Second):
				return accepted, sent, fmt.Errorf("no list followed event %d in 10 s", n)
			}
		}
		sinceAccepted, sinceSent = append(sinceAccepted, time.Since(answered)), append(sinceSent, time.Since(begin))
	}
	return spreadOf(sinceAccepted), spreadOf(sinceSent), nil
}

func holds(l live.List, productID string) bool {
	return slices.ContainsFunc(l.Items, func(i engine.Item) bool { return i.ProductID == productID })
}
