package live

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/trial"
)

// TestEveryAnswerComesFromOneModelWhileModelsAreSwapped swaps two models again
// and again under readers, and compares each answer with what the model that it
// names answers when nothing is swapped.
func TestEveryAnswerComesFromOneModelWhileModelsAreSwapped(t *testing.T) {
	swaps, answers := trial.Rounds(20, 100), int64(trial.Rounds(2_000, 50_000))
	s := open(t, 30, Options{PollEvery: 5 * time.Millisecond}, tastes(20, 30)...)
	users := []string{"u0", "u1", "u2"}
	want := map[string]map[string]string{}
	ids := []string{"first", "second"}
	for n, id := range ids {
		m, err := engine.Train(t.Context(), s.events.Events(), engine.Settings{Rank: 4, Iterations: 2 + 6*n, Seed: uint64(n)}, engine.TrainOptions{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		s.models.mu.Lock()
		s.models.byID[id] = m
		s.models.mu.Unlock()
		s.serves(id)
		want[id] = map[string]string{}
		for _, user := range users {
			want[id][user] = s.spell(user)
		}
	}
	if want[ids[0]]["u0"] == want[ids[1]]["u0"] {
		t.Fatal("both models answer the same: the trial shows nothing")
	}

	var served, mixed atomic.Int64
	var readers sync.WaitGroup
	done := make(chan struct{})
	for r := range 8 {
		readers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				user := users[(r+n)%len(users)]
				list, err := s.Recommend(t.Context(), user, Request{N: 10})
				if err != nil {
					t.Error(err)
					return
				}
				if got := spellList(list); want[list.ModelID][user] != got && mixed.Add(1) == 1 {
					t.Errorf("a list that names model %q is\n%s\nwant\n%s", list.ModelID, got, want[list.ModelID][user])
				}
				served.Add(1)
			}
		})
	}
	for n := 0; n < swaps || served.Load() < answers; n++ {
		s.serves(ids[n%2])
	}
	close(done)
	readers.Wait()
	t.Logf("at least %d swaps, %d answers, %d mixed", swaps, served.Load(), mixed.Load())
}

// serves publishes a model and waits until lists come from it.
func (s *shop) serves(id string) {
	s.Helper()
	s.point(id)
	for deadline := time.Now().Add(patience); s.Status().ModelID != id; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.Fatalf("%s does not serve", id)
		}
	}
}

// spell is a user's list as text.
func (s *shop) spell(user string) string {
	s.Helper()
	list, err := s.Recommend(s.Context(), user, Request{N: 10})
	if err != nil {
		s.Fatal(err)
	}
	return spellList(list)
}

func spellList(list List) string {
	text := ""
	for _, item := range list.Items {
		text += fmt.Sprintf("%s %x\n", item.ProductID, item.Score)
	}
	return text
}
