package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"valse/engine/als"
	"valse/store"
)

// Interviews are what asking people who were held out has shown of the ways of
// asking.
type Interviews struct {
	// Asking is the way that made the best lists, [AskPopular] unless another is
	// better by more than chance.
	Asking Asking `json:"asking"`
	People int    `json:"people"` // that were asked
	Ways   []Way  `json:"ways"`   // AskPopular first
}

// Way is what one way of asking came to.
type Way struct {
	Asking Asking `json:"asking"`
	// AfterFive and AfterTen are Recall@20 of the lists made of so many answers,
	// the mean over people who knew so many products.
	AfterFive float64 `json:"afterFive"`
	AfterTen  float64 `json:"afterTen"`
	// Gain is by how much a person's lists are better than those of AskPopular,
	// the mean over people, and Deviation its standard error.
	Gain      float64 `json:"gain"`
	Deviation float64 `json:"deviation"`
}

const (
	// folds is how many parts the users are split into: one is asked, the others
	// are trained on, and then another, until enough people were asked.
	folds = 4
	// taught is how many users are trained on, at most.
	taught = 50_000
	// interviewed is how many people are asked, at most.
	interviewed = 2_000
	// leastInterviewed is how few are not worth a verdict.
	leastInterviewed = 50
	// fiveQuestions and tenQuestions are the answers after which lists are looked
	// at, and someone who does not know the first or wants less than leastWanted
	// is not asked.
	fiveQuestions, tenQuestions = 5, 10
	leastWanted                 = 3
	// interviewList is the length of the lists.
	interviewList = 20
	// clearly is how many standard errors make a difference more than chance.
	clearly = 3
)

// Interview finds out how to ask newcomers. It trains on a part of the users and
// asks others, who answer about those of a half of their products that are among
// the best-selling, as they know no others, and are recommended the rest. It
// returns nil where there are too few people to tell. Errors are as those of
// [Train].
func Interview(ctx context.Context, e *Events, s Settings, o TrainOptions) (*Interviews, error) {
	s = s.WithDefaults()
	interviews, err := interview(ctx, e, s, o)
	if err != nil {
		return nil, fmt.Errorf("interview: %w", err)
	}
	return interviews, nil
}

func interview(ctx context.Context, e *Events, s Settings, o TrainOptions) (*Interviews, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	v, err := e.read(s)
	if err != nil {
		return nil, err
	}
	ways := []Asking{AskPopular, AskVariance, AskRelative, AskFarthest}
	if s.Feedback == Explicit {
		ways = ways[:3]
	}
	users := v.shuffledUsers()
	found := make([][]recalls, len(ways))
	for fold := range folds {
		lo, hi := fold*len(users)/folds, (fold+1)*len(users)/folds
		if lo == hi || hi-lo == len(users) {
			break
		}
		k, pool, err := v.teach(ctx, slices.Concat(users[:lo], users[hi:]), func(w als.Sweep) error {
			return o.progress(Progress{
				Phase: PhaseInterview, Step: fold*s.Iterations + w.N, Of: folds * s.Iterations, Loss: w.Loss, Metric: w.RMSE,
			})
		})
		if err != nil {
			return nil, err
		}
		people := k.people(v, users[lo:hi], pool)
		people = people[:min(len(people), interviewed-len(found[0]))]
		if err := k.askAll(ctx, people, ways, found); err != nil {
			return nil, err
		}
		if len(found[0]) == interviewed {
			break
		}
	}
	if len(found[0]) < leastInterviewed {
		return nil, nil
	}
	return compareWays(ways, found), nil
}

// shuffledUsers returns the positions of each user's evidence, in an order of
// the seed's.
func (v *evidence) shuffledUsers() (users [][]int32) {
	all := v.all()
	for lo, hi := range runs(all, func(a, b int32) bool { return v.user[a] == v.user[b] }) {
		users = append(users, all[lo:hi])
	}
	random := rand.New(rand.NewPCG(v.settings.Seed, 29))
	random.Shuffle(len(users), func(i, j int) { users[i], users[j] = users[j], users[i] })
	return users
}

// teach trains on some users, and returns the products to ask about besides.
func (v *evidence) teach(ctx context.Context, users [][]int32, onSweep func(als.Sweep) error) (*Ranker, []int32, error) {
	positions := slices.Concat(users[:min(len(users), taught)]...)
	slices.Sort(positions)
	matrix := v.matrix(positions)
	m, err := fit(ctx, matrix, v.settings, onSweep)
	if err != nil {
		return nil, nil, err
	}
	m.ProductIDs, m.Info.Settings, m.Info.Newest = v.products, v.settings, time.UnixMicro(v.newest(positions))
	k, err := NewRanker(m)
	return k, mostPopular(matrix, questionPool), err
}

// mostPopular returns the items of most users, the most popular first, at most n.
func mostPopular(m *als.Matrix, n int) []int32 {
	count, items := make([]int, m.Cols), make([]int32, m.Cols)
	for item := range items {
		items[item] = int32(item)
	}
	for _, item := range m.Index {
		count[item]++
	}
	slices.SortStableFunc(items, func(a, b int32) int { return cmp.Compare(count[b], count[a]) })
	items = items[:min(n, len(items))]
	return slices.DeleteFunc(items, func(item int32) bool { return count[item] == 0 })
}

// person is someone to ask.
type person struct {
	known  []int32   // products they can answer about, the most popular first
	answer []float32 // how: the weight of a like, or stars
	hidden []int32   // the products of which those are a part, ascending
	wanted []int32   // products that a list should have
}

// people are those of users, each given by positions of evidence, who know
// enough of a pool and leave enough to find.
func (k *Ranker) people(v *evidence, users [][]int32, pool []int32) (people []person) {
	place := map[int32]int{}
	for i, product := range pool {
		place[product] = i
	}
	like := float32(1)
	if !k.reader.binary {
		like = k.reader.scale[store.Like]
	}
	random := rand.New(rand.NewPCG(v.settings.Seed, 31))
	for _, positions := range users {
		var products []int32
		stars := map[int32]float32{}
		for _, i := range positions {
			if stars[v.product[i]] == 0 {
				products = append(products, v.product[i])
			}
			stars[v.product[i]] = v.weight[i]
		}
		random.Shuffle(len(products), func(i, j int) { products[i], products[j] = products[j], products[i] })
		half := (len(products) + 1) / 2
		p := person{hidden: slices.Sorted(slices.Values(products[:half]))}
		for _, product := range products[half:] {
			if !k.reader.explicit || stars[product] >= relevantStars {
				p.wanted = append(p.wanted, product)
			}
		}
		for _, product := range p.hidden {
			if _, asked := place[product]; asked {
				p.known = append(p.known, product)
			}
		}
		slices.SortFunc(p.known, func(a, b int32) int { return cmp.Compare(place[a], place[b]) })
		for _, product := range p.known {
			if p.answer = append(p.answer, like); k.reader.explicit {
				p.answer[len(p.answer)-1] = stars[product]
			}
		}
		if len(p.known) < fiveQuestions || len(p.wanted) < leastWanted {
			continue
		}
		people = append(people, p)
	}
	return people
}

// recalls are Recall@20 of the lists after five answers and after ten.
type recalls struct {
	five, ten float64
	both      bool // whether there were ten
}

// value is the mean of what there is.
func (r recalls) value() float64 {
	if r.both {
		return (r.five + r.ten) / 2
	}
	return r.five
}

// askAll asks everyone in every way and adds what was found, by way.
func (k *Ranker) askAll(ctx context.Context, people []person, ways []Asking, found [][]recalls) error {
	if len(people) == 0 {
		return nil
	}
	nobody := k.folder.state(nil, nil)
	nobody.Variance(make([]float64, 1), people[0].known[:1]) // factorises it, once for all
	before := len(found[0])
	for w := range ways {
		found[w] = append(found[w], make([]recalls, len(people))...)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range cmp.Or(k.model.Info.Settings.Threads, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(people) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				for w, how := range ways {
					found[w][before+i] = k.ask(people[i], how, nobody.Clone())
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// ask asks one person, who has told nothing yet, up to ten questions.
func (k *Ranker) ask(p person, how Asking, told *als.State) (r recalls) {
	left, answer := slices.Clone(p.known), slices.Clone(p.answer)
	variance := make([]float64, len(left))
	for n := 1; n <= min(tenQuestions, len(p.known)); n++ {
		if how == AskVariance || how == AskRelative {
			told.Variance(variance[:len(left)], left)
		}
		i := k.next(how, told, n-1, left, variance)
		told.Set(left[i], answer[i])
		left, answer = slices.Delete(left, i, i+1), slices.Delete(answer, i, i+1)
		switch n {
		case fiveQuestions:
			r.five = k.recall(p, told)
		case tenQuestions:
			r.ten, r.both = k.recall(p, told), true
		}
	}
	return r
}

// recall is the part of what is wanted in a list.
func (k *Ranker) recall(p person, told *als.State) float64 {
	x := make([]float32, k.model.Y.Rank)
	told.Solve(x)
	hits := 0
	for _, hit := range k.index.SearchExcluding(nil, x, interviewList, nil, p.hidden) {
		if slices.Contains(p.wanted, hit.Item) {
			hits++
		}
	}
	return float64(hits) / float64(min(interviewList, len(p.wanted)))
}

// compareWays compares the ways, the first of which is AskPopular.
func compareWays(ways []Asking, found [][]recalls) *Interviews {
	v := &Interviews{Asking: ways[0], People: len(found[0])}
	n := float64(v.People)
	most := 0.0
	for w, how := range ways {
		way := Way{Asking: how}
		var squares, tens float64
		for i, r := range found[w] {
			gain := r.value() - found[0][i].value()
			way.Gain += gain
			squares += gain * gain
			way.AfterFive += r.five
			if r.both {
				way.AfterTen += r.ten
				tens++
			}
		}
		way.Gain /= n
		way.AfterFive /= n
		way.AfterTen /= max(1, tens)
		way.Deviation = math.Sqrt(max(0, squares/n-way.Gain*way.Gain) / n)
		if way.Gain > clearly*way.Deviation && way.Gain > most {
			most, v.Asking = way.Gain, how
		}
		v.Ways = append(v.Ways, way)
	}
	return v
}
