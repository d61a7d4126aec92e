package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
	"valse/store/sqlite"
	"valse/warehouse"
)

// world is a store and a warehouse with a pipeline between them.
type world struct {
	store     store.Store
	warehouse *warehouse.Warehouse
	*pipeline.Pipeline
}

func newWorld(t testing.TB, o pipeline.Options) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	wh, err := warehouse.Open(t.TempDir(), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Logger = slog.New(slog.DiscardHandler)
	return &world{st, wh, pipeline.New(st, wh, o)}
}

// day0 is when the events of the tests begin.
var day0 = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// taste appends events of users who each like the products of one parity.
func (w *world) taste(t testing.TB, users, each int) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	var products []store.Product
	for p := range 40 {
		products = append(products, store.Product{ID: fmt.Sprintf("p%d", p), Title: fmt.Sprintf("Product %d", p), Price: -1})
	}
	if _, _, err := w.store.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	var batch []store.Interaction
	for u := range users {
		for n := range each {
			batch = append(batch, store.Interaction{
				EventID: fmt.Sprintf("e%d", n), UserID: fmt.Sprintf("u%d", u),
				ProductID: fmt.Sprintf("p%d", 2*random.IntN(20)+u%2), Type: store.Purchase, Value: 1,
				Time: day0.Add(time.Duration(u*each+n) * time.Minute),
			})
		}
	}
	w.append(t, batch)
}

// fashion writes events of people who all like the same products.
func (w *world) fashion(t testing.TB, users, each int) {
	t.Helper()
	random := rand.New(rand.NewPCG(2, 2))
	var batch []store.Interaction
	for u := range users {
		for n := range each {
			x := random.Float64()
			batch = append(batch, store.Interaction{
				EventID: fmt.Sprintf("e%d", n), UserID: fmt.Sprintf("u%d", u),
				ProductID: fmt.Sprintf("p%d", int(100*x*x*x)), Type: store.Purchase, Value: 1,
				Time: day0.Add(time.Duration(random.IntN(1000)) * time.Minute),
			})
		}
	}
	w.append(t, batch)
}

func (w *world) append(t testing.TB, batch []store.Interaction) {
	t.Helper()
	if _, err := w.store.Append(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// run queues a run, works until it has ended, and returns it as it ended.
func (w *world) run(t testing.TB, kind store.RunKind, input any) store.Run {
	t.Helper()
	run, err := w.Queue(t.Context(), kind, "test", input)
	if err != nil {
		t.Fatal(err)
	}
	return w.work(t, run.ID)
}

// work works until the run has ended.
func (w *world) work(t testing.TB, runID string) store.Run {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Work(ctx); err != nil {
			t.Error(err)
		}
	})
	ended, err := w.Watch(t.Context(), runID, func(store.Run) {})
	stop()
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return ended
}

func small() engine.Settings {
	return engine.Settings{Rank: 4, Iterations: 3}
}

func TestTheFirstTrainingOnAFreshInstallSucceedsAndPublishes(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	run := w.run(t, store.RunTrain, pipeline.TrainInput{Settings: small(), Evaluate: true, Publish: true})
	if run.State != store.Succeeded {
		t.Fatalf("first training ended %s: %s", run.State, run.Error)
	}
	if len(run.Points) != 3 {
		t.Errorf("run has %d points, want one per sweep: 3", len(run.Points))
	}
	published, err := w.store.Published(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"u3", store.DefaultList} {
		list, err := w.store.List(t.Context(), published.ModelID, user)
		if err != nil || len(list.Items) == 0 {
			t.Errorf("List(%q) = %d items, %v; want some", user, len(list.Items), err)
		}
	}
}

func TestTuningPublishesAModelThatBeatsBestSellersAndNoOther(t *testing.T) {
	for _, tastes := range []bool{true, false} {
		w := newWorld(t, pipeline.Options{})
		if tastes {
			w.taste(t, 30, 10)
		} else {
			w.fashion(t, 300, 5)
		}
		run := w.run(t, store.RunTrain, pipeline.TrainInput{Settings: engine.Settings{Rank: 8, Iterations: 4}, Tune: 4, Publish: true})
		if run.State != store.Succeeded {
			t.Fatalf("tuning ended %s: %s", run.State, run.Error)
		}
		var out pipeline.TrainOutput
		if err := json.Unmarshal(run.Output, &out); err != nil {
			t.Fatal(err)
		}
		if out.Published != tastes || (out.Refused == "") != tastes {
			t.Errorf("with tastes %v: published %v, refused %q", tastes, out.Published, out.Refused)
		}
		info, err := w.Info(t.Context(), out.ModelID)
		if err != nil || info.Tuned == nil || len(info.Grid) < 4+2 {
			t.Errorf("the model kept no leaderboard: %+v, %v", info, err)
		}
	}
}

func TestTrainingWithoutDataFailsAndSaysWhatIsMissing(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	run := w.run(t, store.RunTrain, pipeline.TrainInput{Settings: small()})
	if run.State != store.Failed || run.Error == "" {
		t.Errorf("training on nothing ended %s with error %q, want FAILED and a reason", run.State, run.Error)
	}
}

func TestTransportingAgainWritesNothingTwice(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 10, 10)
	for turn := range 3 {
		moved, err := w.Transport(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want := map[int]int{0: 100}[turn]; moved.Rows != want {
			t.Errorf("turn %d moved %d rows, want %d", turn, moved.Rows, want)
		}
	}
	w.holds(t, 100)
}

// holds checks that the warehouse has n events, none of them twice.
func (w *world) holds(t testing.TB, n int) {
	t.Helper()
	events, err := w.warehouse.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if events.Len() != n {
		t.Errorf("the warehouse holds %d events, want %d", events.Len(), n)
	}
	status, err := w.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if status.Lag != 0 || status.Rows != int64(n) {
		t.Errorf("Status = %+v, want %d rows and no lag", status, n)
	}
}

func TestTwoTransportersInterruptedAtRandomMoveEveryEventOnce(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	other := pipeline.New(w.store, w.warehouse, pipeline.Options{Logger: slog.New(slog.DiscardHandler)})
	w.taste(t, 10, 20)
	var wg sync.WaitGroup
	for _, p := range []*pipeline.Pipeline{w.Pipeline, other} {
		wg.Go(func() {
			for turn := range 15 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(turn)*time.Millisecond)
				if _, err := p.Transport(ctx); err != nil && ctx.Err() == nil {
					t.Errorf("Transport: %v", err)
				}
				cancel()
			}
		})
	}
	for n := range 50 {
		w.append(t, []store.Interaction{{
			EventID: fmt.Sprintf("late%d", n), UserID: "u1", ProductID: "p1", Type: store.View, Value: 1, Time: day0,
		}})
	}
	wg.Wait()
	if _, err := w.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.holds(t, 250)
}

func TestCancellingARunStopsItAndLeavesThePublishedModelServing(t *testing.T) {
	w := newWorld(t, pipeline.Options{Heartbeat: 80 * time.Millisecond})
	w.taste(t, 20, 10)
	first := w.publishOne(t)
	settings := small()
	settings.Iterations = 1000
	settings.Rank = 256
	run, err := w.Queue(t.Context(), store.RunTrain, "long", pipeline.TrainInput{Settings: settings, Publish: true})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			now, err := w.store.Run(t.Context(), run.ID)
			if err != nil {
				return
			}
			if len(now.Points) > 2 {
				_, err := w.Cancel(t.Context(), run.ID)
				if err != nil {
					t.Error(err)
				}
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	if ended := w.work(t, run.ID); ended.State != store.Cancelled {
		t.Errorf("a cancelled training ended %s: %s", ended.State, ended.Error)
	}
	w.serves(t, first)
}

// TestAnInterruptedRunSaysWhy stops a process in the middle of a training, with
// and without having asked that it be cancelled.
func TestAnInterruptedRunSaysWhy(t *testing.T) {
	for asked, want := range map[bool]store.RunState{true: store.Cancelled, false: store.Failed} {
		w := newWorld(t, pipeline.Options{Heartbeat: time.Hour}) // the run hears of nothing while it goes on
		w.taste(t, 20, 10)
		run, err := w.Queue(t.Context(), store.RunTrain, "long", pipeline.TrainInput{Settings: engine.Settings{Rank: 256, Iterations: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		worked := make(chan error, 1)
		go func() { worked <- w.Work(ctx) }()
		for run.State == store.Queued {
			time.Sleep(5 * time.Millisecond)
			if run, err = w.store.Run(t.Context(), run.ID); err != nil {
				t.Fatal(err)
			}
		}
		if asked {
			if _, err := w.Cancel(t.Context(), run.ID); err != nil {
				t.Error(err)
			}
		}
		stop()
		if err := <-worked; err != nil {
			t.Error(err)
		}
		ended, err := w.store.Run(t.Context(), run.ID)
		if err != nil || ended.State != want || !asked && !strings.Contains(ended.Error, "process") {
			t.Errorf("asked to cancel: %v; the run ended %s with %q (%v), want %s", asked, ended.State, ended.Error, err, want)
		}
	}
}

// publishOne trains and publishes a model and returns its id.
func (w *world) publishOne(t testing.TB) string {
	t.Helper()
	if run := w.run(t, store.RunTrain, pipeline.TrainInput{Settings: small(), Publish: true}); run.State != store.Succeeded {
		t.Fatalf("training ended %s: %s", run.State, run.Error)
	}
	published, err := w.store.Published(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return published.ModelID
}

func (w *world) serves(t testing.TB, modelID string) {
	t.Helper()
	published, err := w.store.Published(t.Context())
	if err != nil || published.ModelID != modelID {
		t.Errorf("Published = %q, %v; want %q", published.ModelID, err, modelID)
	}
}

func TestTheRunOfADeadWorkerFailsAndThePublishedModelServes(t *testing.T) {
	w := newWorld(t, pipeline.Options{Heartbeat: 20 * time.Millisecond})
	w.taste(t, 20, 10)
	first := w.publishOne(t)
	run, err := w.Queue(t.Context(), store.RunTrain, "doomed", pipeline.TrainInput{Settings: small(), Publish: true})
	if err != nil {
		t.Fatal(err)
	}
	// A worker claims the run and dies: no heart beats for it.
	if _, err := w.store.ClaimRun(t.Context(), "dead", []store.RunKind{store.RunTrain}, time.Now().UTC()); err != nil {
		t.Fatal(err)
	}
	if ended := w.work(t, run.ID); ended.State != store.Failed || ended.Error == "" {
		t.Errorf("the dead worker's run is %s with error %q, want FAILED and a reason", ended.State, ended.Error)
	}
	w.serves(t, first)
}

func TestAPublisherThatWasOvertakenIsRefused(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	first := w.publishOne(t)
	second := w.publishOne(t)
	slow, err := w.store.Acquire(t.Context(), store.PublishLease, "slow", time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // the slow publisher is paused; its lease runs out
	if _, err := w.Rollback(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	_, err = w.store.Publish(t.Context(), store.Publication{ModelID: second, Token: slow.Token, Time: time.Now()})
	if !errors.Is(err, store.ErrFenced) {
		t.Errorf("Publish with an old token = %v, want ErrFenced", err)
	}
	w.serves(t, first)
}

func TestRollbackFlipsBackAndOldListsAreDropped(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	var ids []string
	for range 5 {
		ids = append(ids, w.publishOne(t))
	}
	if _, err := w.Rollback(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	w.serves(t, ids[3])
	kept := map[string]bool{}
	for _, id := range ids {
		_, err := w.store.List(t.Context(), id, "u1")
		kept[id] = err == nil
	}
	want := map[string]bool{ids[0]: false, ids[1]: false, ids[2]: true, ids[3]: true, ids[4]: true}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("kept lists (-want +got):\n%s", diff)
	}
	if _, err := w.Rollback(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Rollback to an unknown model = %v, want ErrNotFound", err)
	}
}

func TestModelsAreListedNewestFirst(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	var want []string
	for range 3 {
		want = slices.Insert(want, 0, w.publishOne(t))
	}
	infos, err := w.Models(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, info := range infos {
		got = append(got, info.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Models (-want +got):\n%s", diff)
	}
}

func TestErasingAUserReachesStoreWarehouseListsAndModels(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	id := w.publishOne(t)
	export, err := w.Export(t.Context(), "u4")
	if err != nil {
		t.Fatal(err)
	}
	if len(export.Interactions) != 10 || len(export.List) == 0 || len(export.Factor) != 4 {
		t.Errorf("Export = %d interactions, %d listed, factor of %d; want 10, some, 4", len(export.Interactions), len(export.List), len(export.Factor))
	}
	gone, err := w.Erase(t.Context(), "u4")
	if err != nil {
		t.Fatal(err)
	}
	if gone.Interactions != 10 || gone.WarehouseRows < 11 {
		t.Errorf("Erase = %+v, want 10 interactions, and as many rows and one of the model", gone)
	}
	if _, err := w.Export(t.Context(), "u4"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Export after Erase = %v, want ErrNotFound", err)
	}
	events, err := w.warehouse.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	model, err := w.Model(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]string{events.UserIDs, model.UserIDs} {
		for _, user := range ids {
			if user == "u4" {
				t.Errorf("u4 is still there after Erase")
			}
		}
	}
	if _, err := w.store.List(t.Context(), id, "u4"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("List after Erase = %v, want ErrNotFound", err)
	}
}

// TestAUserWhoWasErasedDoesNotComeBackWithAModel imports one that was exported
// before the erasure.
func TestAUserWhoWasErasedDoesNotComeBackWithAModel(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	first := w.publishOne(t)
	var exported bytes.Buffer
	if err := w.warehouse.ExportModel(t.Context(), first, &exported); err != nil {
		t.Fatal(err)
	}
	w.publishOne(t) // so that the first may go
	if err := w.DeleteModel(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Erase(t.Context(), "u4"); err != nil {
		t.Fatal(err)
	}
	info, err := w.ImportModel(t.Context(), &exported)
	if err != nil || info.ID != first || info.Users != 19 {
		t.Errorf("ImportModel = %s of %d users, %v; want %s of 19", info.ID, info.Users, err, first)
	}
	model, err := w.Model(t.Context(), first)
	if err != nil || slices.Contains(model.UserIDs, "u4") {
		t.Errorf("the model that was imported has %q (%v)", model.UserIDs, err)
	}
}

// during is a store that does something when it is asked for erasures the nth
// time.
type during struct {
	store.Store
	left int
	do   func()
}

func (s *during) Erased(ctx context.Context, after int64) ([]store.Erasure, error) {
	if s.left--; s.left == 0 {
		s.do()
	}
	return s.Store.Erased(ctx, after)
}

// TestAUserWhoIsErasedWhileAModelIsTrainedIsNotInIt erases between two sweeps,
// before and after one is kept, and has the transporter follow at once.
func TestAUserWhoIsErasedWhileAModelIsTrainedIsNotInIt(t *testing.T) {
	for call := 2; call <= 5; call++ { // the first is the transporter's
		w := newWorld(t, pipeline.Options{})
		w.taste(t, 20, 10)
		st := &during{Store: w.store, left: call, do: func() {
			if _, err := w.Erase(t.Context(), "u4"); err != nil {
				t.Error(err)
			}
			if _, err := w.Transport(t.Context()); err != nil {
				t.Error(err)
			}
		}}
		p := pipeline.New(st, w.warehouse, pipeline.Options{CheckpointEvery: time.Nanosecond, Logger: slog.New(slog.DiscardHandler)})
		run, err := p.Queue(t.Context(), store.RunTrain, "train", pipeline.TrainInput{Settings: small()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() {
			if err := p.Work(ctx); err != nil {
				t.Error(err)
			}
		})
		run, err = p.Watch(t.Context(), run.ID, func(store.Run) {})
		stop()
		work.Wait()
		if err != nil || run.State != store.Succeeded || st.left > 0 {
			t.Fatalf("the run %s (%v) with %d calls left", run.State, err, st.left)
		}
		models, err := w.Models(t.Context())
		if err != nil || len(models) != 1 {
			t.Fatalf("Models = %d, %v, want 1", len(models), err)
		}
		model, err := w.Model(t.Context(), models[0].ID)
		if err != nil || len(model.UserIDs) != 19 || slices.Contains(model.UserIDs, "u4") {
			t.Errorf("erased at call %d: the model has %q (%v)", call, model.UserIDs, err)
		}
	}
}

func TestAScheduleFiresOnceForTwoWorkers(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 5, 1, 2, 59, 0, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	w := newWorld(t, pipeline.Options{Clock: clock})
	other := pipeline.New(w.store, w.warehouse, pipeline.Options{Clock: clock, Logger: slog.New(slog.DiscardHandler)})
	w.taste(t, 20, 10)
	if err := w.SetSchedule(t.Context(), &pipeline.Schedule{Cron: "0 3 * * *", Training: pipeline.TrainInput{Settings: small()}}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	now = now.Add(2 * time.Minute)
	mu.Unlock()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, p := range []*pipeline.Pipeline{w.Pipeline, other} {
		wg.Go(func() {
			if err := p.Work(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	scheduled := func() ([]store.Run, error) { return w.store.RunList(t.Context(), store.RunTrain, "", 10) }
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if runs, err := scheduled(); err != nil || len(runs) > 0 && runs[0].State.Ended() {
			break
		}
	}
	time.Sleep(2 * time.Second) // both look at the clock again
	stop()
	wg.Wait()
	runs, err := scheduled()
	if err != nil || len(runs) != 1 || runs[0].State != store.Succeeded {
		t.Errorf("RunList = %d runs, %v; want the one scheduled training, succeeded", len(runs), err)
	}
	bad := w.SetSchedule(t.Context(), &pipeline.Schedule{Cron: "every now and then"})
	if !errors.Is(bad, store.ErrInvalid) {
		t.Errorf("SetSchedule(nonsense) = %v, want ErrInvalid", bad)
	}
}
