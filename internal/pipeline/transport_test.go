package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/disk"
	"valse/internal/disk/crashfs"
	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
	"valse/store/sqlite"
	"valse/warehouse"
)

// errDead is what every call of a process answers after it was killed.
var errDead = errors.New("this process was killed")

// transporter is one process: what it does to files and to the store goes
// through it and can be stopped at any step.
type transporter struct {
	disk.FS
	store.Store
	steps int
	// at is called at every step; its error is that of the step.
	at func(step int) error
}

func (p *transporter) step() error {
	p.steps++
	return p.at(p.steps)
}

// Close shadows both.
func (p *transporter) Close() error { return nil }

// Mkdir and the methods after it are steps.
func (p *transporter) Mkdir(name string) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.FS.Mkdir(name)
}

func (p *transporter) CreateTemp(dir string) (disk.File, error) {
	if err := p.step(); err != nil {
		return nil, err
	}
	file, err := p.FS.CreateTemp(dir)
	return stepFile{file, p}, err
}

func (p *transporter) ReadDir(dir string) ([]fs.DirEntry, error) {
	if err := p.step(); err != nil {
		return nil, err
	}
	return p.FS.ReadDir(dir)
}

func (p *transporter) Rename(from, to string) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.FS.Rename(from, to)
}

func (p *transporter) RemoveAll(name string) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.FS.RemoveAll(name)
}

func (p *transporter) SyncDir(dir string) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.FS.SyncDir(dir)
}

func (p *transporter) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	if err := p.step(); err != nil {
		return nil, err
	}
	return p.Store.ReadLog(ctx, shard, after, min(limit, 25)) // several parts a turn
}

func (p *transporter) PutSetting(ctx context.Context, name string, value []byte) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.Store.PutSetting(ctx, name, value)
}

func (p *transporter) Release(ctx context.Context, l store.Lease) error {
	if err := p.step(); err != nil {
		return err
	}
	return p.Store.Release(ctx, l)
}

// stepFile is a file whose writes and syncs are steps.
type stepFile struct {
	disk.File
	p *transporter
}

func (f stepFile) Write(b []byte) (int, error) {
	if err := f.p.step(); err != nil {
		return 0, err
	}
	return f.File.Write(b)
}

func (f stepFile) Sync() error {
	if err := f.p.step(); err != nil {
		return err
	}
	return f.File.Sync()
}

// depot is a store and the files of a warehouse that transporters share.
type depot struct {
	t      *testing.T
	files  *crashfs.FS
	store  store.Store
	sent   int
	mu     sync.Mutex
	offset time.Duration // of the store's clock
}

func newDepot(t *testing.T) *depot {
	d := &depot{t: t, files: &crashfs.FS{}}
	var err error
	if d.store, err = sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{Now: d.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	return d
}

func (d *depot) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.offset)
}

// leasesExpire moves the clock on.
func (d *depot) leasesExpire() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.offset += time.Hour
}

// record appends some acknowledged events.
func (d *depot) record(n int) {
	d.t.Helper()
	batch := make([]store.Interaction, n)
	for i := range batch {
		d.sent++
		batch[i] = store.Interaction{EventID: fmt.Sprint(d.sent), UserID: fmt.Sprint("u", d.sent%7), ProductID: "p",
			Type: store.View, Value: 1, Time: day0}
	}
	if _, err := d.store.Append(d.t.Context(), batch); err != nil {
		d.t.Fatal(err)
	}
}

// process starts a transporter that is stopped at a step by at.
func (d *depot) process(at func(int) error) (*pipeline.Pipeline, *transporter) {
	d.t.Helper()
	p := &transporter{FS: d.files, Store: d.store, at: func(int) error { return nil }}
	wh, err := warehouse.Open("/w", "test", p)
	if err != nil {
		d.t.Fatal(err)
	}
	p.steps, p.at = 0, at
	return pipeline.New(p, wh, pipeline.Options{Logger: slog.New(slog.DiscardHandler)}), p
}

// check compares the warehouse with what was acknowledged.
func (d *depot) check(what string) {
	d.t.Helper()
	last, _ := d.process(func(int) error { return nil })
	if _, err := last.Transport(d.t.Context()); err != nil {
		d.t.Fatalf("%s: %v", what, err)
	}
	wh, err := warehouse.Open("/w", "test", d.files)
	if err != nil {
		d.t.Fatal(err)
	}
	events, err := wh.Events(d.t.Context())
	if err != nil {
		d.t.Fatalf("%s: %v", what, err)
	}
	seen := map[string]int{}
	err = wh.ReadLog(d.t.Context(), 0, 0, func(batch []store.Interaction) error {
		for _, e := range batch {
			seen[e.EventID]++
		}
		return nil
	})
	if err != nil || len(seen) != d.sent || events.Len() != d.sent {
		d.t.Fatalf("%s: the warehouse has %d events in %d rows (%v), %d were acknowledged", what, len(seen), events.Len(), err, d.sent)
	}
}

// TestATransporterKilledAtAnyStepLosesAndDoublesNothing kills the first of two
// transporters at each of its steps.
func TestATransporterKilledAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	random := trial.Rand(t)
	kills := 0
	for range trial.Rounds(1, 20) {
		d := newDepot(t)
		for step := 1; ; step++ {
			d.record(1 + random.IntN(60))
			victim, process := d.process(func(n int) error {
				if n >= step {
					return errDead
				}
				return nil
			})
			victim.Transport(t.Context())
			if process.steps < step {
				break
			}
			kills++
			d.leasesExpire()
			d.check(fmt.Sprintf("killed at step %d", step))
		}
		d.check("not killed")
	}
	t.Logf("%d kills, warehouse rows = acknowledged rows", kills)
}

// TestATransporterPausedAtAnyStepAndOvertakenLosesAndDoublesNothing pauses a
// transporter at a step until another one has overtaken it.
func TestATransporterPausedAtAnyStepAndOvertakenLosesAndDoublesNothing(t *testing.T) {
	random := trial.Rand(t)
	pauses := 0
	for range trial.Rounds(1, 20) {
		d := newDepot(t)
		for step := 1; ; step++ {
			d.record(1 + random.IntN(60))
			paused, resume := make(chan struct{}), make(chan struct{})
			slow, _ := d.process(func(n int) error {
				if n == step {
					close(paused)
					<-resume
				}
				return nil
			})
			done := make(chan struct{})
			go func() {
				defer close(done)
				slow.Transport(t.Context()) // may find that it was overtaken
			}()
			select {
			case <-paused:
			case <-done:
			}
			if overtaken := overtake(d, random, paused); !overtaken {
				d.check("not paused")
				break
			}
			pauses++
			close(resume)
			<-done
			d.leasesExpire()
			d.check(fmt.Sprintf("paused at step %d", step))
		}
	}
	t.Logf("%d pauses, warehouse rows = acknowledged rows", pauses)
}

// overtake lets another transporter move everything, if the first is paused.
func overtake(d *depot, random *rand.Rand, paused <-chan struct{}) bool {
	select {
	case <-paused:
	default:
		return false
	}
	d.leasesExpire()
	d.record(1 + random.IntN(60))
	quick, _ := d.process(func(int) error { return nil })
	if _, err := quick.Transport(d.t.Context()); err != nil {
		d.t.Errorf("overtake: %v", err)
	}
	return true
}

// replaced is a store whose log is lost and filled anew at a call of LogEpoch.
type replaced struct {
	store.Store
	calls *int
	at    int
}

func (s replaced) LogEpoch(context.Context) (int64, error) {
	if *s.calls++; *s.calls >= s.at {
		return 1, nil
	}
	return 0, nil
}

// TestRowsOfALogThatWasReplacedMeanwhileAreNotKept loses the log between reading
// its rows and naming the part, and right after.
func TestRowsOfALogThatWasReplacedMeanwhileAreNotKept(t *testing.T) {
	for _, at := range []int{2, 3} {
		w := newWorld(t, pipeline.Options{})
		w.taste(t, 2, 3)
		calls := 0
		p := pipeline.New(replaced{w.store, &calls, at}, w.warehouse, pipeline.Options{})
		if _, err := p.Transport(t.Context()); !errors.Is(err, store.ErrRestarted) {
			t.Errorf("at call %d: Transport = %v, want ErrRestarted", at, err)
		}
		if events, err := w.warehouse.Events(t.Context()); err != nil || events.Len() != 0 {
			t.Errorf("at call %d: %d rows were kept, %v", at, events.Len(), err)
		}
	}
}

// relentless is a store that accepts another event whenever its log is read.
type relentless struct {
	store.Store
	n atomic.Int64
}

func (r *relentless) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	e := store.Interaction{UserID: "busy", EventID: fmt.Sprint(r.n.Add(1)), ProductID: "p1", Type: store.View, Value: 1, Time: day0}
	if _, err := r.Append(ctx, []store.Interaction{e}); err != nil {
		return nil, err
	}
	return r.Store.ReadLog(ctx, shard, after, limit)
}

func TestATurnEndsThoughEventsNeverDo(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 3, 20)
	st := &relentless{Store: w.store}
	busy := pipeline.New(st, w.warehouse, pipeline.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	moved, err := busy.Transport(ctx)
	if err != nil || moved.Rows != 61 || st.n.Load() != 1 {
		t.Errorf("moved %d rows while %d events came (%v), want 61 and 1", moved.Rows, st.n.Load(), err)
	}
}
