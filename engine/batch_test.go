package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"valse/engine/rule"
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
	err := r.RecommendAll(t.Context(), members, 5, nil, func(l store.List) error {
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
	err := r.RecommendAll(t.Context(), eventsOf(events...).Members(), 5, nil, func(l store.List) error {
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
	if err := r.RecommendAll(t.Context(), members, 2, nil, func(l store.List) error {
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
	err := r.RecommendAll(t.Context(), slices.Values(make([]Member, 10)), 2, nil, func(store.List) error { calls++; return full })
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

func TestABatchFollowsTheRules(t *testing.T) {
	r, _ := ruled(t)
	of := func(id string) store.Product { p, _ := r.Catalogue().Product(id); return p }
	users := []Member{{UserID: "u0", Seen: []string{"p4"}}, {UserID: "u1"}, {UserID: "me"}, {UserID: store.DefaultList}}
	lists := func(n int, p *Policy) map[string][]store.Scored {
		byUser := map[string][]store.Scored{}
		err := r.RecommendAll(t.Context(), slices.Values(users), n, p, func(l store.List) error {
			byUser[l.UserID] = l.Items
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return byUser
	}
	ids := func(items []store.Scored) (ids []string) {
		for _, i := range items {
			ids = append(ids, i.ProductID)
		}
		return ids
	}
	whole := lists(60, nil)

	t.Run("hide, only and not their own", func(t *testing.T) {
		p := under(t, r,
			rule.Rule{Kind: rule.Hide, Where: rule.Match{Vendors: []string{"v1"}}},
			rule.Rule{Kind: rule.Only, Where: rule.Match{Vendors: []string{"v1", "v2"}}},
			rule.Rule{Kind: rule.NotOwn})
		for user, items := range lists(60, p) {
			want := slices.DeleteFunc(slices.Clone(whole[user]), func(i store.Scored) bool {
				return of(i.ProductID).Vendor != "v2" || user == "me" && i.ProductID == "p8"
			})
			if diff := gocmp.Diff(want, items); diff != "" || len(items) == 0 {
				t.Errorf("list of %s (-want +got):\n%s", user, diff)
			}
		}
	})
	t.Run("boost and bury", func(t *testing.T) {
		p := under(t, r,
			rule.Rule{Kind: rule.Boost, Factor: 3, Where: rule.Match{Vendors: []string{"v1"}}},
			rule.Rule{Kind: rule.Bury, Factor: 900, Where: rule.Match{Vendors: []string{"v2"}}})
		got := lists(20, p)
		for _, user := range []string{"u0", "u1"} {
			want := slices.Clone(whole[user])
			rank := func(i store.Scored) float32 { return lifted(i.Score, p.factor(r.catalogue.number[i.ProductID])) }
			slices.SortStableFunc(want, func(a, b store.Scored) int { return cmp.Compare(rank(b), rank(a)) })
			if diff := gocmp.Diff(want[:20], got[user]); diff != "" {
				t.Errorf("list of %s (-want +got):\n%s", user, diff)
			}
		}
	})
	t.Run("limit, vary and pin", func(t *testing.T) {
		p := under(t, r,
			rule.Rule{Kind: rule.Limit, MaxPerVendor: 2},
			rule.Rule{Kind: rule.Diversify, Strength: 0.3},
			rule.Rule{Kind: rule.Pin, Position: 2, Where: rule.Match{Products: []string{"p4"}}})
		for user, items := range lists(5, p) {
			vendors := map[string]int{}
			for _, id := range ids(items) {
				vendors[of(id).Vendor]++
			}
			for vendor, n := range vendors {
				if n > 2 {
					t.Errorf("%s gets %d products of %s", user, n, vendor)
				}
			}
			if at, want := slices.Index(ids(items), "p4"), user != "u0"; (at == 1) != want || at > 1 {
				t.Errorf("list of %s = %v, want p4 in place 2 unless it was bought", user, ids(items))
			}
		}
		for user, items := range lists(5, p.Unpinned()) {
			if at := slices.Index(ids(items), "p4"); at == 1 && items[at].Score == 0 {
				t.Errorf("a list of %s that is to be stored has a pinned product", user)
			}
		}
	})
}
