package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"valse/bench"
)

type benchCmd struct {
	ALS    benchALSCmd    `cmd:"" name:"als" help:"Training: processor time of a sweep, memory, loss and recall, beside other libraries."`
	TopK   benchTopKCmd   `cmd:"" name:"topk" help:"Lists for many users, beside other libraries."`
	FoldIn benchFoldInCmd `cmd:"" name:"foldin" help:"One user's list after an event: factor from the history and exact top-n, by percentile."`
	Replay benchReplayCmd `cmd:"" help:"Ways to keep up with newer events, and users that training never saw."`
	Live   benchLiveCmd   `cmd:"" help:"How soon a new list follows an event."`

	Contestant benchContestantCmd `cmd:"" hidden:"" help:"Valse's own part in a benchmark."`
}

// benchFlags are those of every comparison.
type benchFlags struct {
	Sizes   []string `help:"Generated matrices: 100k, 1m, 20m, 100m." default:"1m"`
	Data    []string `help:"Folders of real sets with train.csv(.gz) and test.csv(.gz): user_id,item_id." type:"existingdir" placeholder:"DIR"`
	Ranks   []int    `help:"Numbers of factors." default:"64,128,256"`
	Threads []int    `help:"Threads of each contestant; several values are one comparison each." default:"1"`
	Rounds  int      `help:"Rounds of each contestant; the first does not count when there are more." default:"4"`
	Peers   []string `help:"Other libraries: implicit, irspack, gorse. Those that are missing are installed below the cache folder, and named and left out when they cannot be." default:"implicit,irspack"`
	Only    []string `help:"Contestants that take part, such as 'valse fast,implicit cg'; all when left out." placeholder:"NAME"`
	Out     string   `help:"Folder to write NAME.json, NAME.txt and NAME.svg to." placeholder:"DIR"`
	JSON    bool     `help:"Write JSON instead of a table."`
	Verbose bool     `help:"Show what contestants write to standard error."`
}

// options returns what the benchmarks share, for one number of threads.
func (f *benchFlags) options(g *Globals, threads int) bench.Options {
	o := bench.Options{Threads: threads, Rounds: f.Rounds, Log: g.log}
	if f.Verbose {
		o.Err = g.env.Stderr
	}
	return o
}

// data generates and reads the matrices.
func (f *benchFlags) data(g *Globals) ([]*bench.Data, error) {
	var all []*bench.Data
	for _, name := range f.Sizes {
		if name == "none" {
			continue
		}
		shape, err := bench.ShapeNamed(name)
		if err != nil {
			return nil, usagef("--sizes: %v", err)
		}
		g.log.Info("generating", "matrix", name)
		all = append(all, bench.Generate(shape, 1))
	}
	for _, folder := range f.Data {
		d, err := bench.Read(folder)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// each runs a benchmark once for each number of threads and writes its reports.
func (f *benchFlags) each(g *Globals, run func(bench.Options) (*bench.Report, error)) error {
	for _, threads := range f.Threads {
		report, err := run(f.options(g, threads))
		if err != nil {
			return err
		}
		if err := f.write(g, report, threads); err != nil {
			return err
		}
	}
	return nil
}

func (f *benchFlags) write(g *Globals, r *bench.Report, threads int) error {
	if f.JSON {
		return r.WriteJSON(g.env.Stdout)
	}
	if err := r.WriteTable(g.env.Stdout); err != nil || f.Out == "" {
		return err
	}
	if err := os.MkdirAll(f.Out, 0o755); err != nil {
		return err
	}
	name := filepath.Join(f.Out, r.Benchmark)
	if threads > 1 {
		name = fmt.Sprintf("%s-%d", name, threads)
	}
	return errors.Join(
		writeFile(name+".json", r.WriteJSON),
		writeFile(name+".txt", r.WriteTable),
		writeFile(name+".svg", r.WriteCurves),
	)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

type benchALSCmd struct {
	benchFlags
	Curve            bool    `help:"Measure everyone's loss after each sweep, for the picture of --out."`
	UnobservedWeight float64 `help:"w0 of the loss." default:"0.1"`
	Reg              float64 `help:"Lambda of the loss." default:"1"`
	RegExponent      float64 `help:"Nu of the loss. At 0 all peers share the loss; implicit knows no other." default:"0"`
}

// Help is the long help with examples.
func (*benchALSCmd) Help() string {
	return `All start from the same factors and lower the same loss, which is computed
from its definition for each. Contestants are processes that take turns.

Example:
  valse bench als --sizes 1m,20m --ranks 64,128
  valse bench als --sizes 1m --rounds 8 --curve --out figures
  valse bench als --sizes none --data movielens --reg 0.01 --reg-exponent 1 --peers irspack`
}

// Run compares training.
func (c *benchALSCmd) Run(ctx context.Context, g *Globals) error {
	data, err := c.data(g)
	if err != nil {
		return err
	}
	peers, err := c.options(g, 1).Peers(ctx, c.Peers)
	if err != nil {
		return err
	}
	return c.each(g, func(o bench.Options) (*bench.Report, error) {
		return bench.ALS{
			Options: o, Data: data, Ranks: c.Ranks, Peers: peers, Only: c.Only,
			Curve: c.Curve, UnobservedWeight: c.UnobservedWeight, Reg: c.Reg, RegExponent: c.RegExponent,
		}.Run(ctx)
	})
}

type benchTopKCmd struct {
	benchFlags
	Users int  `help:"Users that get a list in a round." default:"5000"`
	N     int  `help:"Length of a list." default:"100"`
	Alike bool `help:"Give all items the same length, so that there is nothing to skip."`
}

// Help is the long help with examples.
func (*benchTopKCmd) Help() string {
	return `Lists are made from trained factors, without what the user has seen, and
compared with those of a full sort.

Example:
  valse bench topk --sizes 20m --ranks 64,128,256`
}

// Run compares making lists.
func (c *benchTopKCmd) Run(ctx context.Context, g *Globals) error {
	data, err := c.data(g)
	if err != nil {
		return err
	}
	peers, err := c.options(g, 1).Peers(ctx, c.Peers)
	if err != nil {
		return err
	}
	return c.each(g, func(o bench.Options) (*bench.Report, error) {
		return bench.TopK{
			Options: o, Data: data, Ranks: c.Ranks, Peers: peers, Only: c.Only,
			Users: c.Users, N: c.N, Alike: c.Alike,
		}.Run(ctx)
	})
}

type benchContestantCmd struct{}

// Run takes part in a benchmark.
func (*benchContestantCmd) Run(ctx context.Context, g *Globals) error {
	return bench.Contest(ctx, os.Stdin, g.env.Stdout)
}
