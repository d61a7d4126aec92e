package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"valse/store"
)

// Queue adds a run for some worker to claim. The input must marshal to a JSON
// object.
func (p *Pipeline) Queue(ctx context.Context, kind store.RunKind, title string, input any) (store.Run, error) {
	data, err := json.Marshal(input)
	if err != nil {
		return store.Run{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return store.Run{}, err
	}
	run := store.Run{
		ID: id.String(), Kind: kind, State: store.Queued, Title: title,
		Input: data, CreatedAt: p.o.Clock().UTC(),
	}
	if err := p.store.CreateRun(ctx, run); err != nil {
		return store.Run{}, fmt.Errorf("queue %s: %w", title, err)
	}
	return run, nil
}

// Watch calls f with the run at every change until it has ended, and returns
// it as it ended.
func (p *Pipeline) Watch(ctx context.Context, id string, f func(store.Run)) (store.Run, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	notices, err := p.store.Watch(ctx)
	if err != nil {
		return store.Run{}, err
	}
	tick := time.NewTicker(time.Second) // notices may get lost
	defer tick.Stop()
	for {
		run, err := p.store.Run(ctx, id)
		if err != nil {
			return run, err
		}
		f(run)
		if run.State.Ended() {
			return run, nil
		}
		if err := awaitNotice(ctx, notices, tick.C, id); err != nil {
			return run, err
		}
	}
}

// awaitNotice returns at the next notice of the run, at the next tick, or with
// the context's error.
func awaitNotice(ctx context.Context, notices <-chan store.Notice, tick <-chan time.Time, runID string) error {
	for {
		select {
		case n, open := <-notices:
			if !open {
				notices = nil
			} else if n.Kind == store.NoticeRun && (runID == "" || n.ID == runID) {
				return nil
			}
		case <-tick:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// workKinds are what a worker claims.
var workKinds = []store.RunKind{store.RunImport, store.RunTrain, store.RunPublish}

// Work claims queued runs one at a time and works them off until ctx ends. It
// also fails runs whose worker died and queues scheduled trainings.
func (p *Pipeline) Work(ctx context.Context) error {
	notices, err := p.store.Watch(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		p.logError("tend runs", p.tend(ctx))
		for {
			run, err := p.store.ClaimRun(ctx, p.o.Owner, workKinds, p.o.Clock().UTC())
			if errors.Is(err, store.ErrNotFound) {
				break
			}
			if err != nil {
				p.logError("claim a run", err)
				break
			}
			p.logError("run "+run.ID, p.execute(ctx, run))
		}
		if err := awaitNotice(ctx, notices, tick.C, ""); err != nil {
			return nil
		}
	}
}

// tend fails runs whose worker died and fires the schedule.
func (p *Pipeline) tend(ctx context.Context) error {
	now := p.o.Clock().UTC()
	stale, err := p.store.FailStale(ctx, now.Add(-10*p.o.Heartbeat))
	if err != nil {
		return err
	}
	for _, run := range stale {
		p.o.Logger.Warn("a run's worker died", "run", run.ID, "title", run.Title, "owner", run.Owner)
	}
	return p.fireSchedule(ctx, now)
}

// logError logs what no caller waits for.
func (p *Pipeline) logError(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		p.o.Logger.Error(what, "error", err)
	}
}

// execute does a claimed run and ends it.
func (p *Pipeline) execute(ctx context.Context, run store.Run) error {
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &reporter{p: p, run: run, cancel: cancel}
	beating := make(chan struct{})
	go func() { defer close(beating); r.beat(work) }()

	output, err := p.perform(work, r)
	cause := context.Cause(work)
	cancel(nil)
	<-beating
	if errors.Is(cause, errLost) {
		return cause
	}
	// The end is recorded even when this process is told to stop.
	return r.end(context.WithoutCancel(ctx), output, err, cause)
}

// perform dispatches by kind and never panics: a fault of one run must not
// take the server down.
func (p *Pipeline) perform(ctx context.Context, r *reporter) (output any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("internal fault: %v", fault)
		}
	}()
	switch r.run.Kind {
	case store.RunTrain:
		return perform(ctx, r, p.train)
	case store.RunPublish:
		return perform(ctx, r, p.publishRun)
	case store.RunImport:
		return perform(ctx, r, p.importRun)
	}
	return nil, fmt.Errorf("run kind %s: %w", r.run.Kind, store.ErrInvalid)
}

// perform decodes a run's input and does it.
func perform[In, Out any](ctx context.Context, r *reporter, do func(context.Context, *reporter, In) (Out, error)) (any, error) {
	var input In
	if err := json.Unmarshal(r.run.Input, &input); err != nil {
		return nil, fmt.Errorf("input of run %s: %w", r.run.ID, err)
	}
	return do(ctx, r, input)
}

// Why a run's context ended.
var (
	errCancelled = errors.New("cancelled on request")
	errLost      = errors.New("the run was given to another worker")
)

// reporter keeps a running run's row up to date.
type reporter struct {
	p      *Pipeline
	cancel context.CancelCauseFunc

	mu  sync.Mutex
	run store.Run
	// changed since the last write of the row
	changed bool
}

// progress sets how far the run is and what it is doing now.
func (r *reporter) progress(fraction float64, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.Progress, r.run.Message, r.changed = min(max(fraction, 0), 1), fmt.Sprintf(format, args...), true
}

// point adds a point to the run's curve.
func (r *reporter) point(pt store.RunPoint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.Points, r.changed = append(r.run.Points, pt), true
}

// beat writes the row whenever it changed, and as a sign of life, until ctx
// ends. It cancels the run when that was asked for or when it was lost.
func (r *reporter) beat(ctx context.Context) {
	tick := time.NewTicker(r.p.o.Heartbeat / 8)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := r.p.o.Clock().UTC()
		r.mu.Lock()
		due := r.changed || now.Sub(last) >= r.p.o.Heartbeat
		r.run.Heartbeat, r.changed = now, false
		row := r.run
		r.mu.Unlock()
		if !due {
			continue
		}
		last = now
		stored, err := r.p.store.UpdateRun(ctx, row)
		switch {
		case errors.Is(err, store.ErrConflict):
			r.cancel(errLost)
		case err != nil:
			r.p.logError("beat run "+row.ID, err)
		case stored.CancelRequested:
			r.cancel(errCancelled)
		}
	}
}

// end records how the run ended.
func (r *reporter) end(ctx context.Context, output any, failure, cause error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.p.o.Clock().UTC()
	r.run.Heartbeat, r.run.EndedAt = now, now
	if output != nil {
		data, err := json.Marshal(output)
		if err != nil {
			failure = errors.Join(failure, err)
		}
		r.run.Output = data
	}
	switch {
	case failure == nil:
		r.run.State, r.run.Progress, r.run.Message = store.Succeeded, 1, "done"
	case errors.Is(cause, errCancelled), errors.Is(cause, context.Canceled) && r.cancelRequested(ctx):
		r.run.State, r.run.Message = store.Cancelled, "cancelled"
	case errors.Is(cause, context.Canceled):
		r.run.State, r.run.Error = store.Failed, "the process that worked on it was stopped"
	default:
		r.run.State, r.run.Error = store.Failed, failure.Error()
	}
	_, err := r.p.store.UpdateRun(ctx, r.run)
	return err
}

// cancelRequested reports whether the run was asked to stop before its process
// was: an interrupted command asks, and ends.
func (r *reporter) cancelRequested(ctx context.Context) bool {
	stored, err := r.p.store.Run(ctx, r.run.ID)
	return err == nil && stored.CancelRequested
}

// Cancel asks a run to stop; a queued one ends at once. store.ErrConflict when
// it has ended.
func (p *Pipeline) Cancel(ctx context.Context, id string) (store.Run, error) {
	return p.store.RequestCancel(ctx, id, p.o.Clock().UTC())
}
