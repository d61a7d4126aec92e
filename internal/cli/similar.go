package cli

import (
	"context"
	"slices"

	"valse/engine"
	"valse/engine/rule"
	"valse/store"
)

type similarCmd struct {
	listFlags
	Items string `help:"all, a file with one id per line, or ids separated by commas." default:"all"`
	N     int    `help:"Length of each list." default:"20"`
	Kind  string `help:"similar (the model's factors) or together (baskets)." enum:"similar,together" default:"similar"`
}

// Help is the long help with examples.
func (*similarCmd) Help() string {
	return `Writes item_id,similar_id,rank,score. Lists follow the shop's rules for the
shelves SIMILAR and TOGETHER as they stand now.

Example:
  valse similar --items all --n 20 --kind together > together.csv`
}

// Run writes lists.
func (c *similarCmd) Run(ctx context.Context, g *Globals) error {
	if c.N < 1 || c.N > engine.MaxList {
		return usagef("--n %d: want 1 to %d", c.N, engine.MaxList)
	}
	return g.with(ctx, func(h *house) error {
		o, err := g.offline(ctx, h, c.Model, "")
		if err != nil {
			return err
		}
		ids := slices.Sorted(slices.Values(o.events.ProductIDs))
		if c.Items != "all" {
			if ids, err = namedIDs(c.Items); err != nil {
				return err
			}
		}
		lists, shelf := o.recommender.Similar, rule.Similar
		if c.Kind == "together" {
			lists, shelf = o.recommender.Together, rule.Together
		}
		policy, err := c.policy(ctx, h, o, shelf)
		if err != nil {
			return err
		}
		w := newListWriter(g.env.Stdout, c.Format, "item_id", "similar_id")
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.write(id, scored(lists(id, engine.Request{N: c.N, Policy: policy}))); err != nil {
				return err
			}
		}
		return w.flush()
	})
}

func scored(l engine.List) []store.Scored {
	items := make([]store.Scored, len(l.Items))
	for i, item := range l.Items {
		items[i] = store.Scored{ProductID: item.ProductID, Score: item.Score}
	}
	return items
}
