package pipeline

import (
	"context"
	"errors"
	"fmt"

	"valse/engine"
	"valse/store"
	"valse/warehouse"
)

// Where the parts of a training end on its progress bar; publishing is the rest.
const (
	moved     = 0.05
	searched  = 0.45
	trained   = 0.65
	measured  = 0.8
	evaluated = 0.85
)

// train moves new events to the warehouse, names a snapshot, trains on all of
// it, measures the settings on held-out events, keeps the model and publishes
// it when asked to.
func (p *Pipeline) train(ctx context.Context, r *reporter, input TrainInput) (TrainOutput, error) {
	r.progress(0, "moving new events to the warehouse")
	id := p.newID()
	var snapshot *warehouse.Snapshot
	var followed int64
	_, err := p.transport(ctx, p.moveLog, p.moveTables, p.followErasures, func(ctx context.Context, _ *Moved) (err error) {
		if followed, err = p.followed(ctx); err == nil {
			snapshot, err = p.warehouse.Snapshot(ctx, "train-"+id, p.o.Clock())
		}
		return err
	})
	if err != nil {
		return TrainOutput{}, advise(err)
	}
	events, err := snapshot.Events(ctx)
	if err != nil {
		return TrainOutput{}, advise(err)
	}
	if r.progress(moved, "read %d events", events.Len()); len(snapshot.Missing) > 0 {
		p.o.Logger.Warn("training without what is missing from the warehouse", "run", r.run.ID, "files", len(snapshot.Missing), "rows", snapshot.MissingRows())
		r.progress(moved, "read %d events; %d more are missing from the warehouse", events.Len(), snapshot.MissingRows())
	}

	o := engine.TrainOptions{ID: id, CreatedAt: p.o.Clock().UTC(), Snapshot: snapshot.Name, RunID: r.run.ID}
	training, err := p.resume(ctx, snapshot, input, followed, &o)
	if err != nil {
		return TrainOutput{Snapshot: snapshot.Name}, err
	}
	model, err := p.fit(ctx, r, events, input, o)
	if err != nil {
		return TrainOutput{Snapshot: snapshot.Name}, err
	}
	r.progress(evaluated, "writing the model")
	if err := p.warehouse.PutModel(ctx, model); err != nil {
		return TrainOutput{Snapshot: snapshot.Name}, err
	}
	if err := p.eraseSince(ctx, followed); err != nil {
		return TrainOutput{Snapshot: snapshot.Name}, err
	}
	if err := p.warehouse.DropCheckpoint(training); err != nil {
		return TrainOutput{Snapshot: snapshot.Name}, err
	}
	out := TrainOutput{ModelID: id, Snapshot: snapshot.Name, Missing: snapshot.Missing}
	if !input.Publish {
		return out, nil
	}
	if out.Refused, err = p.guard(ctx, &model.Info); err != nil || out.Refused != "" {
		return out, err
	}
	if _, err := p.publish(ctx, r, evaluated, model, events, "run "+r.run.ID); err != nil {
		return out, err
	}
	out.Published = true
	return out, nil
}

// fit trains on all events, with the best settings of a search if there is one,
// and measures the settings on held-out events if asked to; or it continues the
// published model.
func (p *Pipeline) fit(ctx context.Context, r *reporter, events *engine.Events, input TrainInput, o engine.TrainOptions) (model *engine.Model, err error) {
	if input.Incremental {
		return p.update(ctx, r, events, o)
	}
	settings := input.Settings
	settings.Threads = p.o.Threads
	o.OnProgress = r.onProgress
	switch {
	case input.Tune > 0:
		model, err = engine.Tune(ctx, events, settings, input.Tune, o)
	case input.Grid != nil:
		model, err = engine.Search(ctx, events, settings, *input.Grid, o)
	default:
		model, err = engine.Train(ctx, events, settings, o)
	}
	if err != nil || !input.Evaluate {
		return model, err
	}
	chosen := model.Info.Settings
	chosen.Threads = p.o.Threads
	model.Info.Evaluation, err = engine.Evaluate(ctx, events, chosen, engine.EvalOptions{
		Split: heldOut(&model.Info), OnProgress: r.onProgress,
	})
	if err != nil && !errors.Is(err, engine.ErrNoData) { // with too little to hold out the model stands without figures
		return model, err
	}
	model.Info.Interviews, err = engine.Interview(ctx, events, chosen, engine.TrainOptions{OnProgress: r.onProgress})
	return model, err
}

// heldOut is how events are held out: the newest, as lists are about what comes
// next; of stars a random part, as their error is about taste and not about time;
// and as the settings were tuned, where they were.
func heldOut(info *engine.Info) engine.Split {
	switch {
	case info.Settings.Feedback == engine.Explicit:
		return engine.SplitDigit
	case info.Tuned != nil:
		return info.Tuned.Split
	default:
		return engine.SplitTime
	}
}

// onProgress shows the engine's steps on the bar, and the losses of the
// training as the run's curve.
func (r *reporter) onProgress(e engine.Progress) error {
	done := float64(e.Step) / float64(max(e.Of, 1))
	what := fmt.Sprintf("%d of %d", e.Step, e.Of)
	if e.Series != "" {
		what = fmt.Sprintf("%s (%s)", e.Series, what)
	}
	switch e.Phase {
	case engine.PhaseSearch:
		r.progress(moved+(searched-moved)*done, "search: %s", what)
		r.point(store.RunPoint{Step: e.Step, Series: e.Series, Metric: e.Metric})
	case engine.PhaseTrain:
		r.progress(searched+(trained-searched)*done, "train: sweep %s, loss %.6g", what, e.Loss)
		r.point(store.RunPoint{Step: e.Step, Loss: e.Loss, Metric: e.Metric})
	case engine.PhaseUpdate:
		r.progress(moved+(evaluated-moved)*done, "solve what is newer: pass %s", what)
	case engine.PhaseEvaluate:
		r.progress(trained+(measured-trained)*done, "evaluate: %s", what)
	case engine.PhaseInterview:
		r.progress(measured+(evaluated-measured)*done, "ask newcomers: %s", what)
	}
	return nil
}

// guard says why a model should not replace the one that serves; empty when it
// may. Held-out figures decide: a model that loses to the baseline anyone can
// have, or falls clearly behind the model that serves now, stays in the
// warehouse for a person to decide.
func (p *Pipeline) guard(ctx context.Context, info *engine.Info) (string, error) {
	if info.Tuned != nil && info.Tuned.Refused {
		return info.Tuned.Advice, nil
	}
	quality, ok := info.Quality()
	if !ok {
		return "", nil
	}
	if quality.LosesToBaseline() {
		return fmt.Sprintf("held-out %s of %.4g loses to the baseline's %.4g", quality.Metric, quality.Value, quality.Baseline), nil
	}
	id, err := p.publishedID(ctx)
	if err != nil || id == "" {
		return "", err
	}
	current, err := p.Info(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil // what serves was removed: anything is better
	}
	if err != nil {
		return "", err
	}
	if serving, ok := current.Quality(); ok && quality.FallsBehind(serving) {
		return fmt.Sprintf("held-out %s of %.4g falls behind the %.4g of the published model %s", quality.Metric, quality.Value, serving.Value, id), nil
	}
	return "", nil
}
