package pipeline

import (
	"context"
	"errors"

	"valse/engine"
	"valse/store"
	"valse/warehouse"
)

// resume makes a training go on from where one with the same rows and settings
// was cut short, and keep how far it is. It returns the training's name. A
// search keeps nothing: which settings it will choose is not known. Nor does a
// training that has read the rows of somebody who was erased since, which is
// after the erasure followed: none would go on from there.
func (p *Pipeline) resume(ctx context.Context, snapshot *warehouse.Snapshot, input TrainInput, followed int64, o *engine.TrainOptions) (training string, err error) {
	if training, err = snapshot.Training(input.Settings); err != nil {
		return "", err
	}
	if input.Tune > 0 || input.Grid != nil {
		return training, nil
	}
	if o.From, err = p.warehouse.Checkpoint(ctx, training); err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	last := p.o.Clock()
	erased := func() bool {
		// Also when the training is being cancelled: that is what it is kept for.
		erasures, err := p.store.Erased(context.WithoutCancel(ctx), followed)
		p.logError("keep training "+training, err)
		return err != nil || len(erasures) > 0
	}
	o.Keep = func(m *engine.Model) error {
		now := p.o.Clock()
		if now.Sub(last) < p.o.CheckpointEvery {
			return nil
		}
		last = now
		if erased() {
			return nil
		}
		if err := p.warehouse.PutCheckpoint(ctx, training, m); err != nil {
			return err
		}
		if erased() { // meanwhile
			return p.warehouse.DropCheckpoint(training)
		}
		return nil
	}
	return training, nil
}
