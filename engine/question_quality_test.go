package engine_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/demo"
	"valse/internal/trial"
	"valse/store"
)

// TestChosenQuestionsTellMoreThanPopularOnes asks people whom the model never
// saw about products among the 200 best-selling ones. They like those of a part
// of the products they were interested in, know nothing of the rest, and are
// recommended the other part. It is done over and over with other halves of
// people in the training and other parts; the error is that of the mean over
// people. How to ask is decided by interviews of the people in the training.
func TestChosenQuestionsTellMoreThanPopularOnes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains on the demo shop")
	}
	for seed := uint64(3); seed < uint64(trial.Rounds(4, 6)); seed++ {
		t.Run(fmt.Sprint("demo shop of seed ", seed), func(t *testing.T) {
			shop := demo.New(seed, demo.Small(), time.Time{})
			s := survey{events: slices.Collect(shop.Interactions()), catalogue: shop.Products(), w0: 0.3, reg: 0.01, part: 0.5}
			s.run(t, trial.Rounds(1, 4))
			s.hold(t, 0, 0)
		})
	}
	for _, c := range []struct {
		name, set, test string
		w0, reg, part   float64
		splits          int
	}{
		{"Online Retail", "online-retail", "test_all", 0.3, 0.003, 0.5, 10},
		{"MovieLens latest-small", "ml-latest-small", "test", 0.3, 0.01, 0.5, 20},
		{"Complete Journey", "complete-journey", "test_new", 0.1, 0.003, 0.75, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := readSurvey(t, c.set, c.test)
			s.w0, s.reg, s.part, s.half = c.w0, c.reg, c.part, true
			s.run(t, c.splits)
			s.hold(t, -0.002, -0.002)
		})
	}
}

// survey asks people of a set.
type survey struct {
	events    []store.Interaction
	catalogue []store.Product
	w0, reg   float64
	part      float64 // of a user's products that may be asked about
	half      bool    // whether to leave out the half of the people on whom ways of asking were first tried
	after     [2]asked
}

// asked is what the lists after five or ten answers are worth.
type asked struct {
	popular     float64            // sum of recalls
	rounds      int                // how many
	differences map[string]*meanOf // of recalls, chosen less popular, by user
	shown       [2]meanOf          // products until so many answers, popular and chosen
}

type meanOf struct{ sum, n float64 }

func (m *meanOf) add(v float64) { m.sum, m.n = m.sum+v, m.n+1 }

func (m *meanOf) value() float64 { return m.sum / m.n }

// difference is the mean over users and its standard error.
func (a *asked) difference() (mean, deviation float64) {
	var squares float64
	n := float64(len(a.differences))
	for _, m := range a.differences {
		mean += m.value() / n
		squares += m.value() * m.value() / n
	}
	return mean, math.Sqrt((squares - mean*mean) / n)
}

// hold demands that the questions chosen are worth so much more than popular
// ones.
func (s *survey) hold(t *testing.T, five, ten float64) {
	t.Helper()
	for k, least := range []float64{five, ten} {
		mean, deviation := s.after[k].difference()
		t.Logf("%d users, Recall@20 after %d answers: most popular %.4f, chosen %+.4f ± %.4f; products shown for them: %.0f, %.0f",
			len(s.after[k].differences), 5+5*k, s.after[k].popular/float64(s.after[k].rounds), mean, deviation,
			s.after[k].shown[0].value(), s.after[k].shown[1].value())
		if mean < least || len(s.after[k].differences) < 30 {
			t.Errorf("after %d answers of %d users the questions chosen are worth %+.4f more than popular ones, want %+.4f",
				5+5*k, len(s.after[k].differences), mean, least)
		}
	}
}

// run trains on half of the users and asks the others, so many times.
func (s *survey) run(t *testing.T, splits int) {
	t.Helper()
	for k := range s.after {
		s.after[k].differences = map[string]*meanOf{}
	}
	for split := range splits {
		r, interests := s.heldOut(t, split)
		var all, popular []string
		for _, p := range s.catalogue {
			all = append(all, p.ID)
		}
		for _, item := range r.BestSellers(engine.Request{N: 200}).Items {
			popular = append(popular, item.ProductID)
		}
		for user, products := range interests {
			random := rand.New(rand.NewPCG(hashOf(user), uint64(split)))
			random.Shuffle(len(products), func(i, j int) { products[i], products[j] = products[j], products[i] })
			cut := int(math.Ceil(float64(len(products)) * s.part))
			a := answers{r: r, liked: products[:cut], wanted: products[cut:]}
			known := slices.DeleteFunc(slices.Clone(popular), func(p string) bool { return !slices.Contains(a.liked, p) })
			if len(known) < 5 || len(a.wanted) < 3 {
				continue
			}
			popularly := a.recall(len(known), func(history []store.Interaction) string { return known[len(history)] })
			counted := split == 0 && hashOf("shown"+user)%4 == 0 // for the others the skips are left out
			if a.skipped = without(all, known); counted {
				a.skipped = without(all, popular)
			}
			chosen := a.recall(len(known), a.choose)
			for k := range s.after {
				if n := 5 + 5*k; len(known) >= n {
					s.after[k].add(user, popularly[k], chosen[k])
					if counted {
						s.after[k].shown[0].add(float64(1 + slices.Index(popular, known[n-1])))
						s.after[k].shown[1].add(float64(a.shown[k]))
					}
				}
			}
		}
	}
}

func (a *asked) add(user string, popular, chosen float64) {
	a.popular += popular
	a.rounds++
	if a.differences[user] == nil {
		a.differences[user] = &meanOf{}
	}
	a.differences[user].add(chosen - popular)
}

// readSurvey reads a real set, whose pairs count alike.
func readSurvey(t *testing.T, set, test string) (s survey) {
	known := map[string]bool{}
	for _, name := range []string{"train", test} {
		for n, row := range table(t, filepath.Join(trial.Data(t, set), "split", name+".csv.gz")) {
			s.events = append(s.events, store.Interaction{
				EventID: fmt.Sprint(name, n), UserID: row[0], ProductID: row[1], Type: store.Purchase, Value: 1, Time: demo.DefaultEnd(),
			})
			if !known[row[1]] {
				known[row[1]] = true
				s.catalogue = append(s.catalogue, store.Product{ID: row[1], Title: row[1], Price: -1})
			}
		}
	}
	return s
}

// hashOf scatters texts.
func hashOf(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// table reads a packed CSV file without its header.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(packed).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// heldOut trains on half of the users, another for each split, and returns the
// products that each of the others was interested in.
func (s *survey) heldOut(t *testing.T, split int) (*engine.Recommender, map[string][]string) {
	t.Helper()
	interests, known := map[string][]string{}, map[string]bool{}
	var b engine.Builder
	for _, i := range s.events {
		switch {
		case i.Type == store.Impression || i.Type == store.Hide || i.Type == store.Dislike:
		case hashOf(fmt.Sprint("split", split, i.UserID))%2 == 0:
			b.Add(&i)
		case s.half && hashOf("role"+i.UserID)%2 == 0:
		case !known[i.UserID+"\x00"+i.ProductID]:
			known[i.UserID+"\x00"+i.ProductID] = true
			interests[i.UserID] = append(interests[i.UserID], i.ProductID)
		}
	}
	settings := engine.Settings{
		Rank: 64, Iterations: 8, UnobservedWeight: s.w0, Reg: s.reg, Binary: true, Seed: uint64(split + 1),
	}
	model, err := engine.Train(t.Context(), b.Events(), settings, engine.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if model.Info.Interviews, err = engine.Interview(t.Context(), b.Events(), settings, engine.TrainOptions{}); err != nil {
		t.Fatal(err)
	}
	if model.Info.Interviews == nil {
		t.Fatal("too few people to ask")
	}
	t.Logf("asking by %s after %d interviews", model.Info.Interviews.Asking, model.Info.Interviews.People)
	k, err := engine.NewRanker(model)
	if err != nil {
		t.Fatal(err)
	}
	popularity := engine.NewPopularity(b.Events().Counts(), engine.PopularityOptions{Today: store.DayOf(demo.DefaultEnd())})
	return engine.NewRecommender(k, engine.NewCatalogue(s.catalogue, k.ProductIDs()), popularity, nil), interests
}

// answers are one user's.
type answers struct {
	r             *engine.Recommender
	liked, wanted []string
	skipped       []string // that the user does not know
	questions     int
	shown         [2]int // questions until five and until ten answers
}

// choose is the next question that the user can answer.
func (a *answers) choose(history []store.Interaction) string {
	for {
		p := a.r.NextQuestion(engine.Request{History: history, Filter: engine.Filter{Exclude: a.skipped}}).ProductID
		a.questions++
		if slices.Contains(a.liked, p) {
			if n := len(history) + 1; n%5 == 0 {
				a.shown[n/5-1] = a.questions
			}
			return p
		}
		if p == "" {
			panic("nothing is left to ask")
		}
		a.skipped = append(a.skipped, p)
	}
}

// recall answers up to ten questions with a like and measures after five and
// ten.
func (a *answers) recall(known int, next func([]store.Interaction) string) (at [2]float64) {
	var history []store.Interaction
	for n := range min(10, known) {
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
func (a *answers) found(history []store.Interaction) float64 {
	hits := 0
	for _, item := range a.r.Recommend(engine.Request{N: 20, History: history, Filter: engine.Filter{Exclude: a.liked}}).Items {
		if slices.Contains(a.wanted, item.ProductID) {
			hits++
		}
	}
	return float64(hits) / float64(min(20, len(a.wanted)))
}

func without(all, some []string) []string {
	left := map[string]bool{}
	for _, p := range some {
		left[p] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return left[p] })
}
