package cli

import (
	"context"
	"fmt"
)

type backupCmd struct {
	Folder string `arg:"" help:"Folder to make." type:"path"`
	JSON   bool   `help:"Write JSON."`
}

// Help is the long help with examples.
func (*backupCmd) Help() string {
	return `Servers may run: the copy is as of one moment, and has been read to its end when
its folder appears. To go back, stop the servers and start from it:
  valse backup /backups/2026-11-26
  valse serve --store sqlite:/backups/2026-11-26 --warehouse /backups/2026-11-26/warehouse`
}

// Run makes a backup.
func (c *backupCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		made, err := h.pipeline.Backup(ctx, c.Folder)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, made)
		}
		what := "store and warehouse"
		if !made.Store {
			what = "the warehouse (the store has its own backups)"
		}
		fmt.Fprintf(g.env.Stdout, "%s: %s of %s, %d files of %.1f MB in the warehouse\n",
			c.Folder, what, g.Partition, made.Warehouse.Files, float64(made.Warehouse.Bytes)/1e6)
		return nil
	})
}
