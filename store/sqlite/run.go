package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"valse/store"
)

const runColumns = `id, kind, state, title, progress, message, input, output, points, error, owner, heartbeat, cancel_requested, created, started, ended`

func scanRun(row scanner) (store.Run, error) {
	var r store.Run
	var points []byte
	var heartbeat, created, started, ended int64
	err := row.Scan(&r.ID, &r.Kind, &r.State, &r.Title, &r.Progress, &r.Message, (*[]byte)(&r.Input), (*[]byte)(&r.Output), &points,
		&r.Error, &r.Owner, &heartbeat, &r.CancelRequested, &created, &started, &ended)
	if err != nil {
		return r, err
	}
	r.Heartbeat, r.CreatedAt, r.StartedAt, r.EndedAt = timeOf(heartbeat), timeOf(created), timeOf(started), timeOf(ended)
	if err := json.Unmarshal(points, &r.Points); err != nil {
		return r, fmt.Errorf("read points of run %q: %w", r.ID, err)
	}
	return r, nil
}

// runValues are the values of runColumns.
func runValues(r store.Run) ([]any, error) {
	points, err := json.Marshal(r.Points)
	if err != nil {
		return nil, &store.Invalid{Field: "points", Value: err.Error(), Want: "finite numbers"}
	}
	return []any{
		r.ID, string(r.Kind), string(r.State), r.Title, r.Progress, r.Message, []byte(r.Input), []byte(r.Output), string(points),
		r.Error, r.Owner, micros(r.Heartbeat), r.CancelRequested, micros(r.CreatedAt), micros(r.StartedAt), micros(r.EndedAt),
	}, nil
}

func (t *tx) run(id string) (r store.Run, err error) {
	err = store.ErrNotFound
	if each := t.each(func(row scanner) error {
		r, err = scanRun(row)
		return err
	}, "SELECT "+runColumns+" FROM runs WHERE id = ?", id); each != nil {
		return r, each
	}
	return r, err
}

// putRun inserts or replaces a run and rings for it.
func (t *tx) putRun(r store.Run) error {
	values, err := runValues(r)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO runs ("+runColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, title = excluded.title,
			progress = excluded.progress, message = excluded.message, input = excluded.input, output = excluded.output,
			points = excluded.points, error = excluded.error, owner = excluded.owner, heartbeat = excluded.heartbeat,
			cancel_requested = excluded.cancel_requested, created = excluded.created, started = excluded.started, ended = excluded.ended`,
		values...)
	t.ring(store.NoticeRun, r.ID)
	return err
}

// CreateRun stores a queued run, created now when it does not say when.
func (s *Store) CreateRun(ctx context.Context, r store.Run) error {
	err := s.write(ctx, func(t *tx) error {
		var taken bool
		if err := t.get([]any{&taken}, "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", r.ID); err != nil {
			return err
		}
		if taken {
			return store.ErrConflict
		}
		r.State = store.Queued
		if r.CreatedAt.IsZero() {
			r.CreatedAt = t.now
		}
		return t.putRun(r)
	})
	if err != nil {
		return fmt.Errorf("create run %q: %w", r.ID, err)
	}
	return nil
}

// ClaimRun moves the oldest queued run of these kinds to Running.
func (s *Store) ClaimRun(ctx context.Context, owner string, kinds []store.RunKind, now time.Time) (r store.Run, err error) {
	err = s.write(ctx, func(t *tx) error {
		var id string
		err := t.get([]any{&id}, `SELECT id FROM runs WHERE state = 'QUEUED' AND kind IN (SELECT value FROM json_each(?))
			ORDER BY created, seq LIMIT 1`, jsonArray(kinds))
		if err != nil {
			return err
		}
		if r, err = t.run(id); err != nil {
			return err
		}
		now = timeOf(micros(now))
		r.State, r.Owner, r.StartedAt, r.Heartbeat = store.Running, owner, now, now
		return t.putRun(r)
	})
	if err != nil {
		return store.Run{}, fmt.Errorf("claim run: %w", err)
	}
	return r, nil
}

// UpdateRun replaces a running run; see [store.Runs].
func (s *Store) UpdateRun(ctx context.Context, r store.Run) (store.Run, error) {
	return s.changeRun(ctx, "update", r.ID, func(stored store.Run) (store.Run, error) {
		if stored.State != store.Running || stored.Owner != r.Owner {
			return stored, fmt.Errorf("%s by %q: %w", stored.State, stored.Owner, store.ErrConflict)
		}
		r.Kind, r.CreatedAt, r.CancelRequested = stored.Kind, stored.CreatedAt, stored.CancelRequested
		return r, nil
	})
}

// RequestCancel asks a running run to stop and ends a queued one at once.
func (s *Store) RequestCancel(ctx context.Context, id string, now time.Time) (store.Run, error) {
	return s.changeRun(ctx, "cancel", id, func(stored store.Run) (store.Run, error) {
		switch stored.State {
		case store.Queued:
			stored.State, stored.EndedAt = store.Cancelled, timeOf(micros(now))
		case store.Running:
			stored.CancelRequested = true
		default:
			return stored, fmt.Errorf("%s: %w", stored.State, store.ErrConflict)
		}
		return stored, nil
	})
}

// changeRun replaces a run by what change makes of it.
func (s *Store) changeRun(ctx context.Context, verb, id string, change func(store.Run) (store.Run, error)) (r store.Run, err error) {
	err = s.write(ctx, func(t *tx) error {
		if r, err = t.run(id); err != nil {
			return err
		}
		if r, err = change(r); err != nil {
			return err
		}
		return t.putRun(r)
	})
	if err != nil {
		return store.Run{}, fmt.Errorf("%s run %q: %w", verb, id, err)
	}
	return r, nil
}

// FailStale fails running runs whose heartbeat is older than before.
func (s *Store) FailStale(ctx context.Context, before time.Time) (failed []store.Run, err error) {
	err = s.write(ctx, func(t *tx) error {
		failed = nil
		err := t.each(func(row scanner) error {
			r, err := scanRun(row)
			failed = append(failed, r)
			return err
		}, "SELECT "+runColumns+" FROM runs WHERE state = 'RUNNING' AND heartbeat < ? ORDER BY created, seq", micros(before))
		if err != nil {
			return err
		}
		for n := range failed {
			r := &failed[n]
			r.Error = fmt.Sprintf("its process %q gave no sign of life after %s", r.Owner, r.Heartbeat.Format(time.RFC3339))
			r.State, r.EndedAt = store.Failed, timeOf(micros(t.now))
			if err := t.putRun(*r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("fail stale runs: %w", err)
	}
	return failed, nil
}

// Run returns one run.
func (s *Store) Run(ctx context.Context, id string) (store.Run, error) {
	found, err := list(ctx, s.read, scanRun, "SELECT "+runColumns+" FROM runs WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Run{}, fmt.Errorf("run %q: %w", id, err)
	}
	return found[0], nil
}

// RunList returns the newest runs of a kind created before the one with id
// after; see [store.Runs].
func (s *Store) RunList(ctx context.Context, kind store.RunKind, after string, limit int) ([]store.Run, error) {
	limit, err := pageLimit(limit, 20, store.MaxPage)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	if kind != "" {
		f.and("kind = ?", string(kind))
	}
	if after != "" {
		if _, err := s.Run(ctx, after); err != nil {
			return nil, fmt.Errorf("list runs after one: %w", err)
		}
		f.and("(created, seq) < (SELECT created, seq FROM runs WHERE id = ?)", after)
	}
	runs, err := list(ctx, s.read, scanRun, "SELECT "+runColumns+" FROM runs WHERE "+f.where()+
		" ORDER BY created DESC, seq DESC LIMIT ?", append(f.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return runs, nil
}
