package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"valse/internal/live"
)

type modelsDiffCmd struct {
	A      string   `arg:"" help:"Kept model."`
	B      string   `arg:"" help:"Another kept model."`
	Users  []string `help:"Users to compare; a sample when left out."`
	Sample int      `help:"Size of the sample, of those that A was trained on." default:"200"`
	K      int      `help:"Length of the lists." default:"20"`
	JSON   bool     `help:"Write JSON, with every user's lists."`
}

// Help is the long help with an example.
func (*modelsDiffCmd) Help() string {
	return `Example:
  valse models diff 20261125T030000-77aa 20261126T030000-1f3a --sample 500 --k 10`
}

// Run compares the lists of two models.
func (c *modelsDiffCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) (err error) {
		ctx, cancel := context.WithCancel(ctx)
		lists := live.New(h.store, h.pipeline, live.Options{Logger: g.log})
		ended := make(chan error, 1)
		go func() { ended <- lists.Run(ctx) }()
		defer func() {
			cancel()
			err = errors.Join(err, <-ended)
		}()
		d, err := lists.Diff(ctx, c.A, c.B, c.Users, c.Sample, c.K)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, d)
		}
		c.print(g, d)
		return nil
	})
}

func (c *modelsDiffCmd) print(g *Globals, d live.Diff) {
	w := g.env.Stdout
	fmt.Fprintf(w, "%d users, lists of %d: %s of the products are shared, rank-biased overlap %.3f; what is shared moved %.1f places\n\n",
		len(d.Users), d.K, percent(d.Overlap), d.RBO, d.Moved)
	t := newTable(w)
	t.row("model", "products", "coverage", "long tail", "novelty")
	for i, id := range []string{c.A, c.B} {
		s := d.Spread[i]
		t.row(id, fmt.Sprint(s.Products), percent(s.Coverage), percent(s.LongTail), fmt.Sprintf("%.2f bits", s.Novelty))
	}
	t.row()
	t.row("differs most", "overlap", "rbo", "first of A", "first of B")
	for _, u := range d.Users[:min(len(d.Users), 5)] {
		t.row(u.UserID, percent(u.Overlap), fmt.Sprintf("%.3f", u.RBO), firstFew(u.Lists[0]), firstFew(u.Lists[1]))
	}
	t.flush()
}

func firstFew(ids []string) string { return strings.Join(ids[:min(len(ids), 3)], " ") }
