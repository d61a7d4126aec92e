package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"valse/internal/pipeline"
	"valse/store"
)

// poisoned is a store whose log has an entry that the warehouse cannot hold.
type poisoned struct {
	store.Store
	event string
}

func (s poisoned) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	rows, err := s.Store.ReadLog(ctx, shard, after, limit)
	for n := range rows {
		if rows[n].EventID == s.event {
			rows[n].RecordedAt = time.Time{}
		}
	}
	return rows, err
}

func TestAnEventThatTheWarehouseRefusesGoesToTheDeadLettersAndIsReplayed(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 3, 4)
	p := pipeline.New(poisoned{w.store, "e2"}, w.warehouse, pipeline.Options{})
	for range 2 { // the second turn finds them buried
		if _, err := p.Transport(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if events, err := w.warehouse.Events(t.Context()); err != nil || events.Len() != 9 {
		t.Fatalf("the warehouse has %d events (%v), want the 9 sound ones", events.Len(), err)
	}
	letters, err := store.DeadLetters(t.Context(), w.store)
	if err != nil || len(letters) != 3 || !strings.Contains(letters[0].Reason, "recordedAt") {
		t.Fatalf("DeadLetters = %+v, %v, want 3 that name recordedAt", letters, err)
	}
	for range 2 {
		if err := w.ReplayDeadLetter(t.Context(), letters[0].ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if _, err := p.Transport(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events, err := w.warehouse.Events(t.Context()); err != nil || events.Len() != 10 {
		t.Errorf("after a replay the warehouse has %d events (%v), want 10", events.Len(), err)
	}
	gone := letters[1].Interaction.UserID
	if _, err := w.Erase(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	left, err := store.DeadLetters(t.Context(), w.store)
	if err != nil || slices.ContainsFunc(left, func(l store.DeadLetter) bool { return l.Interaction.UserID == gone }) {
		t.Errorf("after erasing %s there are %+v, %v", gone, left, err)
	}
}

// TestALetterBehindManyOthersIsFoundAndGoesWithItsUser keeps more letters than
// one page lists, the newest that of a user who is erased.
func TestALetterBehindManyOthersIsFoundAndGoesWithItsUser(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	letter := func(user string, n int) store.DeadLetter {
		return store.DeadLetter{Reason: "r", Time: day0, Interaction: store.Interaction{
			EventID: "e", UserID: user, ProductID: "p", Type: store.View, Value: 1, Time: day0.Add(time.Duration(n) * time.Second),
		}}
	}
	for n := range store.MaxPage {
		if err := store.PutDeadLetter(t.Context(), w.store, letter("other", n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.PutDeadLetter(t.Context(), w.store, letter("gone", store.MaxPage)); err != nil {
		t.Fatal(err)
	}
	w.append(t, []store.Interaction{{EventID: "e2", UserID: "gone", ProductID: "p", Type: store.View, Value: 1, Time: day0}})
	export, err := w.Export(t.Context(), "gone")
	if err != nil || len(export.DeadLetters) != 1 {
		t.Fatalf("the export has %d letters (%v), want 1", len(export.DeadLetters), err)
	}
	id := export.DeadLetters[0].ID
	if err := w.ReplayDeadLetter(t.Context(), id); err != nil {
		t.Errorf("ReplayDeadLetter = %v", err)
	}
	if err := store.PutDeadLetter(t.Context(), w.store, letter("gone", store.MaxPage)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Erase(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.FindDeadLetter(t.Context(), w.store, id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the erasure the letter is there: %v", err)
	}
}

// TestAnExportHoldsAllOfOneUserAndNothingOfOthers exports users whose every text
// is a canary of theirs.
func TestAnExportHoldsAllOfOneUserAndNothingOfOthers(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 6, 8)
	canary := func(u, n int) string { return fmt.Sprintf("canary-%d-%d", u, n) }
	var users []store.User
	var batch []store.Interaction
	for u := range 20 {
		id := fmt.Sprintf("user-%d-x", u)
		users = append(users, store.User{ID: id, Name: canary(u, 0), Attributes: map[string]string{"note": canary(u, 1)}})
		for n := 2; n < 8; n++ {
			batch = append(batch, store.Interaction{
				EventID: canary(u, n) + "e", UserID: id, ProductID: fmt.Sprint("p", n), Type: store.Purchase, Value: 1,
				Time: day0, Basket: canary(u, n) + "b", RecommendationID: canary(u, n) + "r",
			})
		}
	}
	if _, _, err := w.store.PutUsers(t.Context(), users); err != nil {
		t.Fatal(err)
	}
	w.append(t, batch)
	for u, user := range users {
		export, err := w.Export(t.Context(), user.ID)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(export)
		if err != nil {
			t.Fatal(err)
		}
		for other := range users {
			for n := range 8 {
				if has := strings.Contains(string(data), canary(other, n)); has != (other == u) {
					t.Errorf("the export of %d has %s: %v", u, canary(other, n), has)
				}
			}
		}
	}
}
