package engine_test

import (
	"slices"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/demo"
	"valse/store"
)

// TestChosenQuestionsTellMoreThanPopularOnes asks users whom the model never
// saw about products among the 200 best-selling ones. They like those of every
// other product they were interested in, know nothing of the rest, and are
// recommended what they were interested in otherwise.
func TestChosenQuestionsTellMoreThanPopularOnes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains on the demo shop")
	}
	r, all, interests := heldOutUsers(t)
	var popular []string
	for _, item := range r.BestSellers(engine.Request{N: 200}).Items {
		popular = append(popular, item.ProductID)
	}
	var users int
	var chosen, byPopularity [2]float64 // recall after five and after ten answers
	for _, products := range interests {
		var liked, wanted []string
		for n, p := range products {
			if n%2 == 0 {
				liked = append(liked, p)
			} else {
				wanted = append(wanted, p)
			}
		}
		known := slices.DeleteFunc(slices.Clone(popular), func(p string) bool { return !slices.Contains(liked, p) })
		if len(known) < 10 || len(wanted) < 5 {
			continue
		}
		users++
		a := answers{r: r, liked: liked, wanted: wanted, others: without(all, known)}
		chosen = plus(chosen, a.recall(a.choose))
		byPopularity = plus(byPopularity, a.recall(func(history []store.Interaction) string { return known[len(history)] }))
	}
	for k, n := range []int{5, 10} {
		c, p := chosen[k]/float64(users), byPopularity[k]/float64(users)
		t.Logf("%d users, Recall@20 after %d answers: chosen %.4f, most popular %.4f", users, n, c, p)
		if c < p {
			t.Errorf("after %d answers the questions chosen reach Recall@20 %.4f, less than popular ones with %.4f", n, c, p)
		}
	}
	if users < 30 {
		t.Errorf("%d users have enough to answer, want 30", users)
	}
}

// heldOutUsers trains on four fifths of the demo's users and returns all
// products, and those that each of the other users was interested in, in order
// of time.
func heldOutUsers(t *testing.T) (r *engine.Recommender, products []string, interests map[string][]string) {
	shop := demo.New(1, demo.Small(), time.Time{})
	interests = map[string][]string{}
	number := map[string]int{}
	var b engine.Builder
	for i := range shop.Interactions() {
		n, ok := number[i.UserID]
		if !ok {
			n = len(number)
			number[i.UserID] = n
		}
		switch {
		case i.Type == store.Impression || i.Type == store.Hide || i.Type == store.Dislike:
		case n%2 > 0:
			b.Add(&i)
		case !slices.Contains(interests[i.UserID], i.ProductID):
			interests[i.UserID] = append(interests[i.UserID], i.ProductID)
		}
	}
	s := engine.Settings{Rank: 64, Iterations: 8, UnobservedWeight: 0.3, Reg: 0.01, Binary: true, Seed: 1}
	model, err := engine.Train(t.Context(), b.Events(), s, engine.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	k, err := engine.NewRanker(model)
	if err != nil {
		t.Fatal(err)
	}
	popularity := engine.NewPopularity(b.Events().Counts(), engine.PopularityOptions{Today: store.DayOf(demo.DefaultEnd())})
	for _, p := range shop.Products() {
		products = append(products, p.ID)
	}
	return engine.NewRecommender(k, engine.NewCatalogue(shop.Products(), k.ProductIDs()), popularity, nil), products, interests
}

// answers are one user's.
type answers struct {
	r             *engine.Recommender
	liked, wanted []string
	others        []string // that the user cannot be asked about
}

// choose is the next question among the popular products that the user knows.
func (a answers) choose(history []store.Interaction) string {
	return a.r.NextQuestion(engine.Request{History: history, Filter: engine.Filter{Exclude: a.others}}).ProductID
}

// recall answers ten questions with a like and measures after five and ten.
func (a answers) recall(next func([]store.Interaction) string) (at [2]float64) {
	var history []store.Interaction
	for n := range 10 {
		history = append(history, store.Interaction{
			EventID: string(rune('a' + n)), UserID: "new", ProductID: next(history), Type: store.Like, Value: 1, Time: demo.DefaultEnd(),
		})
		if n == 4 || n == 9 {
			at[n/5] = a.found(history)
		}
	}
	return at
}

// found is the part of what is wanted in a list of twenty.
func (a answers) found(history []store.Interaction) float64 {
	hits := 0
	for _, item := range a.r.Recommend(engine.Request{N: 20, History: history, Filter: engine.Filter{Exclude: a.liked}}).Items {
		if slices.Contains(a.wanted, item.ProductID) {
			hits++
		}
	}
	return float64(hits) / float64(min(20, len(a.wanted)))
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return slices.Contains(some, p) })
}

func plus(a, b [2]float64) [2]float64 { return [2]float64{a[0] + b[0], a[1] + b[1]} }
