package live

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/experiment"
	"valse/internal/trace"
	"valse/store"
)

// keep trains a model of another rank without publishing it.
func (s *shop) keep(id string, rank int) {
	s.Helper()
	m, err := engine.Train(s.Context(), s.events.Events(), engine.Settings{Rank: rank, Iterations: 5, Seed: 9}, engine.TrainOptions{ID: id})
	if err != nil {
		s.Fatal(err)
	}
	s.models.mu.Lock()
	defer s.models.mu.Unlock()
	s.models.byID[id] = m
}

// openTwo is a shop with a published model m1 and a kept one m2.
func openTwo(t *testing.T) *shop {
	s := open(t, 60, Options{PollEvery: 5 * time.Millisecond}, tastes(60, 60)...)
	s.publish("m1")
	s.keep("m2", 2)
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	return s
}

func (s *shop) start(e experiment.Experiment) *experiment.Experiment {
	s.Helper()
	e.Name = "test"
	started, err := s.Experiments().Start(s.Context(), e)
	if err != nil {
		s.Fatal(err)
	}
	eventually(s, "the experiment", func() bool { st := s.state.Load(); return st.experiment != nil && st.experiment.ID == started.ID })
	return started
}

// originOf opens the id of a list.
func (s *shop) originOf(id string) trace.Origin {
	s.Helper()
	o, ok := s.seal.Load().Open(id)
	if !ok {
		s.Fatalf("%s is not an id of ours", id)
	}
	return o
}

func ids(l List) (list []string) {
	for _, item := range l.Items {
		list = append(list, item.ProductID)
	}
	return list
}

func TestASplitShowsEachUserOneArmAndSaysWhich(t *testing.T) {
	s := openTwo(t)
	e := s.start(experiment.Experiment{Arms: [2]experiment.Arm{{Share: 0.4}, {ModelID: "m2", Share: 0.4}}})
	seen := map[string]int{}
	for u := range 60 {
		user := fmt.Sprintf("u%d", u)
		l := s.recommend(user, Request{N: 5})
		o := s.originOf(l.RecommendationID)
		arm, in := e.Arm(user)
		want := trace.Origin{Shelf: "FOR_YOU", ModelID: "m1"}
		if in {
			want.Experiment, want.Arm = e.ID, arm
		}
		if in && arm == 1 {
			want.ModelID = "m2"
		}
		if o != want || l.ModelID != want.ModelID || l.IDOf(0) != l.RecommendationID || l.Experiment != want.Experiment {
			t.Errorf("%s: list of %s from %+v, want %+v", user, l.ModelID, o, want)
		}
		seen[fmt.Sprint(in, arm)]++
		shelves, err := s.Shelves(t.Context(), ShelfRequest{Page: HomePage, UserID: user})
		if err != nil {
			t.Fatal(err)
		}
		for _, shelf := range shelves {
			if o := s.originOf(shelf.List.RecommendationID); o.ModelID != want.ModelID || o.Experiment != want.Experiment || o.Arm != want.Arm {
				t.Errorf("%s: shelf %s from %+v, want arm %d of %+v", user, shelf.Kind, o, want.Arm, want)
			}
		}
		if l.Source == engine.SourceLive {
			state, err := s.State(t.Context(), user, l.ModelID)
			if err != nil {
				t.Fatal(err)
			}
			if why, err := state.Explain(l.Items[0].ProductID); err != nil || math.Abs(float64(why.Score-l.Items[0].Score)) > 1e-4 {
				t.Errorf("%s: explained as %v, %v; listed with %v", user, why.Score, err, l.Items[0].Score)
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("users by part = %v, want some in each arm and some in none", seen)
	}
	if _, err := s.Experiments().Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end", func() bool { return s.state.Load().experiment == nil })
	for u := range 20 {
		if l := s.recommend(fmt.Sprintf("u%d", u), Request{N: 5}); l.ModelID != "m1" || l.Experiment != 0 {
			t.Errorf("after the end: list of %s in experiment %d", l.ModelID, l.Experiment)
		}
	}
}

func TestAnInterleavedListIsDraftedFromBothModelsAndSaysWhichForEachEntry(t *testing.T) {
	s := openTwo(t)
	e := s.start(experiment.Experiment{Kind: experiment.Interleave, Arms: [2]experiment.Arm{{}, {ModelID: "m2"}}})
	for u := range 30 {
		user := fmt.Sprintf("u%d", u)
		l := s.recommend(user, Request{N: 9})
		single := [2]List{s.recommend(user, Request{N: 9, AsOf: "m1"}), s.recommend(user, Request{N: 9, AsOf: "m2"})}
		if !l.Interleaved || len(l.Items) != 9 || s.originOf(l.RecommendationID).Experiment != 0 {
			t.Fatalf("%s: list = %+v", user, l)
		}
		var picked [2]int
		for i, item := range l.Items {
			picked[item.Arm]++
			want := trace.Origin{Shelf: "FOR_YOU", ModelID: fmt.Sprint("m", item.Arm+1), Experiment: e.ID, Arm: item.Arm}
			if o := s.originOf(l.IDOf(i)); o != want || l.ModelOf(i) != want.ModelID {
				t.Errorf("%s: entry %d from %+v, want %+v", user, i, o, want)
			}
			if !slices.Contains(ids(single[item.Arm]), item.ProductID) {
				t.Errorf("%s: arm %d put %s, which its own list does not hold", user, item.Arm, item.ProductID)
			}
		}
		if d := picked[0] - picked[1]; d != 1 && d != -1 {
			t.Errorf("%s: the arms picked %v", user, picked)
		}
		if again := s.recommend(user, Request{N: 9}); !slices.Equal(ids(again), ids(l)) {
			t.Errorf("%s: asked again the list is %v, was %v", user, ids(again), ids(l))
		}
	}
	shelves, err := s.Shelves(t.Context(), ShelfRequest{Page: HomePage, UserID: "u1"})
	if err != nil || shelves[0].Kind != ShelfForYou || !shelves[0].List.Interleaved {
		t.Errorf("first shelf = %+v, %v; want an interleaved FOR_YOU", shelves[0], err)
	}
	for _, shelf := range shelves[1:] {
		if shelf.List.Interleaved || s.originOf(shelf.List.RecommendationID).Experiment != 0 {
			t.Errorf("shelf %s is part of the experiment", shelf.Kind)
		}
	}
}

func TestAnArmThatCannotBeLoadedIsShownToNobody(t *testing.T) {
	s := openTwo(t)
	started, err := s.Experiments().Start(t.Context(), experiment.Experiment{Name: "x", Arms: [2]experiment.Arm{{}, {ModelID: "late"}}})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // some polls
	for u := range 20 {
		if l := s.recommend(fmt.Sprintf("u%d", u), Request{}); l.ModelID != "m1" || l.Experiment != 0 {
			t.Fatalf("list of %s in experiment %d", l.ModelID, l.Experiment)
		}
	}
	s.keep("late", 2)
	eventually(t, "the experiment", func() bool { e := s.state.Load().experiment; return e != nil && e.ID == started.ID })
}

func TestAListAsOfAnyKeptModel(t *testing.T) {
	s := openTwo(t)
	for n := range 2 * maxArchived {
		s.keep(fmt.Sprint("old", n), 1+n%4)
	}
	for range 2 {
		for n := range 2 * maxArchived {
			id := fmt.Sprint("old", n)
			if l := s.recommend("u1", Request{N: 7, AsOf: id}); l.ModelID != id || len(l.Items) != 7 || s.originOf(l.RecommendationID).ModelID != id {
				t.Errorf("as of %s = list of %s with %d entries", id, l.ModelID, len(l.Items))
			}
		}
	}
	if n := len(s.archive.latest); n > maxArchived {
		t.Errorf("%d models are in memory, want at most %d", n, maxArchived)
	}
	if l := s.recommend("u1", Request{N: 7}); l.ModelID != "m1" {
		t.Errorf("the published list is of %s", l.ModelID)
	}
	if _, err := s.Recommend(t.Context(), "u1", Request{AsOf: "never"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("as of a model that is not kept = %v", err)
	}
	// A change of the catalogue reaches kept models too.
	hidden := s.recommend("u1", Request{N: 7, AsOf: "old1"}).Items[0].ProductID
	if err := s.st.HideProduct(t.Context(), hidden, true); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the hiding", func() bool { return !has(s.recommend("u1", Request{N: 7, AsOf: "old1"}), hidden) })
}
