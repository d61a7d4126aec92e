package experiment

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"valse/internal/trace"
	"valse/store"
)

// Store is what a registry needs of a store.
type Store interface {
	store.Settings
	store.Leases
	store.Credits
}

// Registry keeps experiments, of which one at most is running. Its methods may
// be called by several processes on one store.
type Registry struct {
	Store Store
	Clock func() time.Time
}

// Settings under which experiments are kept.
//
//	1: first layout
const (
	format         = 1
	prefix         = "experiment/"
	runningSetting = "experiments/running" // number of the one that runs
	leaseName      = "experiment"
	leaseFor       = 10 * time.Second
)

// IsName reports whether a setting has to do with which experiment runs.
func IsName(setting string) bool { return setting == runningSetting }

// document is an experiment as it is kept.
type document struct {
	Format int `json:"format"`
	*Experiment
}

func nameOf(id int) string { return fmt.Sprintf("%s%08d", prefix, id) }

// Start checks and keeps a new experiment and starts it. Goal and minimum
// effect default to CLICK and 0.1, shares to a half each. It answers
// store.ErrConflict while another runs.
func (r Registry) Start(ctx context.Context, e Experiment) (*Experiment, error) {
	e.Kind = cmp.Or(e.Kind, Split)
	e.Goal = cmp.Or(e.Goal, trace.ClickStep)
	e.MinimumEffect = cmp.Or(e.MinimumEffect, 0.1)
	if e.Arms[0].Share == 0 && e.Arms[1].Share == 0 {
		e.Arms[0].Share, e.Arms[1].Share = 0.5, 0.5
	}
	if err := e.validate(); err != nil {
		return nil, err
	}
	err := r.alone(ctx, func() error {
		switch other, err := r.Running(ctx); {
		case err != nil:
			return err
		case other != nil:
			return fmt.Errorf("experiment %d (%s) is running: %w", other.ID, other.Name, store.ErrConflict)
		}
		last, err := r.last(ctx)
		if err != nil {
			return err
		}
		e.ID, e.StartedAt, e.StoppedAt, e.Verdict = last+1, r.Clock().UTC(), time.Time{}, nil
		if err := r.put(ctx, &e); err != nil {
			return err
		}
		return r.Store.PutSetting(ctx, runningSetting, []byte(strconv.Itoa(e.ID)))
	})
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// Stop ends the running experiment and keeps the verdict that stands.
// store.ErrNotFound when none runs.
func (r Registry) Stop(ctx context.Context) (*Experiment, error) {
	var e *Experiment
	err := r.alone(ctx, func() (err error) {
		if e, err = r.Running(ctx); err != nil {
			return err
		}
		if e == nil {
			return fmt.Errorf("no experiment is running: %w", store.ErrNotFound)
		}
		verdict, err := r.Verdict(ctx, e)
		if err != nil {
			return err
		}
		e.StoppedAt, e.Verdict = r.Clock().UTC(), &verdict
		if err := r.put(ctx, e); err != nil {
			return err
		}
		return r.Store.PutSetting(ctx, runningSetting, nil)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Running returns the experiment that runs; nil for none.
func (r Registry) Running(ctx context.Context) (*Experiment, error) {
	number, err := r.Store.Setting(ctx, runningSetting)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	id, err := strconv.Atoi(string(number))
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", runningSetting, err)
	}
	e, err := r.Get(ctx, id)
	if err != nil || !e.Running() {
		return nil, err
	}
	return e, nil
}

// Get returns one experiment. store.ErrNotFound.
func (r Registry) Get(ctx context.Context, id int) (*Experiment, error) {
	kept, err := r.Store.Setting(ctx, nameOf(id))
	if err != nil {
		return nil, fmt.Errorf("experiment %d: %w", id, err)
	}
	d := document{}
	if err := json.Unmarshal(kept, &d); err != nil || d.Format != format {
		return nil, fmt.Errorf("experiment %d: format %d, want %d: %v", id, d.Format, format, err)
	}
	return d.Experiment, nil
}

// List returns the newest experiments first, at most limit.
func (r Registry) List(ctx context.Context, limit int) ([]*Experiment, error) {
	last, err := r.last(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Experiment
	for id := last; id > 0 && len(list) < limit; id-- {
		e, err := r.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// last is the highest number given so far.
func (r Registry) last(ctx context.Context) (int, error) {
	names, err := store.AllSettingNames(ctx, r.Store, prefix)
	if err != nil || len(names) == 0 {
		return 0, err
	}
	return strconv.Atoi(names[len(names)-1][len(prefix):])
}

func (r Registry) put(ctx context.Context, e *Experiment) error {
	kept, err := json.Marshal(document{format, e})
	if err != nil {
		return err
	}
	return r.Store.PutSetting(ctx, nameOf(e.ID), kept)
}

// alone runs do while no other process changes experiments.
func (r Registry) alone(ctx context.Context, do func() error) error {
	lease, err := r.Store.Acquire(ctx, leaseName, uuid.NewString(), leaseFor)
	if err != nil {
		return err
	}
	err = do()
	return errors.Join(err, r.Store.Release(context.WithoutCancel(ctx), lease))
}
