package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// Runs are a table like products and users: each change of state is computed
// here from the stored run and stored only if that is still there. Its indexes
// hold <microseconds, 16 digits>\0<id>, by bytes: runs and runs:<kind> by
// creation, queued:<kind> those that wait, running by heartbeat.

// runRecord is the JSON of a run's record. The id is the field it is stored
// under; times are microseconds, 0 for none.
type runRecord struct {
	Kind      store.RunKind    `json:"kind"`
	State     store.RunState   `json:"state"`
	Title     string           `json:"title,omitempty"`
	Progress  float64          `json:"progress,omitempty"`
	Message   string           `json:"message,omitempty"`
	Input     []byte           `json:"input,omitempty"`
	Output    []byte           `json:"output,omitempty"`
	Points    []store.RunPoint `json:"points,omitempty"`
	Error     string           `json:"error,omitempty"`
	Owner     string           `json:"owner,omitempty"`
	Cancel    bool             `json:"cancel,omitempty"`
	Heartbeat int64            `json:"heartbeat,omitempty"`
	Created   int64            `json:"created,omitempty"`
	Started   int64            `json:"started,omitempty"`
	Ended     int64            `json:"ended,omitempty"`
}

// packRun makes a run's record.
func packRun(r *store.Run) (string, error) {
	record, err := json.Marshal(runRecord{
		Kind: r.Kind, State: r.State, Title: r.Title, Progress: r.Progress, Message: r.Message,
		Input: r.Input, Output: r.Output, Points: r.Points, Error: r.Error, Owner: r.Owner, Cancel: r.CancelRequested,
		Heartbeat: packTime(r.Heartbeat), Created: packTime(r.CreatedAt), Started: packTime(r.StartedAt), Ended: packTime(r.EndedAt),
	})
	if err != nil {
		return "", &store.Invalid{Field: "run", Value: r.ID, Want: "made of finite numbers"}
	}
	return string(record), nil
}

// unpackRun reads a run's record.
func unpackRun(id, record string) (store.Run, error) {
	var r runRecord
	if err := json.Unmarshal([]byte(record), &r); err != nil {
		return store.Run{}, fmt.Errorf("run %q: %w", id, errPacked)
	}
	return store.Run{
		ID: id, Kind: r.Kind, State: r.State, Title: r.Title, Progress: r.Progress, Message: r.Message,
		Input: r.Input, Output: r.Output, Points: r.Points, Error: r.Error, Owner: r.Owner, CancelRequested: r.Cancel,
		Heartbeat: unpackTime(r.Heartbeat), CreatedAt: unpackTime(r.Created), StartedAt: unpackTime(r.Started), EndedAt: unpackTime(r.Ended),
	}, nil
}

// packTime is a time in microseconds, 0 for the zero time.
func packTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// unpackTime reverses packTime.
func unpackTime(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// runs is the partition's table of runs.
func (s *Store) runs() table { return table{s.control, "runs"} }

// runIndex names an index of runs.
func (s *Store) runIndex(name string, kind store.RunKind) string {
	if kind == "" {
		return s.control.key("runs:" + name)
	}
	return s.control.key("runs:" + name + ":" + string(kind))
}

// runEntries is every index entry of a run.
func (s *Store) runEntries(r *store.Run) []entry {
	made := stamp(packTime(r.CreatedAt)) + "\x00" + r.ID
	entries := []entry{
		{kind: "z", key: s.runIndex("made", ""), member: made},
		{kind: "z", key: s.runIndex("made", r.Kind), member: made},
	}
	switch r.State {
	case store.Queued:
		entries = append(entries, entry{kind: "z", key: s.runIndex("queued", r.Kind), member: made})
	case store.Running:
		beat := stamp(packTime(r.Heartbeat)) + "\x00" + r.ID
		entries = append(entries, entry{kind: "z", key: s.runIndex("running", ""), member: beat})
	}
	return entries
}

// errUntouched ends an amendment that finds nothing to do.
var errUntouched = errors.New("nothing to do")

// amendRun changes a stored run by edit and returns it as it is then.
// ErrNotFound.
func (s *Store) amendRun(ctx context.Context, id string, edit func(*store.Run) error) (store.Run, error) {
	var result store.Run
	_, err := s.amend(ctx, s.runs(), []amendment{{id, func(stored string) (string, []entry, []entry, error) {
		if stored == "" {
			return "", nil, nil, fmt.Errorf("run %q: %w", id, store.ErrNotFound)
		}
		was, err := unpackRun(id, stored)
		if err != nil {
			return "", nil, nil, err
		}
		result = was
		if err := edit(&result); err != nil {
			return "", nil, nil, err
		}
		record, err := packRun(&result)
		return record, s.runEntries(&was), s.runEntries(&result), err
	}}})
	if err != nil {
		return store.Run{}, err
	}
	s.ring(ctx, store.NoticeRun, id)
	return result, nil
}

// CreateRun stores a queued run. ErrConflict when the id is taken.
func (s *Store) CreateRun(ctx context.Context, r store.Run) error {
	if r.State == "" {
		r.State = store.Queued
	}
	if r.CreatedAt.IsZero() {
		r.CreatedAt = s.now()
	}
	_, err := s.amend(ctx, s.runs(), []amendment{{r.ID, func(stored string) (string, []entry, []entry, error) {
		if stored != "" {
			return "", nil, nil, fmt.Errorf("run %q is there: %w", r.ID, store.ErrConflict)
		}
		record, err := packRun(&r)
		return record, nil, s.runEntries(&r), err
	}}})
	if err == nil {
		s.ring(ctx, store.NoticeRun, r.ID)
	}
	return err
}

// ClaimRun moves the oldest queued run of these kinds to Running under owner.
// ErrNotFound when none waits.
func (s *Store) ClaimRun(ctx context.Context, owner string, kinds []store.RunKind, now time.Time) (store.Run, error) {
	for {
		id, err := s.oldestQueued(ctx, kinds)
		if err != nil {
			return store.Run{}, err
		}
		r, err := s.amendRun(ctx, id, func(r *store.Run) error {
			if r.State != store.Queued {
				return errUntouched
			}
			r.State, r.Owner, r.Heartbeat, r.StartedAt = store.Running, owner, now, now
			return nil
		})
		if !errors.Is(err, errUntouched) {
			return r, err
		}
	}
}

// oldestQueued is the id of the run that has waited longest. ErrNotFound.
func (s *Store) oldestQueued(ctx context.Context, kinds []store.RunKind) (string, error) {
	pipe := s.client.Pipeline()
	commands := make([]*goredis.StringSliceCmd, len(kinds))
	for n, kind := range kinds {
		commands[n] = pipe.ZRange(ctx, s.runIndex("queued", kind), 0, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return "", translate("claim run", err)
	}
	var waiting []string
	for _, command := range commands {
		waiting = append(waiting, command.Val()...)
	}
	if len(waiting) == 0 {
		return "", translate("claim run", goredis.Nil)
	}
	_, id, _ := strings.Cut(slices.Min(waiting), "\x00")
	return id, nil
}

// UpdateRun replaces a running run. ErrConflict when it has ended or has
// another owner meanwhile.
func (s *Store) UpdateRun(ctx context.Context, r store.Run) (store.Run, error) {
	return s.amendRun(ctx, r.ID, func(stored *store.Run) error {
		if stored.State != store.Running || stored.Owner != r.Owner {
			return fmt.Errorf("run %q is %s under %q: %w", r.ID, stored.State, stored.Owner, store.ErrConflict)
		}
		next := r
		next.CancelRequested, next.CreatedAt, next.Kind = stored.CancelRequested, stored.CreatedAt, stored.Kind
		*stored = next
		return nil
	})
}

// RequestCancel asks a running run to stop and ends a queued one at once.
// ErrConflict when it has ended.
func (s *Store) RequestCancel(ctx context.Context, id string, now time.Time) (store.Run, error) {
	return s.amendRun(ctx, id, func(r *store.Run) error {
		switch {
		case r.State.Ended():
			return fmt.Errorf("run %q has ended: %w", id, store.ErrConflict)
		case r.State == store.Queued:
			r.State, r.EndedAt = store.Cancelled, now
		}
		r.CancelRequested = true
		return nil
	})
}

// FailStale marks running runs whose heartbeat is older than before as failed
// and returns them.
func (s *Store) FailStale(ctx context.Context, before time.Time) ([]store.Run, error) {
	end := "(" + stamp(packTime(before))
	silent, err := s.client.ZRangeByLex(ctx, s.runIndex("running", ""), &goredis.ZRangeBy{Min: "-", Max: end}).Result()
	if err != nil {
		return nil, translate("fail stale runs", err)
	}
	var failed []store.Run
	for _, beat := range silent {
		_, id, _ := strings.Cut(beat, "\x00")
		r, err := s.amendRun(ctx, id, func(r *store.Run) error {
			if r.State != store.Running || !r.Heartbeat.Before(before) {
				return errUntouched
			}
			r.State, r.EndedAt = store.Failed, s.now()
			r.Error = fmt.Sprintf("no sign of life from %s since %s", r.Owner, r.Heartbeat.Format(time.RFC3339))
			return nil
		})
		if errors.Is(err, errUntouched) {
			continue
		}
		if err != nil {
			return failed, err
		}
		failed = append(failed, r)
	}
	return failed, nil
}

// Run returns one run. ErrNotFound.
func (s *Store) Run(ctx context.Context, id string) (store.Run, error) {
	record, err := s.record(ctx, s.runs(), id)
	if err != nil {
		return store.Run{}, err
	}
	return unpackRun(id, record)
}

// RunList returns the newest runs of a kind, all when it is empty, created
// before the one with id after. ErrNotFound when there is no such run.
func (s *Store) RunList(ctx context.Context, kind store.RunKind, after string, limit int) ([]store.Run, error) {
	limit, err := pageLimit(limit, 20, store.MaxPage)
	if err != nil {
		return nil, err
	}
	newest := "+"
	if after != "" {
		last, err := s.Run(ctx, after)
		if err != nil {
			return nil, err
		}
		newest = "(" + stamp(packTime(last.CreatedAt)) + "\x00" + after
	}
	page := &goredis.ZRangeBy{Min: "-", Max: newest, Count: int64(limit)}
	made, err := s.client.ZRevRangeByLex(ctx, s.runIndex("made", kind), page).Result()
	if err != nil {
		return nil, translate("runs", err)
	}
	ids := make([]string, len(made))
	for n, member := range made {
		_, ids[n], _ = strings.Cut(member, "\x00")
	}
	records, err := s.records(ctx, s.runs(), ids)
	if err != nil {
		return nil, err
	}
	runs := make([]store.Run, 0, len(ids))
	for n, record := range records {
		r, err := unpackRun(ids[n], record)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}
