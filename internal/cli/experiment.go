package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"valse/internal/experiment"
	"valse/internal/trace"
)

type experimentCmd struct {
	Start experimentStartCmd `cmd:"" help:"Start comparing two models or two rule books on live people."`
	Stop  experimentStopCmd  `cmd:"" help:"Stop the running experiment and keep its verdict."`
	Show  experimentShowCmd  `cmd:"" help:"Show an experiment's verdict as of now; the newest when none is named."`
	List  experimentListCmd  `cmd:"" help:"List experiments, newest first."`
}

type experimentStartCmd struct {
	Name          string    `arg:"" help:"What it is about."`
	Kind          string    `help:"split: each user sees one arm. interleave: each list is drafted from both." enum:"split,interleave" default:"split"`
	First         string    `help:"Model of the first arm; what is published when left out." placeholder:"MODEL"`
	Second        string    `help:"Model of the second arm; what is published when left out." placeholder:"MODEL"`
	FirstRules    int64     `help:"Version of the first arm's rule book; 0 is the one in force."`
	SecondRules   int64     `help:"Version of the second arm's rule book; 0 is the one in force."`
	Shares        []float64 `help:"Shares of the users; those left over take no part." default:"0.5,0.5"`
	Goal          string    `help:"What decides." enum:"click,cart,purchase" default:"click"`
	MinimumEffect float64   `help:"Relative difference worth finding." default:"0.1"`
}

// Help is the long help with an example.
func (*experimentStartCmd) Help() string {
	return `Example:
  valse experiment start "rank 128" --second 20261126T093000-1f3a
  valse experiment start "fewer of one vendor" --kind interleave --first-rules 3 --second-rules 4`
}

// Run starts an experiment.
func (c *experimentStartCmd) Run(ctx context.Context, g *Globals) error {
	kinds := map[string]experiment.Kind{"split": experiment.Split, "interleave": experiment.Interleave}
	goals := map[string]trace.Step{"click": trace.ClickStep, "cart": trace.CartStep, "purchase": trace.PurchaseStep}
	if len(c.Shares) != 2 {
		return usagef("--shares %v: give two, like 0.5,0.5", c.Shares)
	}
	return g.with(ctx, func(h *house) error {
		e, err := h.pipeline.StartExperiment(ctx, experiment.Experiment{
			Name: c.Name, Kind: kinds[c.Kind], Goal: goals[c.Goal], MinimumEffect: c.MinimumEffect,
			Arms: [2]experiment.Arm{
				{ModelID: c.First, Rules: c.FirstRules, Share: c.Shares[0]},
				{ModelID: c.Second, Rules: c.SecondRules, Share: c.Shares[1]},
			},
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(g.env.Stdout, "started experiment", e.ID)
		return nil
	})
}

type experimentStopCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run stops the running experiment.
func (c *experimentStopCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		e, err := h.pipeline.Experiments().Stop(ctx)
		if err != nil {
			return err
		}
		return showExperiment(g.env.Stdout, e, *e.Verdict, c.JSON)
	})
}

type experimentShowCmd struct {
	ID   int  `arg:"" optional:"" help:"Number of the experiment."`
	JSON bool `help:"Write JSON."`
}

// Run shows an experiment.
func (c *experimentShowCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		experiments := h.pipeline.Experiments()
		var e *experiment.Experiment
		if c.ID != 0 {
			var err error
			if e, err = experiments.Get(ctx, c.ID); err != nil {
				return err
			}
		} else {
			list, err := experiments.List(ctx, 1)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				fmt.Fprintln(g.env.Stdout, "no experiments yet")
				return nil
			}
			e = list[0]
		}
		verdict, err := experiments.Verdict(ctx, e)
		if err != nil {
			return err
		}
		return showExperiment(g.env.Stdout, e, verdict, c.JSON)
	})
}

type experimentListCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run lists experiments.
func (c *experimentListCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		list, err := h.pipeline.Experiments().List(ctx, 100)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, list)
		}
		t := newTable(g.env.Stdout)
		t.row("number", "name", "kind", "started", "stopped", "decision")
		for _, e := range list {
			stopped, decision := "running", ""
			if e.Verdict != nil {
				stopped, decision = e.StoppedAt.Format(time.DateTime), string(e.Verdict.Decision)
			}
			t.row(fmt.Sprint(e.ID), e.Name, string(e.Kind), e.StartedAt.Format(time.DateTime), stopped, decision)
		}
		t.flush()
		return nil
	})
}

// showExperiment prints an experiment and what may be said of it.
func showExperiment(w io.Writer, e *experiment.Experiment, v experiment.Verdict, asJSON bool) error {
	if asJSON {
		return writeJSON(w, struct {
			*experiment.Experiment
			Verdict experiment.Verdict `json:"verdict"`
		}{e, v})
	}
	fmt.Fprintf(w, "experiment %d: %s (%s, decided by %s)\n", e.ID, e.Name, e.Kind, e.Goal)
	t := newTable(w)
	t.row("arm", "model", "rules", "share", "seen", "clicks", "carts", "purchases", "rate", "95% interval")
	for i, arm := range e.Arms {
		o := v.Arms[i]
		f := o.Funnel
		t.row(string(rune('A'+i)), orPublished(arm.ModelID), orInForce(arm.Rules), fmt.Sprint(arm.Share),
			fmt.Sprint(f.Impressions), fmt.Sprint(f.Clicks), fmt.Sprint(f.Carts), fmt.Sprint(f.Purchases),
			percent(o.Rate.Value), percent(o.Rate.Low)+" to "+percent(o.Rate.High))
	}
	t.flush()
	fmt.Fprintln(w, sentence(v))
	return nil
}

func orPublished(modelID string) string {
	if modelID == "" {
		return "published"
	}
	return modelID
}

func orInForce(version int64) string {
	if version == 0 {
		return "in force"
	}
	return fmt.Sprint(version)
}

func percent(v float64) string { return fmt.Sprintf("%.2f%%", 100*v) }

// sentence is the verdict in words.
func sentence(v experiment.Verdict) string {
	lift := fmt.Sprintf("B compared with A: %+.1f%% (%+.1f%% to %+.1f%%, at any look)", 100*v.Lift.Value, 100*v.Lift.Low, 100*v.Lift.High)
	believed := fmt.Sprintf("; B is better with a probability of %s", percent(v.SecondIsBetter))
	switch v.Decision {
	case experiment.FirstBetter:
		return "A is better. " + lift + believed
	case experiment.SecondBetter:
		return "B is better. " + lift + believed
	case experiment.NoDifference:
		return "No difference worth finding. " + lift + believed
	}
	if v.Needed < 0 || v.Needed > math.MaxInt32 {
		return "Not enough yet: too little has happened to say how long it will take."
	}
	return fmt.Sprintf("Not enough yet: some %d more are needed. %s%s", v.Needed, lift, believed)
}
