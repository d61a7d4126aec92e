package cli

import (
	"context"
	"fmt"

	"valse/engine"
)

type evaluateCmd struct {
	settingsFlags
	Split   string  `help:"What to hold out: time, user, leave-one-out or 60/20/20 (by the last digit of the timestamp)." enum:"time,user,leave-one-out,60/20/20" default:"time"`
	Holdout float64 `help:"Part that time and user hold out." default:"0.2"`
	K       []int   `help:"Lengths of the lists." default:"10,20,100"`
	JSON    bool    `help:"Write JSON instead of a table."`
}

// Help is the long help with examples.
func (*evaluateCmd) Help() string {
	return `Trains on a part of the events and measures on the rest, beside most-popular
and item-to-item. Nothing is kept.

Example:
  valse evaluate --split time --k 10,20,100 --rank 64 --unobserved-weight 0.3`
}

// Run evaluates.
func (c *evaluateCmd) Run(ctx context.Context, g *Globals) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	return g.with(ctx, func(h *house) error {
		if _, err := h.pipeline.Transport(ctx); err != nil {
			return err
		}
		events, err := h.warehouse.Events(ctx)
		if err != nil {
			return err
		}
		line := newProgress(g.env.Stderr)
		ev, err := engine.Evaluate(ctx, events, settings, engine.EvalOptions{
			Split: engine.Split(c.Split), Holdout: c.Holdout, Ks: c.K,
			OnProgress: func(p engine.Progress) error {
				line.set(float64(p.Step)/float64(max(p.Of, 1)), fmt.Sprintf("%s %d of %d", p.Phase, p.Step, p.Of))
				return nil
			},
		})
		line.done()
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, ev)
		}
		printEvaluation(g.env.Stdout, ev)
		return nil
	})
}
