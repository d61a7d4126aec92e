package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"valse/bench"
	"valse/engine"
	"valse/internal/demo"
	"valse/store"
)

type benchReplayCmd struct {
	settingsFlags
	Demo   bool    `help:"Replay the generated demo shop instead of the partition's events."`
	Start  float64 `help:"Part of the events that is known at the start." default:"0.8"`
	Nights int     `help:"Times that models are made anew." default:"7"`
	Sample int     `help:"Events to ask for a list before." default:"4000"`
	JSON   bool    `help:"Write JSON instead of tables."`
}

// Help is the long help with examples.
func (*benchReplayCmd) Help() string {
	return `Replays the newest events in the order in which they happened: is what a user
takes up next among the best twenty? Then folds in users that training never
saw, from one product, five, twenty and all. docs/live.md has the figures.

Example:
  valse bench replay --demo --unobserved-weight 0.3 --reg 0.01
  valse bench replay --store sqlite:shop --warehouse shop/warehouse`
}

// Run replays.
func (c *benchReplayCmd) Run(ctx context.Context, g *Globals) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	if c.Demo {
		shop := demo.New(1, demo.Small(), demo.DefaultEnd())
		var b engine.Builder
		for i := range shop.Interactions() {
			b.Add(&i)
		}
		return c.replay(ctx, g, b.Events(), shop.Products(), settings)
	}
	return g.with(ctx, func(h *house) error {
		if _, err := h.pipeline.Transport(ctx); err != nil {
			return err
		}
		events, err := h.warehouse.Events(ctx)
		if err != nil {
			return err
		}
		var products []store.Product
		err = h.store.EachProduct(ctx, func(batch []store.Product) error {
			products = append(products, batch...)
			return nil
		})
		if err != nil {
			return err
		}
		return c.replay(ctx, g, events, products, settings)
	})
}

func (c *benchReplayCmd) replay(ctx context.Context, g *Globals, events *engine.Events, products []store.Product, s engine.Settings) error {
	line := newProgress(g.env.Stderr)
	replayed, err := engine.Replay(ctx, events, s, engine.ReplayOptions{
		Start: c.Start, Nights: c.Nights, Sample: c.Sample, Products: products, CPU: bench.CPU,
		OnNight: func(n, of int) { line.set(float64(n)/float64(of), fmt.Sprintf("night %d of %d", n, of)) },
	})
	line.done()
	if err != nil {
		return err
	}
	curve, err := engine.FoldCurve(ctx, events, s)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(g.env.Stdout, struct {
			Replay *engine.Replayed   `json:"replay"`
			FoldIn []engine.FoldPoint `json:"foldIn"`
		}{replayed, curve})
	}
	printReplay(g.env.Stdout, replayed)
	printCurve(g.env.Stdout, curve)
	return nil
}

func printReplay(w io.Writer, r *engine.Replayed) {
	fmt.Fprintf(w, "the next product of %d events among the best 20\n", r.Events)
	t := newTable(w)
	t.row("strategy", "recall", "models, CPU a night")
	for _, s := range r.Strategies {
		t.row(s.Name, number(s.Recall), s.Models.Round(time.Millisecond).String())
	}
	t.flush()
}

func printCurve(w io.Writer, points []engine.FoldPoint) {
	fmt.Fprintln(w, "\nusers the training never saw, Recall@20 of their last fifth")
	t := newTable(w)
	t.row("known of them", "users", "recall", "popularity", "times")
	for _, p := range points {
		t.row(p.Name, fmt.Sprint(p.Users), number(p.Recall), number(p.Popularity), fmt.Sprintf("%.2f", p.Times()))
	}
	t.flush()
}
