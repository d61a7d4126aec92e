package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"valse/store"
	"valse/warehouse/sources"
)

// moveAlong is after how many events an import has them moved to the warehouse
// while it goes on.
const moveAlong = 100_000

// Import reads files into the store and moves the events on to the warehouse,
// most of them while it goes on. See [sources.Import].
func (p *Pipeline) Import(ctx context.Context, plan sources.Plan, progress func(sources.Progress)) (sources.Report, error) {
	sink := &movingSink{Sink: p.store, due: make(chan struct{}, 1)}
	var moving sync.WaitGroup
	moving.Go(func() {
		for range sink.due {
			// What fails here is tried again, and told, at the end.
			_, _ = p.transport(ctx, p.moveLog)
		}
	})
	report, err := sources.Import(ctx, plan, sink, progress)
	close(sink.due)
	if err != nil || plan.DryRun {
		moving.Wait()
		return report, err
	}
	return report, p.moveRest(ctx, &moving, progress)
}

// moveRest moves what an import has not moved yet.
func (p *Pipeline) moveRest(ctx context.Context, moving *sync.WaitGroup, progress func(sources.Progress)) error {
	all, err := p.Lag(ctx)
	tell := func(left int64) {
		if all > 0 && progress != nil {
			progress(sources.Moving(int(max(0, all-left)), int(all)))
		}
	}
	tell(all)
	moving.Wait()
	if err != nil {
		return err
	}
	left, err := p.Lag(ctx)
	if err != nil {
		return err
	}
	_, err = p.transport(ctx, func(ctx context.Context, moved *Moved) error {
		return p.moveParts(ctx, func(rows int) {
			moved.Rows += rows
			tell(left - int64(moved.Rows))
		})
	}, p.moveTables, p.followErasures)
	return err
}

// movingSink is a sink that says when events are due to be moved.
type movingSink struct {
	sources.Sink
	due      chan struct{}
	appended int // since it last said so
}

// Append appends to the sink.
func (s *movingSink) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	outcomes, err := s.Sink.Append(ctx, batch)
	if s.appended += len(batch); s.appended >= moveAlong {
		s.appended = 0
		select {
		case s.due <- struct{}{}:
		default: // it is at it
		}
	}
	return outcomes, err
}

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
	return p.Import(ctx, sources.Plan{
		Source: source, Input: in, DryRun: input.DryRun, ContinueOnError: input.ContinueOnError, Now: p.o.Clock(),
	}, func(at sources.Progress) {
		r.progress(at.Fraction(), "%s", at)
	})
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
