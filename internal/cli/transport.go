package cli

import (
	"context"
	"fmt"
)

type transportCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run transports once.
func (c *transportCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		moved, err := h.pipeline.Transport(ctx)
		if err != nil {
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
		return nil
	})
}

type verifyCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run verifies the warehouse.
func (c *verifyCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		report, err := h.warehouse.Verify(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := writeJSON(g.env.Stdout, report); err != nil {
				return err
			}
		} else {
			fmt.Fprintf(g.env.Stdout, "%d files whole, %d damaged\n", report.Files-len(report.Damaged), len(report.Damaged))
			for _, fault := range report.Damaged {
				fmt.Fprintln(g.env.Stdout, " ", fault)
			}
		}
		if len(report.Damaged) > 0 {
			return fmt.Errorf("%d files of the warehouse are damaged", len(report.Damaged))
		}
		return nil
	})
}
