package cli

import (
	"context"
	"fmt"
)

type exportUserCmd struct {
	ID string `arg:"" help:"User to export."`
}

// Run writes everything kept about a user.
func (c *exportUserCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		export, err := h.pipeline.Export(ctx, c.ID)
		if err != nil {
			return err
		}
		return writeJSON(g.env.Stdout, export)
	})
}

type eraseUserCmd struct {
	ID  string `arg:"" help:"User to erase."`
	Yes bool   `help:"Do not ask: there is no way back." short:"y"`
}

// Run erases a user and writes the receipt, and nothing else, to standard output.
func (c *eraseUserCmd) Run(ctx context.Context, g *Globals) error {
	if !c.Yes {
		return usagef("erasing %q cannot be undone: repeat with --yes", c.ID)
	}
	return g.with(ctx, func(h *house) error {
		gone, err := h.pipeline.Erase(ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(g.env.Stderr, "erased %q: %d interactions, %d rows of the warehouse\n", c.ID, gone.Interactions, gone.WarehouseRows)
		fmt.Fprintln(g.env.Stdout, gone.Receipt)
		return nil
	})
}
