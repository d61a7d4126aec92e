package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"valse/engine"
	"valse/graph"
	"valse/internal/demo"
	"valse/internal/live"
	"valse/internal/pipeline"
	"valse/internal/server"
	"valse/store"
)

type serveCmd struct {
	Listen         string        `help:"Address to listen on." default:"127.0.0.1:8080" env:"VALSE_LISTEN"`
	Roles          []string      `help:"What this process does: api, trainer, transporter." enum:"api,trainer,transporter" default:"api,trainer,transporter" env:"VALSE_ROLES"`
	Demo           bool          `help:"Fill an empty store with the demo shop and let anyone sign in as its users." env:"VALSE_DEMO"`
	DemoSize       string        `help:"demo (2,400 products, 5,000 users) or large (100,000 products, 1,000,000 users)." enum:"demo,large" default:"demo" env:"VALSE_DEMO_SIZE"`
	AdminToken     string        `help:"Token that opens the studio; one is made and printed at the first start otherwise." env:"VALSE_ADMIN_TOKEN"`
	Playground     string        `help:"Who may open the playground and introspect the schema: everyone, admin, nobody." enum:"everyone,admin,nobody" default:"everyone" env:"VALSE_PLAYGROUND"`
	Documents      []string      `help:"Folders of .graphql files: accept these documents and the web app's own, and no others." env:"VALSE_DOCUMENTS" type:"existingdir" placeholder:"DIR"`
	Proxies        []string      `help:"Networks of proxies whose X-Forwarded-For is believed; private ones by default." env:"VALSE_PROXIES" placeholder:"NETWORK"`
	WorkDir        string        `help:"Folder for uploads that wait to be imported." default:"data/work" env:"VALSE_WORK_DIR" type:"path"`
	MaxUpload      int64         `help:"Largest upload in bytes." default:"2147483648" env:"VALSE_MAX_UPLOAD"`
	TransportEvery time.Duration `help:"Pause between two turns of the transporter." default:"15s" env:"VALSE_TRANSPORT_EVERY"`
	ListLength     int           `help:"Length of the stored lists." default:"100" env:"VALSE_LIST_LENGTH"`
	Remember       int           `help:"Interactions of users seen lately that stay in memory, some 250 bytes each." default:"200000" env:"VALSE_REMEMBER"`
	Threads        int           `help:"Processors for training; 0 means all." env:"VALSE_THREADS"`
	Limit          limitFlags    `embed:"" prefix:"limit-"`
}

// Help is the long help with examples.
func (*serveCmd) Help() string {
	return `Example:
  valse serve --demo
  valse serve --store redis://127.0.0.1:6379/0 --roles api --listen :8080`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, g *Globals) (err error) {
	h, err := g.open(ctx, pipeline.Options{
		TransportEvery: c.TransportEvery, ListLength: c.ListLength, Threads: c.Threads,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	work, ctx := errgroup.WithContext(ctx)
	if c.Demo {
		if err := c.seed(ctx, g, h, work); err != nil {
			return fmt.Errorf("fill the demo shop: %w", err)
		}
	}
	if slices.Contains(c.Roles, "api") {
		if err := c.serve(ctx, g, h, work); err != nil {
			return err
		}
	} else {
		c.announceWork(g)
	}
	if slices.Contains(c.Roles, "trainer") {
		work.Go(func() error { return h.pipeline.Work(ctx) })
	}
	if slices.Contains(c.Roles, "transporter") {
		work.Go(func() error { return h.pipeline.RunTransporter(ctx) })
	}
	return work.Wait()
}

// serve starts the live service and the server on the group.
func (c *serveCmd) serve(ctx context.Context, g *Globals, h *house, work *errgroup.Group) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	proxies, err := c.proxies()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	lists := live.New(h.store, h.pipeline, live.Options{Logger: g.log, Remembered: c.Remember})
	s, err := server.New(ctx, server.Config{
		Store: h.store, Live: lists, Pipeline: h.pipeline, Partition: g.Partition, Logger: g.log,
		DataDir: c.WorkDir, Demo: c.Demo, AdminToken: c.AdminToken, MaxUpload: c.MaxUpload,
		Limits: c.Limit.limits(), Proxies: proxies,
		Playground: graph.Access(c.Playground), Documents: folders(c.Documents),
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	work.Go(func() error { return lists.Run(ctx) })
	work.Go(func() error { return s.Run(ctx, listener) })
	c.announce(g, h, listener.Addr().String(), s.AdminToken())
	return nil
}

func folders(names []string) (list []fs.FS) {
	for _, name := range names {
		list = append(list, os.DirFS(name))
	}
	return list
}

// proxies are the networks given; nil when none were.
func (c *serveCmd) proxies() (list []netip.Prefix, err error) {
	for _, text := range c.Proxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, usagef("--proxies %q: want a network like 10.0.0.0/8", text)
		}
		list = append(list, network)
	}
	return list, nil
}

// announceWork says that a process without the role api is at work, and that it
// listens on nothing.
func (c *serveCmd) announceWork(g *Globals) {
	fmt.Fprintf(g.env.Stdout, "\n  at work as %s for partition %s; without the role api nothing listens\n\n", strings.Join(c.Roles, " and "), g.Partition)
}

// announce prints where things are and how to sign in.
func (c *serveCmd) announce(g *Globals, h *house, address, token string) {
	if host, port, err := net.SplitHostPort(address); err == nil && (host == "::" || host == "0.0.0.0") {
		address = net.JoinHostPort("localhost", port)
	}
	w := g.env.Stdout
	fmt.Fprintf(w, "\n  shop        http://%[1]s/\n  studio      http://%[1]s/studio\n  playground  http://%[1]s/playground\n\n", address)
	switch {
	case token != "":
		fmt.Fprintf(w, "  studio token: %s\n", token)
	case c.AdminToken != "":
		fmt.Fprintln(w, "  studio token: the one that was given (--admin-token or VALSE_ADMIN_TOKEN)")
	default:
		fmt.Fprintln(w, "  studio token: printed at the first start (valse keys admin makes a new one)")
	}
	fmt.Fprintf(w, "  %s\n\n", h.store.Durability())
}

// demoSetting keeps the date up to which the demo shop was made, until all of
// it is stored: a start that was cut short is made good by the next one.
const demoSetting = "demo/unfinished"

// demoSettings beat item-to-item on the demo shop's held-out events.
var demoSettings = engine.Settings{Feedback: engine.Implicit, UnobservedWeight: 0.3, Reg: 0.01, HalfLife: 365}

// seed fills an empty store with the demo shop: the catalogue at once, so that
// the first page has something to show, and people with what they did, and a
// first training, in the background. A store that has products is left alone.
func (c *serveCmd) seed(ctx context.Context, g *Globals, h *house, work *errgroup.Group) error {
	size, err := demo.ParseSize(c.DemoSize)
	if err != nil {
		return usagef("%v", err)
	}
	end, err := demoEnd(ctx, h.store)
	if err != nil || end.IsZero() {
		return err
	}
	shop := demo.New(1, size, end)
	if _, _, err := h.store.PutProducts(ctx, shop.Products()); err != nil {
		return err
	}
	work.Go(func() error {
		if err := fill(ctx, g, h.store, shop); err != nil {
			return fmt.Errorf("fill the demo shop: %w", err)
		}
		_, err := h.pipeline.Queue(ctx, store.RunTrain, "First training of the demo shop", pipeline.TrainInput{
			Settings: demoSettings, Evaluate: true, Publish: true,
		})
		return errors.Join(err, h.store.PutSetting(ctx, demoSetting, nil))
	})
	return nil
}

// demoEnd is the date up to which the demo shop is to be made; zero when there
// is nothing to do.
func demoEnd(ctx context.Context, st store.Store) (time.Time, error) {
	kept, err := st.Setting(ctx, demoSetting)
	if errors.Is(err, store.ErrNotFound) {
		page, err := st.Products(ctx, store.ProductQuery{Limit: 1, IncludeHidden: true})
		if err != nil || page.Total > 0 {
			return time.Time{}, err
		}
		today := []byte(now().Format(time.DateOnly))
		if kept, err = st.InitSetting(ctx, demoSetting, today); err != nil {
			return time.Time{}, err
		}
	} else if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.DateOnly, string(kept))
}

// fillBatch is how many rows go to the store at once.
const fillBatch = 20_000

// fill stores the demo shop's users and what they did.
func fill(ctx context.Context, g *Globals, st store.Store, shop *demo.Shop) error {
	err := inBatches(shop.Users(), func(users []store.User) error {
		_, _, err := st.PutUsers(ctx, users)
		return err
	})
	if err != nil {
		return err
	}
	done := 0
	err = inBatches(shop.Interactions(), func(batch []store.Interaction) error {
		_, err := st.Append(ctx, batch)
		done += len(batch)
		return err
	})
	g.log.Info("filled the demo shop", "interactions", done)
	return err
}

// inBatches calls f with slices of at most fillBatch.
func inBatches[T any](rows iter.Seq[T], f func([]T) error) error {
	batch := make([]T, 0, fillBatch)
	for row := range rows {
		if batch = append(batch, row); len(batch) == fillBatch {
			if err := f(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return f(batch)
}
