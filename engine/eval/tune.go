package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"valse/engine/als"
)

// Tuner searches for the settings of als.Train that rank a hold-out best. The
// best weight of unobserved pairs differs by a hundred times between shops, so
// no default is right for all; and as a shop may be better off without factors
// at all, plain recommenders take part. The zero value works.
type Tuner struct {
	Base       als.Settings // what the search leaves alone, and the first candidate; Init is ignored
	Candidates int          // settings to try; default 16
	Ranks      []int        // to choose from; default 32, 64 and 128
	K          int          // lists are judged by their NDCG at K; default 20

	// Weightings are ways to weigh the training pairs, to choose from; by
	// default the hold-out's alone.
	Weightings []Weighting

	// EASEItems is the size of the largest catalogue for which EASE takes part;
	// default 10,000, negative for none. Its time grows with the cube, its
	// memory with the square.
	EASEItems int
}

// Weighting is a training matrix with other weights for the same pairs.
type Weighting struct {
	Train *als.Matrix
	Scale float64 // mean weight of a pair; see Tuner.candidates
}

// NewWeighting returns the weighting that a matrix has.
func NewWeighting(train *als.Matrix) Weighting {
	w := Weighting{Train: train, Scale: 1}
	if train.Weight.AllOne() || train.NNZ() == 0 {
		return w
	}
	total := 0.0
	for _, v := range train.Weight.Append(nil, 0, int64(train.NNZ())) {
		total += float64(v)
	}
	w.Scale = total / float64(train.NNZ())
	return w
}

// Contender is one entry of a leaderboard.
type Contender struct {
	Name             string  `json:"name"` // ALS, Popularity, ItemToItem or EASE
	Rank             int     `json:"rank,omitempty"`
	UnobservedWeight float64 `json:"unobservedWeight,omitempty"`
	Reg              float64 `json:"reg,omitempty"`
	Weighting        int     `json:"weighting,omitempty"` // number of the tuner's
	Sweeps           int     `json:"sweeps,omitempty"`    // when it was judged last
	Validation       float64 `json:"validation"`          // NDCG
	Test             float64 `json:"test"`                // NDCG; 0 for ALS that left the race early
	Skipped          string  `json:"skipped,omitempty"`

	fit *als.Result // what its sweeps have reached, while it is in the race
}

// The names of contenders.
const (
	ALS        = "ALS"
	Popularity = "popularity"
	ItemToItem = "item-to-item"
	EASE       = "EASE"
)

// Tuning is what a search found.
type Tuning struct {
	// Leaderboard holds every contender, the best on validation first. Its
	// first entry may be a plain recommender: then factors lose on this data.
	Leaderboard []Contender
	// Best is the best ALS.
	Best Contender
}

// The ranges that the search draws from, evenly by their logarithm.
const (
	leastUnobserved, mostUnobserved = 0.005, 2
	leastReg, mostReg               = 0.0005, 0.1
)

// Judgements returns how many times Run judges a contender, the plain ones
// included, on a catalogue of some items.
func (t Tuner) Judgements(items int) int {
	t = t.withDefaults()
	n, alive := 2, t.Candidates
	if items <= t.EASEItems {
		n++
	}
	for range rounds {
		n += alive
		alive = (alive + 1) / 2
	}
	return n
}

// Run searches by successive halving (Jamieson, Talwalkar 2016): all candidates
// train for a quarter of the sweeps, the better half of them goes on to half of
// the sweeps, the better half of those to all, each from where it was.
// onContender, when not nil, sees each judgement; an error from there stops the
// search. It fails with ErrNoTrial when no candidate can be trained.
func (t Tuner) Run(ctx context.Context, h Holdout, onContender func(Contender) error) (*Tuning, error) {
	t = t.withDefaults()
	if len(t.Weightings) == 0 {
		t.Weightings = []Weighting{NewWeighting(h.Train)}
	}
	r := &race{Tuner: t, Holdout: h, data: make([]*als.Data, len(t.Weightings)), onContender: onContender}
	alive := t.candidates()
	for round := len(rounds) - 1; round >= 0; round-- {
		keep := (len(alive) + 1) / 2
		for i := range alive {
			if err := r.judge(ctx, &alive[i], max(1, t.Base.Iterations/rounds[round]), round == 0); err != nil {
				return nil, err
			}
			dropBehind(alive[:i+1], keep)
		}
		slices.SortStableFunc(alive, byValidation)
		if round > 0 {
			r.board = append(r.board, alive[keep:]...)
			alive = alive[:keep]
		}
	}
	if alive[0].Skipped != "" {
		return nil, fmt.Errorf("%w: %s", ErrNoTrial, alive[0].Skipped)
	}
	r.board = append(r.board, alive...)
	if err := r.judgePlain(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.board, byValidation)
	for i := range r.board {
		r.board[i].fit = nil
	}
	alive[0].fit = nil
	return &Tuning{Leaderboard: r.board, Best: alive[0]}, nil
}

// dropBehind frees the factors of those that are not among the best, since they
// will not go on.
func dropBehind(judged []Contender, keep int) {
	if len(judged) <= keep {
		return
	}
	best := slices.Clone(judged)
	slices.SortStableFunc(best, byValidation)
	for i := range judged {
		if byValidation(judged[i], best[keep-1]) > 0 {
			judged[i].fit = nil
		}
	}
}

// rounds holds by what the sweeps are divided, the last round first.
var rounds = [...]int{1, 2, 4}

// race is a search under way.
type race struct {
	Tuner
	Holdout
	data        []*als.Data // of the weightings, made when they are first needed
	board       []Contender
	onContender func(Contender) error
}

// judge trains a candidate on to the given number of sweeps and judges it.
func (r *race) judge(ctx context.Context, c *Contender, sweeps int, last bool) error {
	s := r.settings(*c, sweeps-c.Sweeps)
	s.Init, s.Solver = c.fit, als.Fast
	var err error
	if s.Iterations > 0 && c.Skipped == "" {
		c.fit, err = r.train(ctx, c.Weighting, s)
	}
	c.Sweeps = sweeps
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, als.ErrDiverged):
		c.Validation, c.Skipped = 0, err.Error()
	case err != nil:
		return err
	case c.Skipped == "":
		r.measure(c, NewModel(c.fit.Users, c.fit.Items), last)
	}
	return r.show(*c)
}

// train trains on one of the weightings.
func (r *race) train(ctx context.Context, weighting int, s als.Settings) (fit *als.Result, err error) {
	data := &r.data[weighting]
	if *data == nil {
		if *data, err = als.NewData(r.Weightings[weighting].Train); err != nil {
			return nil, err
		}
	}
	return (*data).Train(ctx, s, nil)
}

// judgePlain judges the recommenders without factors.
func (r *race) judgePlain(ctx context.Context) error {
	plain := []struct {
		name string
		make func() Recommender
	}{
		{Popularity, func() Recommender { return NewPopularity(r.Train) }},
		{ItemToItem, func() Recommender { return NewItemKNN(r.Train, 100) }},
		{EASE, func() Recommender { return NewEASE(r.Train, easeLambda) }},
	}
	for _, p := range plain {
		if p.name == EASE && r.Train.Cols > r.EASEItems {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c := Contender{Name: p.name}
		r.measure(&c, p.make(), true)
		r.board = append(r.board, c)
		if err := r.show(c); err != nil {
			return err
		}
	}
	return nil
}

// measure sets the figures of a contender: Test only where it is reported.
func (r *race) measure(c *Contender, with Recommender, test bool) {
	ndcg := func(on *als.Matrix) float64 {
		return Rank(with, r.Train, on, []int{r.K}, r.Base.Threads).At[0].NDCG
	}
	c.Validation = ndcg(r.Validation)
	if test {
		c.Test = ndcg(r.Test)
	}
}

func (r *race) show(c Contender) error {
	if r.onContender == nil {
		return nil
	}
	return r.onContender(c)
}

// byValidation orders contenders, the best first and the skipped last.
func byValidation(a, b Contender) int {
	switch {
	case a.Skipped != "" && b.Skipped == "":
		return 1
	case a.Skipped == "" && b.Skipped != "":
		return -1
	}
	return cmp.Compare(b.Validation, a.Validation)
}

// easeLambda is EASE's λ: the best of a few on the shops that were tried.
const easeLambda = 200

// candidates returns the base settings and points of the additive recurrence
// whose steps are powers of 1/g, with g⁵ = g + 1: they fill the space evenly
// however many there are (Roberts 2018).
//
// Weighing all pairs alike by α is dividing w₀ by α, for ν = 1. So weights that
// are larger on average get a w₀ that is larger by as much, and the scale of the
// weights needs no dimension of its own.
func (t Tuner) candidates() []Contender {
	const g = 1.1673039782614187
	all := []Contender{{Name: ALS, Rank: t.Base.Rank, UnobservedWeight: t.Base.UnobservedWeight, Reg: t.Base.Reg}}
	for i := 1; i < t.Candidates; i++ {
		coordinate := func(power float64) float64 {
			_, fraction := math.Modf(0.5 + float64(i)*math.Pow(g, -power))
			return fraction
		}
		weighting := int(coordinate(4) * float64(len(t.Weightings)))
		scale := t.Weightings[weighting].Scale
		all = append(all, Contender{
			Name:             ALS,
			UnobservedWeight: between(scale*leastUnobserved, scale*mostUnobserved, coordinate(1)),
			Reg:              between(leastReg, mostReg, coordinate(2)),
			Rank:             t.Ranks[int(coordinate(3)*float64(len(t.Ranks)))],
			Weighting:        weighting,
		})
	}
	return all
}

// between returns the number at a fraction of the way from a to b, by their
// logarithms, to three digits.
func between(a, b, fraction float64) float64 {
	text := strconv.FormatFloat(a*math.Pow(b/a, fraction), 'g', 3, 64)
	x, _ := strconv.ParseFloat(text, 64) // what was just written
	return x
}

// settings returns the base settings with those of a candidate.
func (t Tuner) settings(c Contender, sweeps int) als.Settings {
	s := t.Base
	s.Rank, s.UnobservedWeight, s.Reg, s.Iterations = c.Rank, c.UnobservedWeight, c.Reg, sweeps
	return s
}

func (t Tuner) withDefaults() Tuner {
	t.Base = t.Base.WithDefaults()
	t.Base.Init = nil
	t.Candidates = cmp.Or(t.Candidates, 16)
	t.K = cmp.Or(t.K, 20)
	t.EASEItems = cmp.Or(t.EASEItems, 10_000)
	if len(t.Ranks) == 0 {
		t.Ranks = []int{32, 64, 128}
	}
	return t
}
