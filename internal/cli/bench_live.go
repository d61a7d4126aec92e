package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"valse/internal/live"
	"valse/store"
)

type benchLiveCmd struct {
	Events        int   `help:"Events to measure, each way." default:"300"`
	Subscriptions []int `help:"Open subscriptions, of as many users; one measure each." default:"1,500"`
	Products      []int `help:"Sizes of shop to measure, of those there are: 3706 (MovieLens 1M) and 100000." default:"3706,100000"`
	JSON          bool  `help:"Write JSON instead of a table."`
}

// Help is the long help with examples.
func (*benchLiveCmd) Help() string {
	return `Fills a partition of its own with generated products and histories, serves a
model of random factors, opens subscriptions and records one event after the
other: how long from the answer that an event is accepted, and from sending it,
to the new list on the user's open subscription? First in this process, then
through GraphQL over the network of this machine: a mutation, and server-sent
events over a connection for each subscription. With Redis, beside the time of
a bare publish and receive in the same run. The partition is removed in the end,
also when the command is interrupted.

Example:
  valse bench live --store redis://localhost:6379/0
  valse bench live --store sqlite:`
}

// freshness is one row of the table.
type freshness struct {
	Shape         string
	Subscriptions int
	Inside        lag    // events and lists in one process
	Network       lag    // through GraphQL
	Echo          spread // a bare publish and receive; zero without Redis
}

// lag is how long after an event the list came.
type lag struct {
	Accepted spread // since the answer to the event
	Sent     spread // since sending it
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
		if !slices.Contains(c.Products, shape.products) {
			continue
		}
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
	t.row("p50 / p99", "subscriptions", "accepted to list", "sent to list", "GraphQL: accepted to list", "sent to list", "bare publish to receive")
	for _, r := range rows {
		t.row(r.Shape, fmt.Sprint(r.Subscriptions), r.Inside.Accepted.String(), r.Inside.Sent.String(),
			r.Network.Accepted.String(), r.Network.Sent.String(), r.Echo.String())
	}
	t.flush()
	return nil
}

// measure runs one shop from empty to its figures.
func (c *benchLiveCmd) measure(ctx context.Context, g *Globals, shape freshnessShape, subscriptions int) (row freshness, err error) {
	row = freshness{Shape: shape.name, Subscriptions: subscriptions}
	dir, err := os.MkdirTemp("", "valse-bench-live-")
	if err != nil {
		return row, err
	}
	defer os.RemoveAll(dir)
	address, options := g.Store, StoreOptions{Logger: g.log}
	if strings.HasPrefix(address, "sqlite:") {
		address = "sqlite:" + filepath.Join(dir, "store")
	} else if g.Durability == "journal" {
		options.Journal = filepath.Join(dir, "journal")
	}
	partition := "bench-" + uuid.NewString()[:8]
	st, err := g.env.OpenStore(ctx, address, partition, options)
	if err != nil {
		return row, err
	}
	defer func() { err = errors.Join(err, st.Close(), g.removeBench(ctx, address, partition)) }()
	model, err := shape.fill(ctx, st, subscriptions)
	if err != nil {
		return row, err
	}
	ctx, stop := context.WithCancel(ctx)
	work, ctx := errgroup.WithContext(ctx)
	defer func() { stop(); err = errors.Join(err, work.Wait()) }()
	service := live.New(st, oneModel{model}, live.Options{Logger: slog.New(slog.DiscardHandler)})
	work.Go(func() error { return service.Run(ctx) })
	if row.Inside, err = c.follow(ctx, inside{st, service}, "inside", subscriptions); err != nil {
		return row, err
	}
	outside, err := openNetwork(ctx, st, service, filepath.Join(dir, "server"), work)
	if err != nil {
		return row, err
	}
	defer outside.client.CloseIdleConnections()
	if row.Network, err = c.follow(ctx, outside, "network", subscriptions); err != nil {
		return row, fmt.Errorf("through GraphQL: %w", err)
	}
	row.Echo, err = c.echo(ctx, st)
	return row, err
}

// removeBench leaves nothing behind of a closed store, also when the caller was
// interrupted. A SQLite store lies in a folder that goes anyway.
func (g *Globals) removeBench(ctx context.Context, address, partition string) error {
	if strings.HasPrefix(address, "sqlite:") {
		return nil
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer stop()
	if err := g.env.RemovePartition(ctx, address, partition); err != nil {
		return fmt.Errorf("remove partition %s: %w", partition, err)
	}
	return nil
}

// follow measures one way, of subscriptions that it closes in the end.
func (c *benchLiveCmd) follow(ctx context.Context, d door, name string, subscriptions int) (lag, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	f := follower{door: d, name: name, random: rand.New(rand.NewPCG(1, 1))}
	if err := f.open(ctx, subscriptions); err != nil {
		return lag{}, err
	}
	return f.follow(ctx, c.Events)
}

// echo measures a bare message through Redis; nothing where there is none.
func (c *benchLiveCmd) echo(ctx context.Context, st store.Store) (spread, error) {
	redis, ok := st.(interface {
		Echo(ctx context.Context, times int) ([]time.Duration, error)
	})
	if !ok {
		return spread{}, nil
	}
	took, err := redis.Echo(ctx, c.Events)
	if errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return spreadOf(took), err
}
