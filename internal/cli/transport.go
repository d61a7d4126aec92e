package cli

import (
	"context"
	"fmt"
)

type transportCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run transports once, and merges small parts.
func (c *transportCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		moved, err := h.pipeline.Transport(ctx)
		if err != nil {
			return err
		}
		if _, err := h.pipeline.Compact(ctx); err != nil {
			return err
		}
		status, err := h.pipeline.Status(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, map[string]any{"moved": moved, "warehouse": status})
		}
		fmt.Fprintf(g.env.Stdout, "moved %d interactions; the warehouse holds %d in %d parts\n", moved.Rows, status.Rows, status.Parts)
		printMissing(g.env.Stdout, status.Missing)
		return nil
	})
}
