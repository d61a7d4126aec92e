package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
)

// settingsFlags are the loss's own settings. What is left out takes the default
// of the kind of feedback.
type settingsFlags struct {
	Feedback         string  `help:"Evidence to train on: implicit (everything people do) or explicit (stars)." enum:"implicit,explicit" default:"implicit" env:"VALSE_FEEDBACK"`
	Rank             int     `help:"Number of factors (64; explicit 32)." env:"VALSE_RANK" placeholder:"N"`
	Iterations       int     `help:"Sweeps over both sides (12; explicit 15)." env:"VALSE_ITERATIONS" placeholder:"N"`
	UnobservedWeight float64 `help:"w0, the confidence that an unobserved pair is a zero (0.1). The best value differs widely between shops." env:"VALSE_UNOBSERVED_WEIGHT" placeholder:"W0"`
	Reg              float64 `help:"Lambda, the regularization (0.003; explicit 1.5)." env:"VALSE_REG" placeholder:"LAMBDA"`
	RegExponent      float64 `help:"Nu, how the regularization scales with a row's count (1; explicit 0.5)." env:"VALSE_REG_EXPONENT" placeholder:"NU"`
	Weights          string  `help:"Confidence per event type, like VIEW=1,CART=3,PURCHASE=5. Types left out count nothing. Equal weights without a half-life make feedback binary." env:"VALSE_WEIGHTS" placeholder:"TYPE=N,…"`
	HalfLife         float64 `help:"Days after which an event counts half; 0 means no decay." env:"VALSE_HALF_LIFE" placeholder:"DAYS"`
	Binary           bool    `help:"Every observed pair counts 1, however often it happened." env:"VALSE_BINARY"`
	Fast             bool    `help:"Solve each row by two steps of conjugate gradient instead of to rounding: a third to a seventh of the time, nearly the same model." env:"VALSE_FAST"`
	Seed             uint64  `help:"Seed of the initial factors (1)." env:"VALSE_SEED" placeholder:"N"`
}

func (f *settingsFlags) settings() (engine.Settings, error) {
	s := engine.Settings{
		Feedback: engine.Feedback(strings.ToUpper(f.Feedback)), Rank: f.Rank, Iterations: f.Iterations,
		UnobservedWeight: f.UnobservedWeight, Reg: f.Reg, RegExponent: f.RegExponent,
		HalfLife: f.HalfLife, Binary: f.Binary, Fast: f.Fast, Seed: f.Seed,
	}
	if f.Weights != "" {
		w, err := engine.ParseWeights(f.Weights)
		if err != nil {
			return s, usagef("%v", err)
		}
		s.Weights = w
		s.Binary = s.Binary || s.HalfLife == 0 && w.Equal()
	}
	if err := s.WithDefaults().Validate(); err != nil {
		return s, usagef("%v", err)
	}
	return s, nil
}

type trainCmd struct {
	settingsFlags
	Grid        string `help:"JSON file of values to search: {\"ranks\":[32,64],\"regs\":[0.01],\"iterations\":[10],\"unobservedWeights\":[0.1,0.3]}. The best on validation is kept." type:"existingfile" placeholder:"FILE" xor:"search"`
	Tune        int    `help:"Try so many settings (4 to 256) on held-out events, beginning with those given, drop the poor ones early and train the best. Best-sellers, item-to-item and, on up to 10,000 products, EASE take part; what loses to best-sellers is not published." placeholder:"BUDGET" xor:"search"`
	Incremental bool   `help:"Continue the published model: keep its settings and solve only the users and products with newer events." xor:"search"`
	NoEvaluate  bool   `help:"Skip the measurement on held-out events."`
	Publish     bool   `help:"Publish the model, unless it is worse than what serves now."`
	JSON        bool   `help:"Write the model's description as JSON."`
}

// Help is the long help with examples.
func (*trainCmd) Help() string {
	return `Example:
  valse train --rank 64 --iterations 12 --unobserved-weight 0.3 --publish
  valse train --tune 24 --publish
  valse train --feedback explicit --grid grid.json
  valse train --incremental --publish`
}

// Run queues a training and works until it has ended; a running server may take
// it over.
func (c *trainCmd) Run(ctx context.Context, g *Globals) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	input := pipeline.TrainInput{Settings: settings, Evaluate: !c.NoEvaluate && !c.Incremental, Publish: c.Publish, Incremental: c.Incremental}
	if c.Tune != 0 {
		if err := engine.ValidBudget(c.Tune); err != nil {
			return usagef("%v", err)
		}
		input.Tune = c.Tune
	}
	if c.Grid != "" {
		if input.Grid, err = readGrid(c.Grid); err != nil {
			return err
		}
	}
	return g.with(ctx, func(h *house) error {
		run, err := g.work(ctx, h, store.RunTrain, "Training from the command line", input)
		if err != nil {
			return err
		}
		var out pipeline.TrainOutput
		if err := json.Unmarshal(run.Output, &out); err != nil {
			return err
		}
		info, err := h.pipeline.Info(ctx, out.ModelID)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, struct {
				pipeline.TrainOutput
				Model engine.Info `json:"model"`
			}{out, info})
		}
		return printTraining(g, out, &info)
	})
}

func readGrid(name string) (*engine.Grid, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var grid engine.Grid
	if err := json.Unmarshal(data, &grid); err != nil {
		return nil, usagef("grid %s: %v", name, err)
	}
	return &grid, nil
}

// work queues a run, works in this process until it has ended, and draws its
// progress. Interrupting the command cancels the run.
func (g *Globals) work(ctx context.Context, h *house, kind store.RunKind, title string, input any) (store.Run, error) {
	run, err := h.pipeline.Queue(ctx, kind, title, input)
	if err != nil {
		return run, err
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	worked := make(chan error, 1)
	go func() { worked <- h.pipeline.Work(working) }()
	line := newProgress(g.env.Stderr)
	ended, err := h.pipeline.Watch(ctx, run.ID, func(r store.Run) { line.set(r.Progress, r.Message) })
	line.done()
	if ctx.Err() != nil {
		_, err = h.pipeline.Cancel(working, run.ID)
		err = errors.Join(err, ctx.Err())
	}
	stop()
	err = errors.Join(err, <-worked)
	if err == nil && ended.State != store.Succeeded {
		err = fmt.Errorf("%s %s: %s", strings.ToLower(string(kind)), strings.ToLower(string(ended.State)), cmp.Or(ended.Error, "it was asked for elsewhere"))
	}
	return ended, err
}

func printTraining(g *Globals, out pipeline.TrainOutput, info *engine.Info) error {
	t := newTable(g.env.Stdout)
	t.row("model", info.ID)
	t.row("data", fmt.Sprintf("%d users × %d products, %d interactions", info.Users, info.Products, info.Interactions))
	if n := len(info.Sweeps); n > 0 {
		t.row("loss", fmt.Sprintf("%.6g after %d sweeps", info.Sweeps[n-1].Loss, n))
	}
	for i := range out.Missing {
		t.row("without", out.Missing[i].String())
	}
	if info.Parent != "" {
		t.row("continues", info.Parent)
	}
	switch {
	case out.Published:
		t.row("published", "yes")
	case out.Refused != "":
		t.row("published", "no: "+out.Refused)
	default:
		t.row("published", "no (valse models publish "+info.ID+")")
	}
	t.flush()
	printTrials(g.env.Stdout, info.Grid)
	if info.Tuned != nil {
		fmt.Fprintf(g.env.Stdout, "\n%s\n", info.Tuned.Advice)
	}
	printEvaluation(g.env.Stdout, info.Evaluation)
	printInterviews(g.env.Stdout, info.Interviews)
	return nil
}
