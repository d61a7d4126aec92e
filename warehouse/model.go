package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"valse/engine"
	"valse/store"
)

// The files of a model's folder.
const (
	modelFile       = "model.json"
	userFactorsFile = "user_factors.parquet"
	itemFactorsFile = "item_factors.parquet"
)

// manifest is model.json: what the model is and what its tables must be.
type manifest struct {
	Format int `json:"format"`
	engine.Info
	Rank   int               `json:"rank"`
	Biases bool              `json:"biases"` // whether the model has biases
	Mean   float32           `json:"mean"`
	Tables map[string]Stored `json:"tables"`
}

func modelFolder(id string) string { return "models/" + id }

// PutModel stores a model under its id, which must be free, else
// store.ErrConflict. A model appears whole or not at all. The error is
// store.ErrInvalid for a model that [Warehouse.Model] would refuse.
func (w *Warehouse) PutModel(ctx context.Context, m *engine.Model) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	id := m.Info.ID
	if err := validateName("model", id); err != nil {
		return err
	}
	if err := checkModel(m); err != nil {
		return &store.Invalid{Field: "model " + id, Value: err.Error(), Want: "a model that can be served"}
	}
	folder, err := w.fs.MkdirTemp(w.path(tempFolder))
	if err != nil {
		return fmt.Errorf("put model %s: %w", id, err)
	}
	defer w.fs.RemoveAll(folder) // once adopted there is nothing left to remove
	if err := w.writeModel(ctx, folder, m); err != nil {
		return fmt.Errorf("put model %s: %w", id, err)
	}
	return w.adopt(ctx, folder, id)
}

// adopt gives a temporary folder with a whole model the model's name.
func (w *Warehouse) adopt(ctx context.Context, folder, id string) error {
	err := ctx.Err()
	if err == nil {
		err = w.fs.Rename(folder, w.path(modelFolder(id)))
	}
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%w: it exists already", store.ErrConflict)
	}
	if err == nil {
		err = w.fs.SyncDir(w.path("models"))
	}
	if err != nil {
		return fmt.Errorf("put model %s: %w", id, err)
	}
	return nil
}

func (w *Warehouse) writeModel(ctx context.Context, folder string, m *engine.Model) error {
	users, err := w.replace(ctx, filepath.Join(folder, userFactorsFile),
		factorFiller(m.UserIDs, m.X, m.UserBias, nil))
	if err != nil {
		return err
	}
	items, err := w.replace(ctx, filepath.Join(folder, itemFactorsFile),
		factorFiller(m.ProductIDs, m.Y, m.ProductBias, nil))
	if err != nil {
		return err
	}
	return w.replaceSealed(ctx, filepath.Join(folder, modelFile), &manifest{
		Format: Format, Info: m.Info,
		Rank: m.X.Rank, Biases: m.UserBias != nil, Mean: m.Mean,
		Tables: map[string]Stored{userFactorsFile: users, itemFactorsFile: items},
	})
}

// Model loads a model, strictly: version, checksums, shapes, ids and every
// number are checked. store.ErrNotFound, or [ErrCorrupt] naming the file and
// what is wrong with it.
func (w *Warehouse) Model(ctx context.Context, id string) (*engine.Model, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := validateName("model", id); err != nil {
		return nil, err
	}
	m, err := w.loadModel(ctx, modelFolder(id))
	if err == nil && m.Info.ID != id {
		err = corrupt(modelFolder(id)+"/"+modelFile, "it has the id %q inside", m.Info.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("load model %s: %w", id, err)
	}
	return m, nil
}

// loadModel loads the model in a folder of the partition.
func (w *Warehouse) loadModel(ctx context.Context, folder string) (*engine.Model, error) {
	about, err := w.readManifest(folder)
	if err != nil {
		return nil, err
	}
	users, err := w.loadFactors(ctx, folder, userFactorsFile, about)
	if err != nil {
		return nil, err
	}
	items, err := w.loadFactors(ctx, folder, itemFactorsFile, about)
	if err != nil {
		return nil, err
	}
	m := &engine.Model{
		Info:    about.Info,
		UserIDs: users.ids, X: users.factors, UserBias: users.bias,
		ProductIDs: items.ids, Y: items.factors, ProductBias: items.bias,
		Mean: about.Mean,
	}
	m.Info.Users = len(m.UserIDs) // fewer than model.json says while a user is being erased
	return m, checkModel(m)
}

// Models describes every model, oldest id first.
func (w *Warehouse) Models(ctx context.Context) ([]engine.Info, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ids, err := w.names("models")
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	infos := make([]engine.Info, 0, len(ids))
	for _, id := range ids {
		about, err := w.readManifest(modelFolder(id))
		if err != nil {
			return nil, fmt.Errorf("list models: %w", err)
		}
		infos = append(infos, about.Info)
	}
	slices.SortFunc(infos, func(a, b engine.Info) int { return strings.Compare(a.ID, b.ID) })
	return infos, ctx.Err()
}

// DeleteModel removes a model. store.ErrNotFound.
func (w *Warehouse) DeleteModel(ctx context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := validateName("model", id); err != nil {
		return err
	}
	if err := w.deleteModel(id); err != nil {
		return fmt.Errorf("delete model %s: %w", id, err)
	}
	return ctx.Err()
}

// deleteModel first moves the folder away, so that nobody sees half of it.
func (w *Warehouse) deleteModel(id string) error {
	grave, err := w.fs.MkdirTemp(w.path(tempFolder))
	if err != nil {
		return err
	}
	defer w.fs.RemoveAll(grave)
	if err := w.fs.Rename(w.path(modelFolder(id)), filepath.Join(grave, id)); err != nil {
		return notFound(err)
	}
	return w.fs.SyncDir(w.path("models"))
}

func (w *Warehouse) readManifest(folder string) (*manifest, error) {
	name := folder + "/" + modelFile
	file, err := w.fs.Open(w.path(name))
	if err != nil {
		return nil, notFound(err)
	}
	defer file.Close()
	return decodeManifest(file, name)
}

// decodeManifest reads a model.json strictly.
func decodeManifest(from io.Reader, name string) (*manifest, error) {
	m := &manifest{}
	if err := readSealed(name, from, m); err != nil {
		return nil, err
	}
	users, hasUsers := m.Tables[userFactorsFile]
	items, hasItems := m.Tables[itemFactorsFile]
	switch {
	case m.Format != Format:
		return nil, corrupt(name, "format %d, this version reads %d", m.Format, Format)
	case validateName("id", m.ID) != nil:
		return nil, corrupt(name, "%q is no model id", m.ID)
	case m.Rank < 1 || m.Rank > maxRank:
		return nil, corrupt(name, "rank %d is not between 1 and %d", m.Rank, maxRank)
	case !hasUsers || !hasItems || len(m.Tables) != 2:
		return nil, corrupt(name, "tables are not just %s and %s", userFactorsFile, itemFactorsFile)
	case users.Rows != int64(m.Users) || items.Rows != int64(m.Products):
		return nil, corrupt(name, "%d users and %d products, its tables %d and %d", m.Users, m.Products, users.Rows, items.Rows)
	}
	return m, nil
}
