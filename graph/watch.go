package graph

import (
	"context"
	"errors"
	"slices"
	"time"

	"valse/graph/model"
	"valse/store"
)

// pollRuns is the pause after which a run is read although no notice came:
// notices may get lost.
const pollRuns = 2 * time.Second

// newRunPayload is the payload of mutations that queue or change a run.
func newRunPayload(run store.Run, err error) (*model.RunPayload, error) {
	payload := &model.RunPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Run = &model.Run{Run: run}
	}
	return payload, err
}

// watchRun sends a run at once and at every change until it has ended.
func (r *Resolver) watchRun(ctx context.Context, id string) (<-chan *model.Run, error) {
	ctx, cancel := context.WithCancel(ctx)
	notices, err := r.Store.Watch(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	run, err := r.Store.Run(ctx, id)
	if err != nil {
		cancel()
		return nil, err
	}
	runs := make(chan *model.Run, 1)
	runs <- &model.Run{Run: run}
	go func() {
		defer close(runs)
		defer cancel()
		seen := run
		for !seen.State.Ended() && awaitRun(ctx, notices, id) {
			run, err := r.Store.Run(ctx, id)
			if err != nil {
				r.logWatch(ctx, err)
				return
			}
			if changed(seen, run) && !send(ctx, runs, &model.Run{Run: run}) {
				return
			}
			seen = run
		}
	}()
	return runs, nil
}

// awaitRun returns true at the next notice of the run or after a pause, and
// false when ctx has ended.
func awaitRun(ctx context.Context, notices <-chan store.Notice, id string) bool {
	poll := time.NewTimer(pollRuns)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-poll.C:
			return true
		case n, open := <-notices:
			if !open {
				notices = nil // the pauses are left
			} else if n.Kind == store.NoticeMissed || n.Kind == store.NoticeRun && n.ID == id {
				return true
			}
		}
	}
}

// changed reports whether there is something new to show of a run.
func changed(a, b store.Run) bool {
	return a.State != b.State || a.Progress != b.Progress || a.Message != b.Message ||
		a.CancelRequested != b.CancelRequested || len(a.Points) != len(b.Points)
}

// watchRuns sends every run that changes. Where notices were lost it sends all
// that may have changed since the last that was heard.
func (r *Resolver) watchRuns(ctx context.Context) (<-chan *model.Run, error) {
	heard := r.Clock()
	notices, err := r.Store.Watch(ctx)
	if err != nil {
		return nil, err
	}
	runs := make(chan *model.Run)
	go func() {
		defer close(runs)
		for notice := range notices {
			changed, err := r.changedRuns(ctx, notice, heard)
			if err != nil {
				r.logWatch(ctx, err)
				continue
			}
			heard = r.Clock()
			for _, run := range changed {
				if !send(ctx, runs, &model.Run{Run: run}) {
					return
				}
			}
		}
	}()
	return runs, nil
}

// clocks is how far the clocks of two processes may differ.
const clocks = time.Minute

// changedRuns reads the runs that a notice tells of, the oldest first: of the
// newest [store.MaxPage] all that go on or ended since, when it tells that
// others were lost.
func (r *Resolver) changedRuns(ctx context.Context, notice store.Notice, since time.Time) ([]store.Run, error) {
	switch notice.Kind {
	case store.NoticeRun:
		run, err := r.Store.Run(ctx, notice.ID)
		return []store.Run{run}, err
	case store.NoticeMissed:
		runs, err := r.Store.RunList(ctx, "", "", store.MaxPage)
		runs = slices.DeleteFunc(runs, func(run store.Run) bool {
			return run.State.Ended() && run.EndedAt.Before(since.Add(-clocks))
		})
		slices.Reverse(runs)
		return runs, err
	}
	return nil, nil
}

// send hands over a value unless ctx ends first.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// logWatch logs what a subscription has nobody to tell.
func (r *Resolver) logWatch(ctx context.Context, err error) {
	if !errors.Is(err, context.Canceled) {
		r.Logger.ErrorContext(ctx, "subscription", "error", err)
	}
}
