package engine

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"valse/store"
)

// Batch scoring once started a job for every user.
func TestABatchScoresUsersByTheThousandInOrder(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	const users = 2500
	pulled := 0
	members := func(yield func(Member) bool) {
		for ; pulled < users; pulled++ {
			if !yield(Member{UserID: fmt.Sprintf("u%d", pulled)}) {
				return
			}
		}
	}
	var lists []store.List
	err := r.RecommendAll(t.Context(), members, 5, func(l store.List) error {
		if len(lists) == 0 && pulled < batchChunk-1 {
			t.Errorf("the first list came after %d users, want a chunk of %d", pulled, batchChunk)
		}
		lists = append(lists, l)
		return nil
	})
	if err != nil || len(lists) != users {
		t.Fatalf("%d lists, %v; want %d", len(lists), err, users)
	}
	for i, l := range lists {
		if want := fmt.Sprintf("u%d", i); l.UserID != want || len(l.Items) != 5 {
			t.Fatalf("list %d = %+v, want 5 items for %s", i, l, want)
		}
	}
}

func TestABatchListIsTheLiveListOfATrainedUser(t *testing.T) {
	events := checkerboard(60, 40)
	r := open(t, Settings{Rank: 4, Iterations: 40, Reg: 0.1}, shop(40), events)
	err := r.RecommendAll(t.Context(), eventsOf(events...).Members(), 5, func(l store.List) error {
		history := historyOf(l.UserID, events)
		live := r.Recommend(Request{N: 5, History: history})
		for k, item := range l.Items {
			if slices.ContainsFunc(history, func(i store.Interaction) bool {
				return i.ProductID == item.ProductID && (i.Type == store.Purchase || i.Type == store.Rating)
			}) {
				t.Errorf("%s is listed %s again", l.UserID, item.ProductID)
			}
			if !near(float64(item.Score)/10, float64(live.Items[k].Score)/10) && item.ProductID == live.Items[k].ProductID {
				t.Errorf("%s scores %v in the batch and %v live", item.ProductID, item.Score, live.Items[k].Score)
			}
		}
		if len(l.Items) != 5 {
			t.Errorf("list of %s = %+v", l.UserID, l.Items)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnknownUsersOfABatchGetBestSellers(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	best := r.BestSellers(Request{N: 3})
	members := slices.Values([]Member{{UserID: store.DefaultList}, {UserID: "nobody", Seen: []string{best.Items[0].ProductID}}})
	var lists []store.List
	if err := r.RecommendAll(t.Context(), members, 2, func(l store.List) error {
		lists = append(lists, l)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, want := lists[0].Items[0].ProductID, best.Items[0].ProductID; got != want {
		t.Errorf("the default list starts with %s, want %s", got, want)
	}
	if got, want := lists[1].Items[0].ProductID, best.Items[1].ProductID; got != want {
		t.Errorf("the list without the best-seller starts with %s, want %s", got, want)
	}
}

func TestABatchStopsAtTheFirstError(t *testing.T) {
	r := firstDay(shop(3), nil)
	full := errors.New("disk full")
	calls := 0
	err := r.RecommendAll(t.Context(), slices.Values(make([]Member, 10)), 2, func(store.List) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("RecommendAll = %v after %d calls, want %v after 1", err, calls, full)
	}
}

func TestShardsPartUsersWithoutOverlap(t *testing.T) {
	sizes := make([]int, 3)
	for u := range 3000 {
		owners := 0
		for i := range sizes {
			if InShard(fmt.Sprint(u), i, len(sizes)) {
				owners++
				sizes[i]++
			}
		}
		if owners != 1 {
			t.Fatalf("user %d has %d shards", u, owners)
		}
	}
	if slices.Min(sizes) < 900 {
		t.Errorf("shards have %v users", sizes)
	}
}
