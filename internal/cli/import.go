package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"valse/warehouse/sources"
)

type importCmd struct {
	Path            string `arg:"" optional:"" help:"Folder, or the file of interactions." type:"path"`
	Format          string `help:"One of csv, jsonl, movielens, online-retail, parquet." required:"" placeholder:"FORMAT" env:"VALSE_IMPORT_FORMAT"`
	Interactions    string `help:"File of interactions." type:"existingfile" placeholder:"FILE"`
	Products        string `help:"File of products." type:"existingfile" placeholder:"FILE"`
	Users           string `help:"File of users." type:"existingfile" placeholder:"FILE"`
	DryRun          bool   `help:"Only check; nothing is applied."`
	ContinueOnError bool   `help:"Apply the good rows although some are rejected; otherwise a rejected row means that nothing is applied."`
	Rejects         int    `help:"How many rejected rows to spell out." default:"20"`
	JSON            bool   `help:"Write the report as JSON."`
}

// Help is the long help with examples.
func (*importCmd) Help() string {
	return `Importing the same file twice changes nothing. Files may be gzipped.
docs/import.md describes the formats.

Example:
  valse import --format movielens ml-latest-small/
  valse import --format csv --interactions clicks.csv --products catalogue.csv
  valse import --format online-retail --dry-run online_retail.csv.gz`
}

// Run imports and moves the events to the warehouse.
func (c *importCmd) Run(ctx context.Context, g *Globals) error {
	source, err := sources.ByName(c.Format)
	if err != nil {
		return usagef("%v", err)
	}
	if c.Path == "" && c.Interactions == "" && c.Products == "" && c.Users == "" {
		return usagef("name a folder or a file to import")
	}
	return g.withNew(ctx, func(h *house) error {
		line := newProgress(g.env.Stderr)
		report, err := h.pipeline.Import(ctx, sources.Plan{
			Source: source,
			Input:  sources.Input{Path: c.Path, Interactions: c.Interactions, Products: c.Products, Users: c.Users},
			DryRun: c.DryRun, ContinueOnError: c.ContinueOnError, Now: now(),
		}, func(p sources.Progress) {
			line.set(p.Fraction(), p.String())
		})
		line.done()
		read := report.Products.Read + report.Users.Read + report.Interactions.Read + report.Rejected
		if err == nil || read > 0 || c.JSON {
			if printed := c.print(g.env.Stdout, &report); printed != nil {
				return printed
			}
		}
		if rejected := new(sources.RejectedError); errors.As(err, &rejected) {
			return fmt.Errorf("rejected rows: %d; nothing was applied (--continue-on-error applies the others)", report.Rejected)
		}
		return err
	})
}

func (c *importCmd) print(w io.Writer, report *sources.Report) error {
	if c.JSON {
		return writeJSON(w, report)
	}
	t := newTable(w)
	t.row("", "read", "created", "updated", "known already", "conflict", "erased")
	for _, kind := range []struct {
		name string
		n    sources.Count
	}{{"products", report.Products}, {"users", report.Users}, {"interactions", report.Interactions}} {
		t.row(kind.name, fmt.Sprint(kind.n.Read), fmt.Sprint(kind.n.Created), fmt.Sprint(kind.n.Updated),
			fmt.Sprint(kind.n.Exists), fmt.Sprint(kind.n.Conflict), fmt.Sprint(kind.n.Erased))
	}
	t.flush()
	for _, note := range report.Notes {
		fmt.Fprintln(w, note)
	}
	if report.Rejected > 0 {
		fmt.Fprintf(w, "\nrejected rows: %d\n", report.Rejected)
		for _, reason := range report.TopReasons() {
			fmt.Fprintf(w, "  %7d  %s\n", report.Reasons[reason], reason)
		}
		for _, reject := range report.Rejects[:min(len(report.Rejects), c.Rejects)] {
			fmt.Fprintln(w, "  "+reject.String())
		}
	}
	if !report.Applied {
		fmt.Fprintln(w, strings.TrimSpace("\nnothing was applied"))
	}
	return nil
}
