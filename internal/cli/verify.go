package cli

import (
	"context"
	"fmt"
	"io"

	"valse/warehouse"
)

type verifyCmd struct {
	Quarantine bool `help:"Move damaged files to the warehouse's quarantine, write anew what the store has of them, and go on without the rest: snapshots and trainings say what they lack."`
	JSON       bool `help:"Write JSON."`
}

// Run verifies the warehouse.
func (c *verifyCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		if c.Quarantine {
			return c.quarantine(ctx, g, h)
		}
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
			printMissing(g.env.Stdout, report.Missing)
		}
		if len(report.Damaged) > 0 {
			return fmt.Errorf("%d files of the warehouse are damaged (valse verify --quarantine sets them aside)", len(report.Damaged))
		}
		return nil
	})
}

func (c *verifyCmd) quarantine(ctx context.Context, g *Globals, h *house) error {
	done, err := h.pipeline.Quarantine(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(g.env.Stdout, done)
	}
	fmt.Fprintf(g.env.Stdout, "damaged and set aside: %d, rows written anew: %d\n", len(done.Found), done.Restored)
	for _, m := range done.Found {
		fmt.Fprintf(g.env.Stdout, "  %s: %s\n", m.File, m.Reason)
	}
	printMissing(g.env.Stdout, done.Missing)
	return nil
}

// printMissing lists what the warehouse lacks, if anything.
func printMissing(to io.Writer, missing []warehouse.Missing) {
	if len(missing) > 0 {
		fmt.Fprintln(to, "missing from the warehouse:")
	}
	for i := range missing {
		fmt.Fprintf(to, "  %s, since %s\n", &missing[i], missing[i].Since.Format("2006-01-02 15:04"))
	}
}
