package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

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

	// EASEItems is the size of the largest catalogue for which EASE takes part;
	// default 4,000, negative for none. Its time grows with the cube.
	EASEItems int
}

// Contender is one entry of a leaderboard.
type Contender struct {
	Name             string  `json:"name"` // "ALS", "popularity", "item-to-item" or "EASE"
	Rank             int     `json:"rank,omitempty"`
	UnobservedWeight float64 `json:"unobservedWeight,omitempty"`
	Reg              float64 `json:"reg,omitempty"`
	Sweeps           int     `json:"sweeps,omitempty"` // when it was judged last
	Validation       float64 `json:"validation"`       // NDCG
	Test             float64 `json:"test"`             // NDCG; 0 for ALS that left the race early
	Skipped          string  `json:"skipped,omitempty"`
}

// Tuning is what a search found.
type Tuning struct {
	// Leaderboard holds every contender, the best on validation first. Its
	// first entry may be a plain recommender: then factors lose on this data.
	Leaderboard []Contender
	// Settings are those of the best ALS.
	Settings als.Settings
}

// The ranges that the search draws from, evenly by their logarithm.
const (
	leastUnobserved, mostUnobserved = 0.01, 2
	leastReg, mostReg               = 0.0005, 0.1
)

// Run searches by successive halving (Jamieson, Talwalkar 2016): all candidates
// train for a quarter of the sweeps, the better half of them for half of the
// sweeps, the better half of those for all. onContender, when not nil, sees each
// judgement; an error from there stops the search. It fails with ErrNoTrial when
// no candidate can be trained.
func (t Tuner) Run(ctx context.Context, h Holdout, onContender func(Contender) error) (*Tuning, error) {
	t = t.withDefaults()
	r := &race{Tuner: t, Holdout: h, onContender: onContender}
	alive := t.candidates()
	for round := len(rounds) - 1; round >= 0; round-- {
		sweeps := max(1, t.Base.Iterations/rounds[round])
		for i := range alive {
			if err := r.judge(ctx, &alive[i], sweeps, round == 0); err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(alive, byValidation)
		if round > 0 {
			keep := (len(alive) + 1) / 2
			r.board = append(r.board, alive[keep:]...)
			alive = alive[:keep]
		}
	}
	if alive[0].Skipped != "" {
		return nil, fmt.Errorf("%w: %s", ErrNoTrial, alive[0].Skipped)
	}
	r.board = append(r.board, alive...)
	if err := r.judgePlain(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.board, byValidation)
	return &Tuning{Leaderboard: r.board, Settings: t.settings(alive[0], t.Base.Iterations)}, nil
}

// rounds holds by what the sweeps are divided, the last round first.
var rounds = [...]int{1, 2, 4}

// race is a search under way.
type race struct {
	Tuner
	Holdout
	board       []Contender
	onContender func(Contender) error
}

// judge trains a candidate for the given sweeps and judges it.
func (r *race) judge(ctx context.Context, c *Contender, sweeps int, last bool) error {
	c.Sweeps = sweeps
	s := r.settings(*c, sweeps)
	s.Solver = als.Fast
	m, err := als.Train(ctx, r.Train, s, nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, als.ErrDiverged):
		c.Validation, c.Skipped = 0, err.Error()
	case err != nil:
		return err
	default:
		r.measure(c, NewModel(m.Users, m.Items), last)
	}
	return r.show(*c)
}

// judgePlain judges the recommenders without factors.
func (r *race) judgePlain() error {
	plain := []struct {
		name string
		make func() Recommender
	}{
		{"popularity", func() Recommender { return NewPopularity(r.Train) }},
		{"item-to-item", func() Recommender { return NewItemKNN(r.Train, 100) }},
		{"EASE", func() Recommender { return NewEASE(r.Train, 200) }},
	}
	for _, p := range plain {
		if p.name == "EASE" && r.Train.Cols > r.EASEItems {
			continue
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

// candidates returns the base settings and points of the additive recurrence
// whose steps are powers of 1/g, with g⁴ = g + 1: they fill the space evenly
// however many there are (Roberts 2018).
func (t Tuner) candidates() []Contender {
	const g = 1.2207440846057596
	all := []Contender{{Name: "ALS", Rank: t.Base.Rank, UnobservedWeight: t.Base.UnobservedWeight, Reg: t.Base.Reg}}
	for i := 1; i < t.Candidates; i++ {
		coordinate := func(step float64) float64 {
			_, fraction := math.Modf(0.5 + float64(i)*step)
			return fraction
		}
		all = append(all, Contender{
			Name:             "ALS",
			UnobservedWeight: between(leastUnobserved, mostUnobserved, coordinate(1/g)),
			Reg:              between(leastReg, mostReg, coordinate(1/(g*g))),
			Rank:             t.Ranks[int(coordinate(1/(g*g*g))*float64(len(t.Ranks)))],
		})
	}
	return all
}

// between returns the number at a fraction of the way from a to b, by their
// logarithms, to three digits.
func between(a, b, fraction float64) float64 {
	x := a * math.Pow(b/a, fraction)
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return math.Round(x/unit) * unit
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
	t.EASEItems = cmp.Or(t.EASEItems, 4000)
	if len(t.Ranks) == 0 {
		t.Ranks = []int{32, 64, 128}
	}
	return t
}
