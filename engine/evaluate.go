package engine

import (
	"cmp"
	"context"
	"fmt"

	"valse/engine/als"
	"valse/engine/eval"
	"valse/store"
)

// EvalOptions say what to hold out and how to measure. The zero value works.
type EvalOptions struct {
	Split   Split   // default SplitTime
	Holdout float64 // part that SplitTime and SplitUser hold out; default 0.2
	Ks      []int   // lengths of the lists; default 10, 20, 100
	// OnProgress is called after each sweep and each contender; may be nil.
	OnProgress func(Progress) error
}

func (o EvalOptions) withDefaults() EvalOptions {
	o.Split = cmp.Or(o.Split, SplitTime)
	o.Holdout = cmp.Or(o.Holdout, 0.2)
	if len(o.Ks) == 0 {
		o.Ks = []int{10, 20, 100}
	}
	return o
}

func (o EvalOptions) validate() error {
	if !(o.Holdout > 0 && o.Holdout < 1) {
		return &store.Invalid{Field: "holdout", Value: fmt.Sprint(o.Holdout), Want: "a number between 0 and 1"}
	}
	for _, k := range o.Ks {
		if k < 1 || k > 1000 {
			return &store.Invalid{Field: "k", Value: fmt.Sprint(k), Want: "a number from 1 to 1000"}
		}
	}
	return nil
}

// neighbours that the item-to-item baseline keeps per product.
const neighbours = 100

// relevantStars is how many stars make a held-out rating something to find.
const relevantStars = 4

// Evaluate trains on a part of the events and measures the model on the rest,
// beside popularity and item-to-item neighbours. Only products new to a user
// count as something to find, and of stars only those rated four or more.
// Errors are as those of [Train].
func Evaluate(ctx context.Context, e *Events, s Settings, o EvalOptions) (*Evaluation, error) {
	s, o = s.WithDefaults(), o.withDefaults()
	evaluation, err := evaluate(ctx, e, s, o)
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	return evaluation, nil
}

func evaluate(ctx context.Context, e *Events, s Settings, o EvalOptions) (*Evaluation, error) {
	if err := cmp.Or(s.Validate(), o.validate()); err != nil {
		return nil, err
	}
	v, err := e.read(s)
	if err != nil {
		return nil, err
	}
	p, err := v.splitForTest(o.Split, o.Holdout)
	if err != nil {
		return nil, err
	}
	fitted := v.matrix(p.fit)
	progress := TrainOptions{OnProgress: o.OnProgress}
	m, err := fit(ctx, fitted, s, func(w als.Sweep) error {
		return progress.progress(Progress{Phase: PhaseEvaluate, Step: w.N, Of: s.Iterations, Loss: w.Loss, Metric: w.RMSE})
	})
	if err != nil {
		return nil, err
	}
	seen := fitted
	if len(p.history) > 0 {
		seen = v.matrix(merge(p.fit, p.history))
		if err := m.foldRows(ctx, s, fitted, seen); err != nil {
			return nil, err
		}
	}
	result := &Evaluation{Split: p.label}
	if s.Feedback == Explicit {
		result.measureStars(m, v, p, fitted, s)
	}
	test := v.warm(v.relevant(p.test), fitted, seen)
	contenders := []struct {
		name string
		make func() eval.Recommender
	}{
		{"model", func() eval.Recommender { return m.recommender() }},
		{"popularity", func() eval.Recommender { return eval.NewPopularity(fitted) }},
		{"item-to-item", func() eval.Recommender { return eval.NewItemKNN(seen, neighbours) }},
	}
	for i, c := range contenders {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ranking := eval.Rank(c.make(), seen, test, o.Ks, s.Threads)
		result.Reports = append(result.Reports, NamedReport{Name: c.name, Report: ranking})
		err := progress.progress(Progress{Phase: PhaseEvaluate, Step: i + 1, Of: len(contenders), Series: c.name})
		if err != nil {
			return nil, err
		}
	}
	return result, nil
}

// measureStars fills in the RMSEs of a model of stars.
func (n *Evaluation) measureStars(m *Model, v *evidence, p parts, fitted *als.Matrix, s Settings) {
	r := m.explicitResult()
	test := v.matrix(p.test)
	n.TestRMSE = eval.RMSE(r.Predict, test)
	if len(p.validation) > 0 {
		n.ValidationRMSE = eval.RMSE(r.Predict, v.matrix(p.validation))
	}
	n.BiasRMSE = eval.RMSE(fitBiases(fitted, s).Predict, test)
}

// relevant returns the positions that are worth finding.
func (v *evidence) relevant(positions []int32) []int32 {
	if v.settings.Feedback != Explicit {
		return positions
	}
	var liked []int32
	for _, i := range positions {
		if v.weight[i] >= relevantStars {
			liked = append(liked, i)
		}
	}
	return liked
}

// foldRows gives the users that were not fitted a row, folded in from what was
// seen of them.
func (m *Model) foldRows(ctx context.Context, s Settings, fitted, seen *als.Matrix) error {
	var rows []int32
	for u := range seen.Rows {
		if trained, _ := fitted.Row(u); len(trained) == 0 {
			rows = append(rows, int32(u))
		}
	}
	return m.resolve(ctx, s, rows, seen)
}
