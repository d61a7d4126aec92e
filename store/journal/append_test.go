package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"valse/store"
	"valse/store/redis"
	"valse/store/redis/redistest"
)

// openHere opens a Redis store, or what wrap makes of it, behind a journal whose
// parts a test can touch.
func openHere(t *testing.T, wrap ...func(Backend) Backend) *Store {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	place, err := Take(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var backend Backend
	backend, err = redis.Open(t.Context(), redistest.Start(t).URL, "main", redis.Options{Gate: place.ID, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrap {
		backend = w(backend)
	}
	s, err := Open(t.Context(), backend, Options{Place: place, Patience: time.Minute, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// meddled is a backend that does something when it is asked for publications.
type meddled struct {
	Backend
	do func()
}

func (m *meddled) Publications(ctx context.Context, limit int) ([]store.Publication, error) {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Backend.Publications(ctx, limit)
}

// TestWhatIsSetWhileTheCopyIsMadeAnewIsInIt sets and deletes after the settings
// were read, and before the copy takes the place of the old one.
func TestWhatIsSetWhileTheCopyIsMadeAnewIsInIt(t *testing.T) {
	m := &meddled{}
	s := openHere(t, func(b Backend) Backend { m.Backend = b; return m })
	if err := s.PutSetting(t.Context(), "gone", []byte("v")); err != nil {
		t.Fatal(err)
	}
	err := s.applier.do(func() error {
		m.do = func() {
			if err := errors.Join(s.PutSetting(t.Context(), "late", []byte("v")), s.PutSetting(t.Context(), "gone", nil)); err != nil {
				t.Error(err)
			}
		}
		return s.applier.refresh(t.Context())
	})
	if names := s.control.names("", ""); err != nil || !slices.Equal(names, []string{"late"}) {
		t.Errorf("the copy has %q (%v), want late and nothing else", names, err)
	}
}

// TestAConflictThatItsCallerDidNotWaitForBecomesADeadLetter settles a group of
// callers of whom one has left.
func TestAConflictThatItsCallerDidNotWaitForBecomesADeadLetter(t *testing.T) {
	s := openHere(t)
	view := func(event string) []store.Interaction {
		return []store.Interaction{{EventID: event, UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}}
	}
	gone, there := newRequest(view("gone")), newRequest(view("there"))
	if !gone.leave() {
		t.Fatal("a request that nobody has answered cannot be left")
	}
	err := s.applier.do(func() error {
		g := &group{number: s.applier.Applied, requests: []*request{gone, there}}
		s.applier.waiting[g.number] = g
		s.applier.settle(t.Context(), g.number, g.appendTo(nil), []store.Outcome{store.Conflict, store.Conflict})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if there.leave() {
		t.Error("a request that was answered could be left")
	}
	letters, err := store.DeadLetters(t.Context(), s)
	if err != nil || len(letters) != 1 || letters[0].Interaction.EventID != "gone" {
		t.Errorf("DeadLetters = %+v, %v, want the one whose caller has left", letters, err)
	}
}

// TestABatchThatIsTooLargeIsItsOwnCallersMistake gathers one with another that
// is not.
func TestABatchThatIsTooLargeIsItsOwnCallersMistake(t *testing.T) {
	s := openHere(t)
	batch := func(user string, events int) []store.Interaction {
		all := make([]store.Interaction, events)
		for n := range all {
			all[n] = store.Interaction{EventID: fmt.Sprint(n), UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}
		}
		return all
	}
	small, large := newRequest(batch("small", 1)), newRequest(batch(strings.Repeat("large", 50), maxPayload/250))
	s.writeGroup(&group{requests: []*request{small, large}})
	if <-small.durable; small.err != nil {
		t.Fatalf("the small batch: %v", small.err)
	}
	if <-small.done; small.outcomes[0] != store.Created {
		t.Errorf("the small batch is %v, want it created", small.outcomes)
	}
	if <-large.durable; !errors.Is(large.err, store.ErrInvalid) {
		t.Errorf("the large batch: %v, want it invalid", large.err)
	}
}

// TestWhatWasErasedWhileItWaitedIsReplayed replays a frame that has lost a user
// while those who wrote it wait still.
func TestWhatWasErasedWhileItWaitedIsReplayed(t *testing.T) {
	s := openHere(t)
	var batch []store.Interaction
	for _, user := range []string{"gone", "kept"} {
		batch = append(batch, store.Interaction{EventID: "e", UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()})
	}
	r := newRequest(batch)
	err := s.applier.do(func() error {
		a := s.applier
		s.writeGroup(&group{requests: []*request{r}})
		a.drain()
		if _, err := s.Backend.EraseUser(t.Context(), "gone"); err != nil {
			return err
		}
		a.gone["gone"] = true
		if err := a.scrub(); err != nil {
			return err
		}
		return a.replay(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
	if <-r.done; r.outcomes[0] != store.Erased || r.outcomes[1] != store.Created {
		t.Errorf("outcomes = %v, want ERASED and CREATED", r.outcomes)
	}
}

// TestLateEventsOfAnErasedUserLeaveTheLog takes one before the copy knows of the
// erasure, when the log was rewritten already, and one when it knows.
func TestLateEventsOfAnErasedUserLeaveTheLog(t *testing.T) {
	s := openHere(t)
	held := func() (found bool) {
		err := s.log.read(0, func(_ uint64, payload []byte) error {
			found = found || bytes.Contains(payload, []byte("canary"))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	follow := func() {
		if err := s.applier.do(func() error { return s.applier.follow(t.Context()) }); err != nil {
			t.Fatal(err)
		}
	}
	retry := func(want store.Outcome) {
		t.Helper()
		event := store.Interaction{EventID: "e", UserID: "canary", ProductID: "p", Type: store.View, Value: 1, Time: time.UnixMicro(1).UTC()}
		if outcomes, err := s.Append(t.Context(), []store.Interaction{event}); err != nil || outcomes[0] != want {
			t.Fatalf("Append = %v, %v, want %v", outcomes, err, want)
		}
	}
	if _, err := s.Backend.EraseUser(t.Context(), "canary"); err != nil {
		t.Fatal(err)
	}
	follow()
	retry(store.Erased)
	if !held() {
		t.Fatal("it was not written: this shows nothing")
	}
	if events := s.tail.history("canary", nil, 1); len(events) > 0 {
		t.Errorf("it is remembered: %v", events)
	}
	follow()
	if held() {
		t.Error("what was refused stays in the log")
	}
	if err := s.applier.do(func() error { return s.applier.refresh(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	s.away.Store(&awayError{errors.New("gone")})
	retry(store.Erased)
	if held() {
		t.Error("what is known to be refused is written")
	}
}
