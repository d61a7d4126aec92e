package cli

import (
	"context"

	"valse/bench"
)

type benchFoldInCmd struct {
	Size  string `help:"Generated matrix to train on: 100k, 1m, 20m, 100m." default:"20m"`
	Ranks []int  `help:"Numbers of factors." default:"64,128,256"`
	N     int    `help:"Length of a list." default:"10"`
	Lists int    `help:"Lists to make at each rank." default:"5000"`
	JSON  bool   `help:"Write JSON instead of a table."`
}

// Help is the long help with examples.
func (*benchFoldInCmd) Help() string {
	return `Times are on the wall, on one thread: run it on a machine that does nothing else.

Example:
  valse bench foldin --ranks 128`
}

// Run measures.
func (c *benchFoldInCmd) Run(ctx context.Context, g *Globals) error {
	shape, err := bench.ShapeNamed(c.Size)
	if err != nil {
		return usagef("--size: %v", err)
	}
	found, err := bench.FoldIn{Data: bench.Generate(shape, 1), Ranks: c.Ranks, N: c.N, Lists: c.Lists}.Run(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(g.env.Stdout, found)
	}
	return bench.WriteLatencies(g.env.Stdout, found)
}
