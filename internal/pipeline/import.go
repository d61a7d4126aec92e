package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"valse/store"
	"valse/warehouse/sources"
)

// imported is how much of an import's bar is for reading and storing; moving
// the events to the warehouse is the rest.
const imported = 0.95

// importRun reads uploaded files into the store, moves the events on to the
// warehouse, and removes the files, whatever came of them.
func (p *Pipeline) importRun(ctx context.Context, r *reporter, input ImportInput) (report sources.Report, err error) {
	source, err := sources.ByName(input.Source)
	if err != nil {
		return report, err
	}
	dir, err := os.MkdirTemp("", "valse-import-")
	if err != nil {
		return report, err
	}
	defer func() {
		err = errors.Join(err, os.RemoveAll(dir))
		for _, file := range input.Files {
			err = errors.Join(err, os.RemoveAll(file.Path))
		}
	}()
	in, err := arrange(dir, input.Files)
	if err != nil {
		return report, err
	}
	report, err = sources.Import(ctx, sources.Plan{
		Source: source, Input: in, DryRun: input.DryRun, ContinueOnError: input.ContinueOnError, Now: p.o.Clock(),
	}, p.store, func(at sources.Progress) {
		done := float64(at.Bytes) / float64(max(at.TotalBytes, 1))
		r.progress(imported*done, "%s: %d rows, %d rejected", at.Phase, at.Rows, at.Rejected)
	})
	if err != nil || input.DryRun {
		return report, err
	}
	r.progress(imported, "moving new events to the warehouse")
	_, err = p.Transport(ctx)
	return report, err
}

// arrange puts uploaded files into a folder under the names they had, where a
// source recognises them, and names those whose role was given.
func arrange(dir string, files []ImportFile) (sources.Input, error) {
	in := sources.Input{}
	roles := map[string]*string{"interactions": &in.Interactions, "products": &in.Products, "users": &in.Users}
	for i, file := range files {
		name := filepath.Base(cmp.Or(file.Name, file.Path))
		path := filepath.Join(dir, name)
		if file.Role != "" {
			role, known := roles[file.Role]
			if !known {
				return in, &store.Invalid{Field: fmt.Sprintf("files[%d].role", i), Value: file.Role, Want: "interactions, products or users"}
			}
			// Two files of different roles may share a name.
			path = filepath.Join(dir, file.Role, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return in, err
			}
			*role = path
		} else {
			in.Path = dir
		}
		source, err := filepath.Abs(file.Path)
		if err != nil {
			return in, err
		}
		if err := os.Symlink(source, path); err != nil {
			return in, err
		}
	}
	return in, nil
}
