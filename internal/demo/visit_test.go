package demo

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"valse/store"
)

// gini is the inequality of the products' interaction counts.
func gini(s *Shop, interactions []store.Interaction) float64 {
	count := map[string]int{}
	for i := range interactions {
		count[interactions[i].ProductID]++
	}
	var sorted []int
	for _, p := range s.Products() {
		sorted = append(sorted, count[p.ID])
	}
	slices.Sort(sorted)
	n, sum, ranked := len(sorted), 0, 0
	for i, c := range sorted {
		sum += c
		ranked += (2*(i+1) - n - 1) * c
	}
	return float64(ranked) / float64(n*sum)
}

func TestPopularityIsSkewed(t *testing.T) {
	s, all := small()
	if got := gini(s, all); got < 0.58 || got > 0.62 {
		t.Errorf("Gini of interactions per product = %.3f, want 0.58 to 0.62", got)
	}
	deeds := slices.DeleteFunc(slices.Clone(all), func(i store.Interaction) bool { return i.Type == store.Impression })
	if got := gini(s, deeds); got < 0.57 || got > 0.63 {
		t.Errorf("Gini without impressions = %.3f, want near 0.6", got)
	}
}

func TestInteractionsAreValidOrderedAndUnique(t *testing.T) {
	s, all := small()
	if len(all) < 400_000 || len(all) > 700_000 {
		t.Errorf("%d interactions, want 400,000 to 700,000", len(all))
	}
	users, products := map[string]bool{}, map[string]time.Time{}
	for u := range s.Users() {
		if users[u.ID] || u.Name == "" || store.ValidateID("id", u.ID) != nil {
			t.Errorf("user %+v", u)
		}
		users[u.ID] = true
	}
	for _, p := range s.Products() {
		products[p.ID] = p.PublishedAt
	}
	events := make(map[string]bool, len(all))
	for n := range all {
		i := &all[n]
		if err := i.Validate("", DefaultEnd()); err != nil {
			t.Fatal(err)
		}
		published, known := products[i.ProductID]
		if !users[i.UserID] || !known || events[i.EventID] {
			t.Fatalf("interaction %+v has an unknown user or product, or a known event id", i)
		}
		events[i.EventID] = true
		if i.Time.Before(published) || i.Time.Before(s.start) || !i.Time.Before(s.end) {
			t.Fatalf("interaction %+v is out of time", i)
		}
		if n > 0 && i.Time.Before(all[n-1].Time) {
			t.Fatalf("interaction %d is earlier than the one before", n)
		}
	}
}

func TestVisitsAreFunnels(t *testing.T) {
	_, all := small()
	type step struct {
		basket, product string
		kind            store.EventType
	}
	done := map[step]store.Interaction{}
	counts := [store.NumEventTypes]int{}
	before := map[store.EventType]store.EventType{
		store.Click: store.Impression, store.Cart: store.View, store.Purchase: store.Cart,
		store.Like: store.View, store.Dislike: store.View, store.Hide: store.Impression, store.Rating: store.Purchase,
	}
	for _, i := range all {
		counts[i.Type]++
		done[step{i.Basket, i.ProductID, i.Type}] = i
		if need, ok := before[i.Type]; ok {
			if first, has := done[step{i.Basket, i.ProductID, need}]; !has || first.Time.After(i.Time) {
				t.Fatalf("%v of %s in %s without a %v before", i.Type, i.ProductID, i.Basket, need)
			}
		}
		if (i.Type == store.Impression || i.Type == store.Click) && i.RecommendationID == "" {
			t.Fatalf("%v of %s in %s without a recommendation id", i.Type, i.ProductID, i.Basket)
		}
	}
	for _, kind := range store.EventTypes() {
		if counts[kind] == 0 {
			t.Errorf("no %v at all", kind)
		}
	}
	order := []store.EventType{store.View, store.Cart, store.Purchase, store.Rating, store.Hide}
	if !slices.IsSortedFunc(order, func(a, b store.EventType) int { return cmp.Compare(counts[b], counts[a]) }) {
		t.Errorf("counts %v do not narrow along %v", counts, order)
	}
	if rate := float64(counts[store.Click]) / float64(counts[store.Impression]); rate < 0.01 || rate > 0.15 {
		t.Errorf("click-through rate %.3f", rate)
	}
}

func TestSeasonsShow(t *testing.T) {
	s, all := small()
	department := map[string]string{}
	for _, p := range s.Products() {
		department[p.ID] = p.Department()
	}
	winter, summer, total := 0, 0, [12]int{}
	for _, i := range all {
		month := i.Time.Month()
		total[month-1]++
		if i.Type == store.View && department[i.ProductID] == "Winter sports" {
			switch month {
			case time.December, time.January, time.February:
				winter++
			case time.June, time.July, time.August:
				summer++
			}
		}
	}
	// The story has two summers and one winter.
	if winter < summer {
		t.Errorf("winter sports are viewed %d times in one winter and %d times in two summers", winter, summer)
	}
	if total[time.December-1] < total[time.February-1] {
		t.Errorf("December has %d interactions, February %d", total[time.December-1], total[time.February-1])
	}
}

func TestConsumablesAreBoughtAgain(t *testing.T) {
	s, all := small()
	repeat := map[string]bool{}
	for i, p := range s.Products() {
		repeat[p.ID] = s.lexicon.categories[s.lexicon.kinds[s.items[i].kind].category].repeat
	}
	type pair struct{ user, product string }
	bought, again := map[pair]bool{}, map[bool]int{}
	for _, i := range all {
		if i.Type != store.Purchase {
			continue
		}
		if bought[pair{i.UserID, i.ProductID}] {
			again[repeat[i.ProductID]]++
		}
		bought[pair{i.UserID, i.ProductID}] = true
	}
	if again[true] < 500 || again[false] > 0 {
		t.Errorf("%d consumables and %d other products were bought again, want many and none", again[true], again[false])
	}
}
