package warehouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"valse/engine"
	"valse/store"
)

// checkpointFolder holds, for each training that was stopped, the model as it
// was after the last sweep that was kept.
const checkpointFolder = "checkpoints"

// Training names the training of a snapshot with some settings: the same rows
// and settings have the same name, whatever the snapshot is called.
func (s *Snapshot) Training(settings engine.Settings) (string, error) {
	settings = settings.WithDefaults()
	settings.Threads = 0 // changes no bit
	text, err := json.Marshal(settings)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write(text)
	for _, part := range s.Parts {
		fmt.Fprintf(h, "\n%s %s", part.Name, part.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// PutCheckpoint keeps a model that is being trained, in the place of the
// training's earlier one. It appears whole or not at all.
func (w *Warehouse) PutCheckpoint(ctx context.Context, training string, m *engine.Model) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("training", training); err != nil {
		return err
	}
	if err := w.putCheckpoint(ctx, training, m); err != nil {
		return fmt.Errorf("put checkpoint %s: %w", training, err)
	}
	return nil
}

func (w *Warehouse) putCheckpoint(ctx context.Context, training string, m *engine.Model) error {
	if err := w.ensureDir(w.path(checkpointFolder)); err != nil {
		return err
	}
	fresh, err := w.fs.MkdirTemp(w.path(tempFolder))
	if err != nil {
		return err
	}
	defer w.fs.RemoveAll(fresh)
	if err := w.writeModel(ctx, fresh, m); err != nil {
		return err
	}
	if err := w.removeCheckpoint(training); err != nil {
		return err
	}
	if err := w.fs.Rename(fresh, w.path(checkpointFolder, training)); err != nil {
		return err
	}
	return w.fs.SyncDir(w.path(checkpointFolder))
}

// Checkpoint returns what a training kept. store.ErrNotFound, also for one that
// is damaged: then the training begins at its beginning.
func (w *Warehouse) Checkpoint(ctx context.Context, training string) (*engine.Model, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("training", training); err != nil {
		return nil, err
	}
	m, err := w.loadModel(ctx, checkpointFolder+"/"+training)
	if errors.Is(err, ErrCorrupt) {
		err = fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w", training, err)
	}
	return m, nil
}

// DropCheckpoint removes what a training kept, if anything.
func (w *Warehouse) DropCheckpoint(training string) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("training", training); err != nil {
		return err
	}
	return w.removeCheckpoint(training)
}

// removeCheckpoint moves the folder away first, so that nobody sees half of it.
func (w *Warehouse) removeCheckpoint(training string) error {
	grave, err := w.fs.MkdirTemp(w.path(tempFolder))
	if err != nil {
		return err
	}
	defer w.fs.RemoveAll(grave)
	err = w.fs.Rename(w.path(checkpointFolder, training), filepath.Join(grave, training))
	if err = notFound(err); errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = w.fs.SyncDir(w.path(checkpointFolder))
	}
	return err
}

// dropCheckpoints removes every checkpoint: they hold the factors of whoever is
// being erased, and trainings without them begin anew.
func (e *eraser) dropCheckpoints(context.Context) error {
	trainings, err := e.names(checkpointFolder)
	if err != nil {
		return err
	}
	for _, training := range trainings {
		if err := e.removeCheckpoint(training); err != nil {
			return err
		}
	}
	return nil
}
