package engine

import (
	"slices"
	"testing"

	"valse/store"
)

// daily counts n views of a product on each day of [from, to).
func daily(product string, n int64, from, to store.Day) []store.Count {
	var counts []store.Count
	for d := from; d < to; d++ {
		counts = append(counts, store.Count{Day: d, ProductID: product, Type: store.View, N: n})
	}
	return counts
}

func TestRecentSalesCountMoreThanOldOnes(t *testing.T) {
	counts := []store.Count{
		{Day: 0, ProductID: "old", Type: store.View, N: 100},
		{Day: 99, ProductID: "recent", Type: store.View, N: 20},
		{Day: 99, ProductID: "shown", Type: store.Impression, N: 1000},
	}
	p := NewPopularity(slices.Values(counts), PopularityOptions{Today: 100})
	if p.Score("recent", Lately) <= p.Score("old", Lately) || p.Score("old", Lately) <= 0 || p.Score("shown", Lately) != 0 {
		t.Errorf("scores: recent %v, old %v, shown %v", p.Score("recent", Lately), p.Score("old", Lately), p.Score("shown", Lately))
	}
}

func TestAShopWhoseDataEndedYearsAgoStillHasBestSellers(t *testing.T) {
	counts := append(daily("much", 9, 0, 30), daily("little", 1, 0, 30)...)
	p := NewPopularity(slices.Values(counts), PopularityOptions{Today: 5000})
	if p.Score("much", Lately) <= p.Score("little", Lately) || p.Score("little", Lately) <= 0 {
		t.Errorf("scores: much %v, little %v", p.Score("much", Lately), p.Score("little", Lately))
	}
}

func TestATrendIsARiseAboveTheOwnBaselineNotACount(t *testing.T) {
	var counts []store.Count
	counts = append(counts, daily("steady", 100, 0, 100)...)
	counts = append(counts, daily("rising", 2, 0, 96)...)
	counts = append(counts, daily("rising", 20, 96, 100)...)
	counts = append(counts, daily("falling", 50, 0, 90)...)
	p := NewPopularity(slices.Values(counts), PopularityOptions{Today: 100})
	if p.Trend("rising") < 2 || p.Trend("steady") > 1.3 || p.Trend("falling") > 1 || p.Trend("nothing") != 0 {
		t.Errorf("trends: rising %v, steady %v, falling %v", p.Trend("rising"), p.Trend("steady"), p.Trend("falling"))
	}
}

func TestPiecesOfCountsAddUp(t *testing.T) {
	all := append(daily("a", 3, 0, 50), daily("b", 1, 20, 50)...)
	o := PopularityOptions{Today: 50}
	whole := NewPopularity(slices.Values(all), o)
	sum := NewPopularity(slices.Values(all[:40]), o).Plus(NewPopularity(slices.Values(all[40:]), o))
	for _, id := range []string{"a", "b"} {
		if !near(sum.Score(id, Lately), whole.Score(id, Lately)) || !near(sum.Trend(id), whole.Trend(id)) {
			t.Errorf("%s: sum %v, whole %v", id, sum.Score(id, Lately), whole.Score(id, Lately))
		}
	}
	var none *Popularity
	if none.Plus(whole) != whole || whole.Plus(nil) != whole || none.Score("a", Lately) != 0 {
		t.Error("adding nothing changed something")
	}
}
