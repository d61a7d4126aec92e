package journal_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
	"valse/store/journal"
	"valse/store/redis"
	"valse/store/redis/redistest"
	"valse/store/storetest"
	"valse/warehouse"
)

// quiet drops what is logged.
var quiet = slog.New(slog.DiscardHandler)

// open opens a Redis store behind a journal in folder, or without a log when
// that is empty.
func open(t testing.TB, server *redistest.Server, partition, folder string, o journal.Options) *journal.Store {
	t.Helper()
	o.Logger, o.Every, o.TidyEvery = quiet, 20*time.Millisecond, cmp.Or(o.TidyEvery, 100*time.Millisecond)
	gate := "direct"
	if folder != "" {
		place, err := journal.Take(folder)
		if err != nil {
			t.Fatal(err)
		}
		o.Place, gate = place, place.ID
	}
	backend, err := redis.Open(t.Context(), server.URL, partition, redis.Options{Gate: gate, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	s, err := journal.Open(t.Context(), backend, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAStoreBehindAJournalConforms(t *testing.T) {
	server := redistest.Start(t)
	var places atomic.Int64
	for _, logged := range []bool{true, false} {
		t.Run(fmt.Sprintf("log=%v", logged), func(t *testing.T) {
			storetest.Run(t, func(t testing.TB) storetest.Backend {
				folder, place := t.TempDir(), places.Add(1)
				return func(t testing.TB, partition string) store.Store {
					at := ""
					if logged {
						at = filepath.Join(folder, partition)
					}
					return open(t, server, fmt.Sprintf("place%d-%s", place, partition), at, journal.Options{Patience: time.Minute})
				}
			})
		})
	}
}

// TestAcknowledgedInteractionsSurviveKillingRedis kills Redis at random, once
// with and once without its own persistence, while sixteen writers record and
// the transporter runs. Afterwards every acknowledged interaction must be in its
// user's history, in the log and in the warehouse, once.
func TestAcknowledgedInteractionsSurviveKillingRedis(t *testing.T) {
	for name, settings := range map[string][]string{
		"everysec":       {"--appendonly", "yes", "--appendfsync", "everysec"},
		"no persistence": {},
	} {
		t.Run(name, func(t *testing.T) { surviveKills(t, redistest.Start(t, settings...)) })
	}
}

func surviveKills(t *testing.T, server *redistest.Server) {
	random := trial.Rand(t)
	kills := trial.Rounds(6, 100)
	wh, err := warehouse.Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, server, "main", t.TempDir(), journal.Options{Archive: wh, Patience: 50 * time.Millisecond})
	p := pipeline.New(s, wh, pipeline.Options{Logger: quiet})
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	writers := make([]*writer, 16)
	for n := range writers {
		writers[n] = &writer{name: fmt.Sprint("w", n)}
		work.Go(func() { writers[n].run(ctx, s) })
	}
	work.Go(func() {
		for ctx.Err() == nil {
			p.Transport(ctx) // fails while Redis is away
			time.Sleep(20 * time.Millisecond)
		}
	})
	for range kills {
		time.Sleep(time.Duration(50+random.IntN(200)) * time.Millisecond)
		server.Kill()
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		server.Restart()
	}
	stop()
	work.Wait()
	awaitBack(t, s)
	for _, w := range writers { // what was accepted since Redis was slow is on its way to it still
		await(t, "has the last event of "+w.name, func() bool { return w.arrived(t, s) })
	}
	if _, err := p.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	acknowledged, provisional := checkEverywhere(t, s, wh, writers)
	t.Logf("%d kills, %d acknowledged (%d while Redis was away), 0 lost, 0 doubled", kills, acknowledged, provisional)
	if acknowledged == 0 || provisional == 0 {
		t.Errorf("%d acknowledged, %d while Redis was away; want some of both", acknowledged, provisional)
	}
}

// slow is a backend that takes a while to append, and more for each interaction.
type slow struct {
	journal.Backend
	call, interaction time.Duration
}

func (s slow) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	select {
	case <-time.After(s.call + time.Duration(len(batch))*s.interaction):
		return s.Backend.Append(ctx, batch)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// take takes a folder for a journal, and opens the store behind it.
func take(t *testing.T, server *redistest.Server, folder string) (*journal.Place, *redis.Store) {
	t.Helper()
	place, err := journal.Take(folder)
	if err != nil {
		t.Fatal(err)
	}
	backend, err := redis.Open(t.Context(), server.URL, "main", redis.Options{Gate: place.ID, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return place, backend
}

// openSlow opens a slow store behind a journal.
func openSlow(t *testing.T, server *redistest.Server, call, interaction time.Duration, o journal.Options) *journal.Store {
	t.Helper()
	place, backend := take(t, server, t.TempDir())
	o.Place, o.Logger, o.Every = place, quiet, 20*time.Millisecond
	s, err := journal.Open(t.Context(), slow{backend, call, interaction}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// late is a backend that cannot be looked at so many times.
type late struct {
	journal.Backend
	left atomic.Int64
}

func (l *late) Armed(ctx context.Context) (bool, error) {
	if l.left.Add(-1) >= 0 {
		return false, context.DeadlineExceeded
	}
	return l.Backend.Armed(ctx)
}

func TestOpenWaitsForARedisThatIsSlowToBeginWith(t *testing.T) {
	server := redistest.Start(t)
	for arrival, opens := range map[time.Duration]bool{time.Minute: true, time.Nanosecond: false} {
		place, backend := take(t, server, t.TempDir())
		slow := &late{Backend: backend}
		slow.left.Store(3)
		s, err := journal.Open(t.Context(), slow, journal.Options{Place: place, Logger: quiet, Every: time.Millisecond, Arrival: arrival})
		if opens != (err == nil) {
			t.Errorf("trying for %v: %v", arrival, err)
		}
		if err != nil {
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestRedisComesBackUnderWritersThatNeverStop restarts Redis while writers go on
// whatever they are answered, with some frames of the journal for each call that
// brings Redis up to date.
func TestRedisComesBackUnderWritersThatNeverStop(t *testing.T) {
	const patience = 500 * time.Millisecond
	server := redistest.Start(t)
	s := openSlow(t, server, 20*time.Millisecond, 0, journal.Options{Patience: patience})
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	defer func() { stop(); writers.Wait() }()
	var told [4]atomic.Int64
	for w := range told {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				event := store.Interaction{UserID: fmt.Sprint("w", w), EventID: fmt.Sprint(n), ProductID: "p", Type: store.View, Time: time.Unix(int64(n), 0)}
				outcomes, err := s.Append(context.WithoutCancel(ctx), []store.Interaction{event})
				if err == nil && (outcomes[0] == store.Created || s.Away() != nil) { // else it may be on its way to a Redis that is slow
					told[w].Store(int64(n) + 1)
				}
				time.Sleep(2 * time.Millisecond) // so that the journal does not hold them up either
			}
		})
	}
	for range trial.Rounds(2, 20) {
		time.Sleep(100 * time.Millisecond)
		server.Kill()
		await(t, "notices that Redis is gone", func() bool { return s.Away() != nil })
		time.Sleep(2 * patience) // nobody waits for an answer any more
		server.Restart()
		await(t, "is back", func() bool { return s.Away() == nil })
		for w := range told { // nobody was told of more than there is
			n := told[w].Load()
			page, err := s.Backend.History(t.Context(), fmt.Sprint("w", w), store.HistoryQuery{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			if newest := page.Interactions; n > 0 && (len(newest) == 0 || newest[0].Time.Unix() < n-1) {
				t.Errorf("writer %d was told of %d events, the newest that is back is %v", w, n, newest)
			}
		}
	}
}

// TestRedisComesBackThoughItTakesLongerThanAnybodyWaits has calls of Redis that
// take longer than writers are held up otherwise, and frames that take longer
// than a call may.
func TestRedisComesBackThoughItTakesLongerThanAnybodyWaits(t *testing.T) {
	server := redistest.Start(t)
	s := openSlow(t, server, 100*time.Millisecond, 2*time.Millisecond,
		journal.Options{Patience: 20 * time.Millisecond, ApplyTimeout: time.Second})
	server.Kill()
	await(t, "notices that Redis is gone", func() bool { return s.Away() != nil })
	many := make([]store.Interaction, 1000)
	for n := range many {
		many[n] = store.Interaction{UserID: "many", EventID: fmt.Sprint(n), ProductID: "p", Type: store.View, Time: time.Unix(int64(n), 0)}
	}
	if _, err := s.Append(t.Context(), many); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	defer func() { stop(); writers.Wait() }()
	for w := range 4 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				s.Append(context.WithoutCancel(ctx), []store.Interaction{{
					UserID: fmt.Sprint("w", w), EventID: fmt.Sprint(n), ProductID: "p", Type: store.View, Time: time.Unix(int64(n), 0)}})
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	server.Restart()
	await(t, "is back", func() bool { return s.Away() == nil })
	page, err := s.Backend.History(t.Context(), "many", store.HistoryQuery{Limit: len(many)})
	if err != nil || len(page.Interactions) != len(many) {
		t.Errorf("of %d interactions %d are back: %v", len(many), len(page.Interactions), err)
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after a minute it is not so that the store %s", what)
		}
	}
}

// awaitBack waits until the backend has everything again.
func awaitBack(t *testing.T, s *journal.Store) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		_, err := s.LogEpoch(t.Context())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the store is still away: %v", err)
		}
	}
}

// writer records events one after the other, each until it is acknowledged.
type writer struct {
	name                      string
	acknowledged, provisional int
}

func (w *writer) event(n int) store.Interaction {
	return store.Interaction{
		EventID: fmt.Sprint(n), UserID: fmt.Sprintf("%s-%d", w.name, n%3), ProductID: fmt.Sprint("p", n%97),
		Type: store.View, Value: 1, Time: time.UnixMicro(1_700_000_000_000_000 + int64(n)).UTC(),
	}
}

func (w *writer) run(ctx context.Context, s store.Store) {
	for ctx.Err() == nil {
		outcomes, err := s.Append(context.WithoutCancel(ctx), []store.Interaction{w.event(w.acknowledged)})
		if err != nil {
			continue
		}
		switch outcomes[0] {
		case store.Accepted:
			w.provisional++
		case store.Created, store.Exists:
		default:
			panic(fmt.Sprintf("event %d of %s was answered %v", w.acknowledged, w.name, outcomes[0]))
		}
		w.acknowledged++
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
	}
}

// arrived reports whether Redis has the last event that was acknowledged. It is
// handed a process's events in order.
func (w *writer) arrived(t *testing.T, s *journal.Store) bool {
	t.Helper()
	if w.acknowledged == 0 {
		return true
	}
	last := w.event(w.acknowledged - 1)
	page, err := s.Backend.History(t.Context(), last.UserID, store.HistoryQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Interactions) > 0 && page.Interactions[0].EventID == last.EventID
}

// checkEverywhere counts every acknowledged event in the log, the histories and
// the warehouse.
func checkEverywhere(t *testing.T, s *journal.Store, wh *warehouse.Warehouse, writers []*writer) (acknowledged, provisional int) {
	t.Helper()
	type id struct{ user, event string }
	inLog, inWarehouse, inHistory := map[id]int{}, map[id]int{}, map[id]int{}
	for shard := range s.Shards() {
		rows, err := s.ReadLog(t.Context(), shard, 0, 10_000_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range rows {
			inLog[id{e.UserID, e.EventID}]++
		}
		err = wh.ReadLog(t.Context(), shard, 0, func(batch []store.Interaction) error {
			for _, e := range batch {
				inWarehouse[id{e.UserID, e.EventID}]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := map[id]bool{}
	for _, w := range writers {
		acknowledged += w.acknowledged
		provisional += w.provisional
		for n := range w.acknowledged {
			e := w.event(n)
			want[id{e.UserID, e.EventID}] = true
		}
		for n := range 3 {
			user := fmt.Sprintf("%s-%d", w.name, n)
			for q := (store.HistoryQuery{}); ; {
				page, err := s.History(t.Context(), user, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Interactions {
					inHistory[id{user, e.EventID}]++
				}
				if !page.HasNext {
					break
				}
				q.Before = page.Cursors[len(page.Cursors)-1]
			}
		}
	}
	for where, held := range map[string]map[id]int{"log": inLog, "warehouse": inWarehouse, "history": inHistory} {
		lost, doubled := 0, 0
		for event := range want {
			switch held[event] {
			case 0:
				lost++
			case 1:
			default:
				doubled++
			}
		}
		if lost+doubled > 0 || len(held) != len(want) {
			t.Errorf("%s: %d events, want %d: %d lost, %d doubled", where, len(held), len(want), lost, doubled)
		}
	}
	return acknowledged, provisional
}

// TestWhatWasTrimmedComesBackFromTheWarehouse loses all of Redis after the
// journal has let go of what the warehouse has, and finds everything again: the
// erased stay erased, settings and the published model are as they were.
func TestWhatWasTrimmedComesBackFromTheWarehouse(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	wh, err := warehouse.Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, server, "main", folder, journal.Options{Archive: wh, Patience: time.Minute})
	p := pipeline.New(s, wh, pipeline.Options{Logger: quiet})
	w := &writer{name: "w"}
	for range 100 {
		mustAppend(t, s, store.Created, w.event(w.acknowledged))
		w.acknowledged++
	}
	late := store.Interaction{EventID: "e", UserID: "gone", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}
	mustAppend(t, s, store.Created, late)
	if _, _, err := s.PutProducts(t.Context(), []store.Product{{ID: "p", Title: "P"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Erase(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSetting(t.Context(), "name", []byte("value")); err != nil {
		t.Fatal(err)
	}
	lease, err := s.Acquire(t.Context(), store.PublishLease, "me", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), store.Publication{ModelID: "m", Token: lease.Token}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Close() // seals the segment, so that it can go
	s = open(t, server, "main", folder, journal.Options{Archive: wh, Patience: time.Minute})
	for deadline := time.Now().Add(time.Minute); len(segments(t, folder)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the journal still has %v", segments(t, folder))
		}
	}

	server.Kill()
	server.Restart()
	awaitBack(t, s)
	mustAppend(t, s, store.Erased, late)
	if erased, err := s.Backend.Erased(t.Context(), 0); err != nil || len(erased) != 1 || erased[0].UserID != "gone" {
		t.Errorf("the store's own tombstones are %v (%v), want that of the user who is gone", erased, err)
	}
	mustAppend(t, s, store.Exists, w.event(5))
	p = pipeline.New(s, wh, pipeline.Options{Logger: quiet})
	if _, err := p.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkEverywhere(t, s, wh, []*writer{w})
	if product, err := s.Product(t.Context(), "p"); err != nil || product.Title != "P" {
		t.Errorf("Product = %+v, %v", product, err)
	}
	if value, err := s.Backend.Setting(t.Context(), "name"); err != nil || string(value) != "value" {
		t.Errorf("Setting = %q, %v", value, err)
	}
	if published, err := s.Backend.Published(t.Context()); err != nil || published.ModelID != "m" {
		t.Errorf("Published = %+v, %v", published, err)
	}
	if again, err := s.Acquire(t.Context(), store.PublishLease, "other", time.Minute); err != nil || again.Token < lease.Token {
		t.Errorf("Acquire = token %d, %v; want at least %d", again.Token, err, lease.Token)
	}
}

// TestWhatIsWrittenAfterTheLogWasEmptiedIsApplied opens a journal of which nothing
// is left but how far it came.
func TestWhatIsWrittenAfterTheLogWasEmptiedIsApplied(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	wh, err := warehouse.Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{name: "w"}
	o := journal.Options{Archive: wh, Patience: time.Minute}
	s := open(t, server, "main", folder, o)
	for ; w.acknowledged < 5; w.acknowledged++ {
		mustAppend(t, s, store.Created, w.event(w.acknowledged))
	}
	if _, err := pipeline.New(s, wh, pipeline.Options{Logger: quiet}).Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Close() // seals the segment, so that it can go
	s = open(t, server, "main", folder, o)
	for deadline := time.Now().Add(time.Minute); len(segments(t, folder)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the journal still has %v", segments(t, folder))
		}
	}
	s.Close()

	o.Patience = 100 * time.Millisecond
	s = open(t, server, "main", folder, o)
	server.Kill()
	mustAppend(t, s, store.Accepted, w.event(5))
	s.Close()
	server.Restart()
	o.Patience = time.Minute
	s = open(t, server, "main", folder, o)
	awaitBack(t, s)
	mustAppend(t, s, store.Exists, w.event(5))
	mustAppend(t, s, store.Created, w.event(6))
}

// TestFramesBelowWhatWasAppliedAreAppliedAgain opens a journal whose frames begin
// with 1 again, as earlier versions left them, and of which the backend lacks one.
func TestFramesBelowWhatWasAppliedAreAppliedAgain(t *testing.T) {
	server, folder, w, o := redistest.Start(t), t.TempDir(), &writer{name: "w"}, journal.Options{Patience: time.Minute}
	s := open(t, server, "main", folder, o)
	for ; w.acknowledged < 5; w.acknowledged++ {
		mustAppend(t, s, store.Created, w.event(w.acknowledged))
	}
	s.Close()
	other := t.TempDir() // where the frame comes from
	s = open(t, redistest.Start(t), "main", other, o)
	mustAppend(t, s, store.Created, w.event(5))
	s.Close()
	old, lacking := segments(t, folder), segments(t, other)
	if len(old) != 1 || len(lacking) != 1 || filepath.Base(old[0]) != filepath.Base(lacking[0]) {
		t.Fatalf("segments %v and %v, want one each of the same name", old, lacking)
	}
	if err := os.Rename(lacking[0], old[0]); err != nil {
		t.Fatal(err)
	}
	s = open(t, server, "main", folder, o)
	mustAppend(t, s, store.Exists, w.event(5))
}

// mustAppend appends one event, however long Redis is away.
func mustAppend(t *testing.T, s *journal.Store, want store.Outcome, e store.Interaction) {
	t.Helper()
	outcomes, err := s.Append(t.Context(), []store.Interaction{e})
	if err != nil || outcomes[0] != want {
		t.Fatalf("Append(%s of %s) = %v, %v, want %v", e.EventID, e.UserID, outcomes, err, want)
	}
}

// segments lists the files of the journals in a folder.
func segments(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*", "*.seg"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestAnErasedUserLeavesTheJournal looks for the user in the files.
func TestAnErasedUserLeavesTheJournal(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	s := open(t, server, "main", folder, journal.Options{Patience: time.Minute})
	for _, user := range []string{"canary-user", "other-user"} {
		mustAppend(t, s, store.Created, store.Interaction{EventID: "e", UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()})
	}
	if _, err := s.EraseUser(t.Context(), "canary-user"); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, name := range segments(t, folder) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(data)
	}
	if strings.Contains(all, "canary-user") || !strings.Contains(all, "other-user") {
		t.Errorf("the journal names the erased user: %v, the other: %v; want false, true",
			strings.Contains(all, "canary-user"), strings.Contains(all, "other-user"))
	}
}

// TestAnotherProcessesErasureReachesTheJournal erases a user in one process, and
// before the other has followed another user there.
func TestAnotherProcessesErasureReachesTheJournal(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	first := open(t, server, "main", t.TempDir(), journal.Options{Patience: time.Minute})
	second := open(t, server, "main", folder, journal.Options{Patience: time.Minute, TidyEvery: 500 * time.Millisecond})
	for _, user := range []string{"canary-user", "other-user"} {
		mustAppend(t, second, store.Created, store.Interaction{EventID: "e", UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()})
	}
	if _, err := first.EraseUser(t.Context(), "canary-user"); err != nil {
		t.Fatal(err)
	}
	if _, err := second.EraseUser(t.Context(), "other-user"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		names := false
		for _, name := range segments(t, folder) {
			data, err := os.ReadFile(name)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			names = names || strings.Contains(string(data), "canary-user")
		}
		if !names {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the journal still names the user whom another process erased")
		}
	}
}

// TestEverySettingAndEveryTombstoneComesBack loses all of Redis and erases
// another user before anybody has noticed.
func TestEverySettingAndEveryTombstoneComesBack(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server, "main", t.TempDir(), journal.Options{Patience: time.Minute})
	settings := store.MaxPage + 50
	for n := range settings {
		if err := s.PutSetting(t.Context(), fmt.Sprintf("ended/%04d", n), []byte("v")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutSetting(t.Context(), "trace/key", []byte("secret")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the copy is made anew, from what Redis lists
	if _, err := s.EraseUser(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	server.Restart()
	if _, err := s.EraseUser(t.Context(), "second"); err != nil {
		t.Fatal(err)
	}
	awaitBack(t, s)
	names, err := store.AllSettingNames(t.Context(), s.Backend, "ended/")
	if err != nil || len(names) != settings {
		t.Errorf("%d settings came back (%v), want %d", len(names), err, settings)
	}
	if key, err := s.Backend.Setting(t.Context(), "trace/key"); err != nil || string(key) != "secret" {
		t.Errorf("Setting = %q, %v", key, err)
	}
	for _, user := range []string{"first", "second"} {
		mustAppend(t, s, store.Erased, store.Interaction{EventID: "e", UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()})
	}
}

// TestAConflictThatAnAdoptedProcessToldNobodyOfBecomesADeadLetter has two
// processes accept different events under one id.
func TestAConflictThatAnAdoptedProcessToldNobodyOfBecomesADeadLetter(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	first := open(t, server, "main", folder, journal.Options{Patience: time.Minute, TidyEvery: 2 * time.Second}) // back before it adopts
	second := open(t, server, "main", folder, journal.Options{Patience: time.Millisecond})
	event := store.Interaction{EventID: "e", UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}
	mustAppend(t, first, store.Created, event)
	server.Kill()
	event.ProductID = "q"
	mustAppend(t, second, store.Accepted, event)
	second.Close()
	server.Restart()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		letters, err := store.DeadLetters(t.Context(), first.Backend)
		if err == nil && len(letters) == 1 && letters[0].Interaction.ProductID == "q" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("DeadLetters = %+v, %v, want the event that was refused", letters, err)
		}
	}
}

// TestAJournalThatCannotBeWrittenIsUnavailable takes its folder away.
func TestAJournalThatCannotBeWrittenIsUnavailable(t *testing.T) {
	folder := t.TempDir()
	place, backend := take(t, redistest.Start(t), folder)
	var logged strings.Builder
	s, err := journal.Open(t.Context(), backend, journal.Options{
		Place: place, TidyEvery: time.Hour, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	_, err = s.Append(t.Context(), []store.Interaction{(&writer{name: "w"}).event(0)})
	if !errors.Is(err, store.ErrUnavailable) || strings.Contains(err.Error(), folder) {
		t.Errorf("Append: %v, want that it is unavailable, without the folder", err)
	}
	if text := logged.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, folder) {
		t.Errorf("logged %s, want the reason, once", text)
	}
}

// TestOnlyAConflictThatNobodyWasToldOfBecomesADeadLetter sends two events whose
// ids are taken while Redis is away: one by an event that this process knows, one
// by an event that it does not know. Of two with one id in a batch the first
// takes it.
func TestOnlyAConflictThatNobodyWasToldOfBecomesADeadLetter(t *testing.T) {
	server := redistest.Start(t, redistest.Durable...)
	elsewhere := open(t, server, "main", t.TempDir(), journal.Options{Patience: time.Minute})
	s := open(t, server, "main", t.TempDir(), journal.Options{Patience: 10 * time.Millisecond})
	w := writer{name: "w"}
	mustAppend(t, elsewhere, store.Created, w.event(0))
	server.Kill()
	await(t, "notices that Redis is gone", func() bool { return s.Away() != nil })
	mustAppend(t, s, store.Accepted, w.event(1))
	for n, want := range []store.Outcome{store.Accepted, store.Conflict} {
		other := w.event(n)
		other.ProductID = "other"
		mustAppend(t, s, want, other)
	}
	other := w.event(2)
	other.ProductID = "other"
	outcomes, err := s.Append(t.Context(), []store.Interaction{w.event(2), other, w.event(2)})
	if want := []store.Outcome{store.Accepted, store.Conflict, store.Exists}; err != nil || !slices.Equal(outcomes, want) {
		t.Errorf("Append(an event, another of its id, the first again) = %v, %v, want %v", outcomes, err, want)
	}
	server.Restart()
	awaitBack(t, s)
	letters, err := store.DeadLetters(t.Context(), s)
	if err != nil || len(letters) != 1 || letters[0].Interaction.EventID != w.event(0).EventID {
		t.Errorf("dead letters %+v, %v, want that of event 0", letters, err)
	}
}

// TestAnotherProcessAdoptsWhatOneLeft ends a process before Redis had what it
// acknowledged, and starts another beside its journal.
func TestAnotherProcessAdoptsWhatOneLeft(t *testing.T) {
	server, folder := redistest.Start(t), t.TempDir()
	first := open(t, server, "main", folder, journal.Options{Patience: time.Minute})
	second := open(t, server, "main", folder, journal.Options{Patience: time.Millisecond})
	server.Kill()
	event := store.Interaction{EventID: "e", UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}
	mustAppend(t, second, store.Accepted, event)
	second.Close()
	server.Restart()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		page, err := first.Backend.History(t.Context(), "u", store.HistoryQuery{})
		if err == nil && len(page.Interactions) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("History = %+v, %v, want the event", page, err)
		}
	}
}
