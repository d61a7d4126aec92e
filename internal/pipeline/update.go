package pipeline

import (
	"context"
	"errors"
	"fmt"

	"valse/engine"
	"valse/store"
)

// update continues the published model with the events that are newer than its
// snapshot.
func (p *Pipeline) update(ctx context.Context, r *reporter, events *engine.Events, o engine.TrainOptions) (*engine.Model, error) {
	id, err := p.publishedID(ctx)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, fmt.Errorf("no model is published that could be continued: train one first: %w", store.ErrConflict)
	}
	base, err := p.warehouse.Model(ctx, id)
	if err != nil {
		return nil, err
	}
	base.Info.Settings.Threads = p.o.Threads
	before, err := p.eventsOf(ctx, &base.Info)
	if err != nil {
		return nil, err
	}
	o.OnProgress = r.onProgress
	return engine.Update(ctx, base, before, events, o)
}

// eventsOf reads the events that a model was trained on.
func (p *Pipeline) eventsOf(ctx context.Context, info *engine.Info) (*engine.Events, error) {
	snapshot, err := p.warehouse.OpenSnapshot(info.Snapshot)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrInvalid) {
		return nil, fmt.Errorf("the snapshot %q of model %s is gone, so that nobody knows what is newer: train anew: %w", info.Snapshot, info.ID, store.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	return snapshot.Events(ctx)
}
