package warehouse

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/zstd"

	"valse/engine"
	"valse/internal/disk"
)

// An exported model is a .tar.zst of the files of its folder.

// modelFiles are the files of a model, in the order of an archive.
var modelFiles = []string{modelFile, userFactorsFile, itemFactorsFile}

// maxArchivedFile bounds one file of an archive that is imported.
const maxArchivedFile = 16 << 30

// ExportModel writes a model with its settings to one .tar.zst file. The
// model is loaded first, so that nothing broken is exported.
func (w *Warehouse) ExportModel(ctx context.Context, id string, to io.Writer) error {
	if _, err := w.Model(ctx, id); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	compressed, err := zstd.NewWriter(to)
	if err != nil {
		return fmt.Errorf("export model %s: %w", id, err)
	}
	archive := tar.NewWriter(compressed)
	for _, name := range modelFiles {
		if err = w.exportFile(archive, id, name); err != nil {
			break
		}
	}
	err = disk.CloseAfter(compressed, disk.CloseAfter(archive, err))
	if err != nil {
		return fmt.Errorf("export model %s: %w", id, err)
	}
	return nil
}

func (w *Warehouse) exportFile(archive *tar.Writer, id, name string) error {
	file, err := w.fs.Open(w.path(modelFolder(id), name))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	err = archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: info.Size(), Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	_, err = io.Copy(archive, file)
	return err
}

// ImportModel stores a model that ExportModel wrote and returns what it is.
// It is checked as strictly as one that is loaded. store.ErrConflict when the
// id is taken, [ErrCorrupt] for anything that is not a whole model.
func (w *Warehouse) ImportModel(ctx context.Context, from io.Reader) (engine.Info, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	temp, err := w.fs.MkdirTemp(w.path(tempFolder))
	if err != nil {
		return engine.Info{}, fmt.Errorf("import model: %w", err)
	}
	defer w.fs.RemoveAll(temp)
	if err := w.unpack(ctx, from, temp); err != nil {
		return engine.Info{}, fmt.Errorf("import model: %w", err)
	}
	m, err := w.loadModel(ctx, tempFolder+"/"+filepath.Base(temp))
	if err != nil {
		return engine.Info{}, fmt.Errorf("import model: %w", err)
	}
	return m.Info, w.adopt(ctx, temp, m.Info.ID)
}

// unpack writes the files of an archive into folder.
func (w *Warehouse) unpack(ctx context.Context, from io.Reader, folder string) error {
	const name = "the archive"
	compressed, err := zstd.NewReader(from, zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return corrupt(name, "%v", err)
	}
	defer compressed.Close()
	archive := tar.NewReader(compressed)
	var unpacked []string
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case err != nil:
			return corrupt(name, "%v", err)
		case header.Typeflag != tar.TypeReg || !slices.Contains(modelFiles, header.Name) || slices.Contains(unpacked, header.Name):
			return corrupt(name, "%q does not belong there", header.Name)
		case header.Size > maxArchivedFile:
			return corrupt(name, "%s has %d bytes", header.Name, header.Size)
		}
		_, err = w.replace(ctx, filepath.Join(folder, header.Name), func(to io.Writer) (int64, error) {
			if _, err := io.Copy(to, archive); err != nil {
				return 0, corrupt(name, "%s: %v", header.Name, err)
			}
			return 0, nil
		})
		if err != nil {
			return err
		}
		unpacked = append(unpacked, header.Name)
	}
	if len(unpacked) != len(modelFiles) {
		return corrupt(name, "it holds %q, want %q", unpacked, modelFiles)
	}
	return nil
}
