package journal

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"valse/store"
)

const progressFile = "progress"

// load reads how far an earlier process came.
func (a *applier) load() error {
	defer func() {
		if end := a.log.end(); 0 < end && end < a.Applied {
			a.Applied = 0 // earlier versions began with 1 again: all is applied again, which changes nothing
		}
		a.log.numberFrom(max(a.Applied, a.Settled) + 1)
		a.seen = a.log.end()
	}()
	came, err := readProgress(a.log)
	a.progress, a.saved = came, came
	return err
}

// readProgress reads how far the process that wrote a log came. One that is
// damaged is none: everything is applied again, which changes nothing.
func readProgress(l *log) (progress, error) {
	data, err := l.readFile(progressFile, -1)
	if errors.Is(err, fs.ErrNotExist) {
		return progress{}, nil
	}
	if err != nil {
		return progress{}, err
	}
	came := progress{}
	if frames, _, fault := parse(data); fault != "" || len(frames) != 1 || json.Unmarshal(frames[0].payload, &came) != nil {
		return progress{}, nil
	}
	return came, nil
}

// save makes the progress durable.
func (a *applier) save() error {
	if a.log == nil || a.progress == a.saved {
		return nil
	}
	payload, err := json.Marshal(a.progress)
	if err != nil {
		return err
	}
	file, err := a.log.create(progressFile, appendFrame(header(), 1, payload))
	if err != nil {
		return err
	}
	a.saved = a.progress
	return file.Close()
}

// mark says that the backend's shards ended at ends when frame was applied: an
// archive that holds as much holds everything up to the frame.
type mark struct {
	frame uint64
	ends  []int64
}

// maxMarks bounds the marks that wait for the archive.
const maxMarks = 1000

// tidy saves the progress, copies control data, follows erasures of other
// processes and trims the log.
func (a *applier) tidy() {
	if a.away.Load() != nil || a.closing.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(a.closing, 10*time.Second)
	defer cancel()
	for _, step := range []func(context.Context) error{a.follow, a.refresh, a.trim} {
		if err := step(ctx); err != nil && a.closing.Err() == nil {
			a.o.Logger.Warn("tidy the journal", "error", err)
		}
	}
}

// follow removes from the log whom other processes erased, and what came of
// anybody erased since.
func (a *applier) follow(ctx context.Context) error {
	erasures, err := a.Backend.Erased(ctx, a.erased)
	if err != nil {
		return err
	}
	for _, e := range erasures {
		a.gone[e.UserID], a.erased = true, e.Seq
	}
	return a.scrub()
}

// scrub removes the interactions of those in a.gone from memory and from the log.
// Copies of damaged segments go too: nobody can say whose interactions they hold.
func (a *applier) scrub() error {
	for userID := range a.gone {
		a.tail.forget(userID)
	}
	if a.log == nil {
		clear(a.gone)
	}
	if len(a.gone) == 0 {
		return nil
	}
	err := a.log.rewrite(func(payload []byte) ([]byte, bool, error) {
		events, err := decode(payload)
		if err != nil {
			return nil, false, err
		}
		kept := events[:0]
		for _, e := range events {
			if !a.gone[e.UserID] {
				kept = append(kept, e)
			}
		}
		return encode(kept), len(kept) < len(events), nil
	})
	if err != nil {
		return err
	}
	entries, err := a.log.fs.ReadDir(a.log.folder)
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), damagedSuffix) {
			err = errors.Join(err, a.log.fs.RemoveAll(a.log.path(entry.Name())))
		}
	}
	if err == nil {
		clear(a.gone)
	}
	return err
}

// trim drops what both the backend and the archive have.
func (a *applier) trim(ctx context.Context) error {
	if a.log == nil || a.o.Archive == nil {
		return nil
	}
	if err := a.save(); err != nil {
		return err
	}
	ends, err := a.Backend.LogEnd(ctx)
	if err != nil {
		return err
	}
	if last := len(a.marks) - 1; last < 0 || a.marks[last].frame < a.Applied {
		a.marks = append(a.marks, mark{a.Applied, ends})
	}
	if len(a.marks) > maxMarks { // every other one will do
		for n := range maxMarks / 2 {
			a.marks[n] = a.marks[2*n+1]
		}
		a.marks = a.marks[:maxMarks/2]
	}
	positions, err := a.o.Archive.Positions(ctx)
	if err != nil {
		return err
	}
	for len(a.marks) > 0 {
		if all, err := a.archived(ctx, positions, a.marks[0].ends); err != nil || !all {
			return err
		}
		if err := a.log.trim(a.marks[0].frame); err != nil {
			return err
		}
		a.marks = a.marks[1:]
	}
	return nil
}

// archived reports whether an archive at these positions holds all that shards
// which ended at ends had, but for what was erased since.
func (a *applier) archived(ctx context.Context, positions map[int]int64, ends []int64) (bool, error) {
	for shard, end := range ends {
		if positions[shard] >= end {
			continue
		}
		next, err := a.Backend.ReadLog(ctx, shard, positions[shard], 1)
		if err != nil || len(next) > 0 && next[0].Seq <= end {
			return false, err
		}
	}
	return true, nil
}

// EraseUser erases a user from the backend and then from the log. The tombstone
// is on this machine's disk too when it returns.
func (s *Store) EraseUser(ctx context.Context, id string) (int, error) {
	n, err := s.Backend.EraseUser(ctx, id)
	if err != nil {
		return n, err
	}
	erasures, err := s.Backend.Erased(ctx, 0)
	if err != nil {
		return n, err
	}
	if err := s.control.change(func(c *copied) { c.addErasures(erasures) }); err != nil {
		return n, err
	}
	return n, s.applier.do(func() error {
		s.applier.gone[id] = true
		return s.applier.scrub()
	})
}

// PutSetting stores a setting in the backend and in the copy.
func (s *Store) PutSetting(ctx context.Context, name string, value []byte) error {
	if err := s.Backend.PutSetting(ctx, name, value); err != nil {
		return err
	}
	return s.control.change(func(c *copied) {
		if value == nil {
			delete(c.Settings, name)
		} else {
			c.Settings[name] = value
		}
	})
}

// InitSetting stores a setting, if there is none, in the backend and in the copy.
func (s *Store) InitSetting(ctx context.Context, name string, value []byte) ([]byte, error) {
	kept, err := s.Backend.InitSetting(ctx, name, value)
	if err != nil {
		return kept, err
	}
	return kept, s.control.change(func(c *copied) { c.Settings[name] = kept })
}

// Publish flips the pointer in the backend and in the copy.
func (s *Store) Publish(ctx context.Context, p store.Publication) (store.Publication, error) {
	p, err := s.Backend.Publish(ctx, p)
	if err != nil {
		return p, err
	}
	return p, s.control.change(func(c *copied) {
		if slices.ContainsFunc(c.Publications, func(q store.Publication) bool { return q.Seq == p.Seq && q.ModelID == p.ModelID }) {
			return
		}
		c.Publications = append([]store.Publication{p}, c.Publications...)
		c.Publications = c.Publications[:min(keptPublications, len(c.Publications))]
	})
}
