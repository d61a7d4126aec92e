package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"valse/engine"
	"valse/store"
	"valse/warehouse"
)

// Options configure a [Pipeline]. The zero value works.
type Options struct {
	// Clock tells the time; default time.Now.
	Clock func() time.Time
	// Logger takes what no caller waits for; default slog.Default().
	Logger *slog.Logger
	// Owner names this process in runs and leases; default host, pid and a
	// random part.
	Owner string
	// ListLength is how many products a stored list holds; default 100.
	ListLength int
	// TransportEvery is the pause between two turns of the transporter;
	// default 15 s.
	TransportEvery time.Duration
	// Heartbeat is the pause between two signs of life of a run; default 2 s.
	// A run whose heart stood still ten times as long has failed.
	Heartbeat time.Duration
	// CheckpointEvery is the least pause between two sweeps of a training that
	// are kept, so that one which is cut short goes on from there; default 30 s.
	CheckpointEvery time.Duration
	// Threads bounds the processors that training uses; 0 means all.
	Threads int
}

// Pipeline joins a store and a warehouse. Its methods may be called
// concurrently, and by several processes on the same store.
type Pipeline struct {
	store     store.Store
	warehouse *warehouse.Warehouse
	o         Options

	// kept are leases that could not be given back yet.
	kept struct {
		sync.Mutex
		leases []store.Lease
	}
}

// New returns a pipeline between st and wh. It owns neither.
func New(st store.Store, wh *warehouse.Warehouse, o Options) *Pipeline {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Owner == "" {
		host, _ := os.Hostname()
		o.Owner = fmt.Sprintf("%s/%d/%s", host, os.Getpid(), uuid.NewString()[:8])
	}
	o.ListLength = cmp.Or(o.ListLength, 100)
	o.TransportEvery = cmp.Or(o.TransportEvery, 15*time.Second)
	o.CheckpointEvery = cmp.Or(o.CheckpointEvery, 30*time.Second)
	o.Heartbeat = cmp.Or(o.Heartbeat, 2*time.Second)
	return &Pipeline{store: st, warehouse: wh, o: o}
}

// Model loads a model from the warehouse. store.ErrNotFound when there is none.
func (p *Pipeline) Model(ctx context.Context, id string) (*engine.Model, error) {
	return p.warehouse.Model(ctx, id)
}

// Info describes one kept model. store.ErrNotFound when there is none.
func (p *Pipeline) Info(ctx context.Context, id string) (engine.Info, error) {
	infos, err := p.warehouse.Models(ctx)
	if err != nil {
		return engine.Info{}, err
	}
	for _, info := range infos {
		if info.ID == id {
			return info, nil
		}
	}
	return engine.Info{}, fmt.Errorf("model %q: %w", id, store.ErrNotFound)
}

// Models describes every kept model, newest first.
func (p *Pipeline) Models(ctx context.Context) ([]engine.Info, error) {
	infos, err := p.warehouse.Models(ctx)
	slices.SortStableFunc(infos, func(a, b engine.Info) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return infos, err
}

// ImportModel keeps a model that was exported, without the rows of users who
// were erased since. Errors are those of [warehouse.Warehouse.ImportModel].
func (p *Pipeline) ImportModel(ctx context.Context, from io.Reader) (engine.Info, error) {
	info, err := p.warehouse.ImportModel(ctx, from)
	if err != nil {
		return info, err
	}
	erasures, err := p.store.Erased(ctx, 0)
	if err != nil || len(erasures) == 0 {
		return info, err
	}
	model, err := p.warehouse.Model(ctx, info.ID)
	if err != nil {
		return info, err
	}
	erased := map[string]bool{}
	for _, id := range usersOf(erasures) {
		erased[id] = true
	}
	back := slices.DeleteFunc(model.UserIDs, func(id string) bool { return !erased[id] })
	if len(back) == 0 {
		return info, nil
	}
	if _, err = p.eraseFromWarehouse(ctx, back...); err != nil {
		return info, err
	}
	return p.Info(ctx, info.ID)
}

// DeleteModel removes a model and its stored lists. store.ErrConflict while it
// is published or shown by an experiment.
func (p *Pipeline) DeleteModel(ctx context.Context, id string) error {
	published, err := p.publishedID(ctx)
	if err != nil {
		return err
	}
	if published == id {
		return fmt.Errorf("model %s is published: %w", id, store.ErrConflict)
	}
	if err := p.inExperiment(ctx, id); err != nil {
		return err
	}
	if _, err := p.Info(ctx, id); err != nil {
		return err
	}
	if err := p.store.DropLists(ctx, id); err != nil {
		return err
	}
	return p.warehouse.DeleteModel(ctx, id)
}

// newID makes an id that sorts by time: 20261123T093000-1f3a.
func (p *Pipeline) newID() string {
	return p.o.Clock().UTC().Format("20060102T150405") + "-" + uuid.NewString()[:4]
}
