package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"valse/engine/als"
	"valse/engine/eval"
	"valse/store"
)

// Tuned is what a search by halving came to.
type Tuned struct {
	// Winner ranks the held-out events best: "ALS", "popularity",
	// "item-to-item" or "EASE".
	Winner string `json:"winner"`
	// Advice says in a sentence what to do about it.
	Advice string `json:"advice"`
	// Refused tells that the model should not be published: it loses to what
	// serves without any model.
	Refused bool `json:"refused,omitempty"`
	// Split is how events were held out.
	Split Split `json:"split"`
}

// The bounds of a tuner's budget.
const (
	leastBudget, mostBudget = 4, 256
	// DefaultBudget is a budget for those who have no opinion.
	DefaultBudget = 24
)

// ValidBudget checks the number of settings that [Tune] may try. The error is a
// store.Invalid.
func ValidBudget(budget int) error {
	if budget < leastBudget || budget > mostBudget {
		return &store.Invalid{Field: "tune", Value: fmt.Sprint(budget), Want: fmt.Sprintf("a number of settings from %d to %d", leastBudget, mostBudget)}
	}
	return nil
}

// Tune tries settings within a budget, beginning with the base, on held-out
// events: w₀, λ, rank, and whether and how fast confidence counts and decays.
// Poor ones are dropped early (see eval.Tuner). It trains the best on all events.
// Plain recommenders take part: the model's Info.Grid is the leaderboard and
// Info.Tuned says who won. Errors are as those of [Train].
func Tune(ctx context.Context, e *Events, base Settings, budget int, o TrainOptions) (*Model, error) {
	base = base.WithDefaults()
	trials, tuned, err := tune(ctx, e, base, budget, o)
	if err != nil {
		return nil, fmt.Errorf("tune: %w", err)
	}
	var best Settings
	for _, t := range trials {
		if t.Best {
			best = t.Settings
		}
	}
	best.Threads = base.Threads
	m, err := Train(ctx, e, best, o)
	if err != nil {
		return nil, err
	}
	m.Info.Grid, m.Info.Tuned = trials, tuned
	return m, nil
}

func tune(ctx context.Context, e *Events, base Settings, budget int, o TrainOptions) ([]Trial, *Tuned, error) {
	if base.Feedback == Explicit {
		return nil, nil, &store.Invalid{Field: "tune", Value: string(base.Feedback), Want: "implicit feedback: search a grid for stars"}
	}
	if err := cmp.Or(base.Validate(), ValidBudget(budget)); err != nil {
		return nil, nil, err
	}
	v, err := e.read(base)
	if err != nil {
		return nil, nil, err
	}
	h, train, kind, err := v.holdOut()
	if err != nil {
		return nil, nil, err
	}
	ways, weightings, err := e.weightings(v, train)
	if err != nil {
		return nil, nil, err
	}
	tuner := eval.Tuner{Base: base.implicit(), Candidates: budget, K: qualityCut, Weightings: weightings, Ranks: ranksAround(base.Rank)}
	at := func(c eval.Contender) Settings { return ways[c.Weighting].tuned(c, base.Iterations) }
	step, of := 0, tuner.Judgements(h.Train.Cols)
	found, err := tuner.Run(ctx, h, func(c eval.Contender) error {
		step++
		name := c.Name
		if name == eval.ALS {
			name = at(c).describe()
		}
		return o.progress(Progress{Phase: PhaseSearch, Step: step, Of: of, Series: name, Metric: c.Validation})
	})
	if err != nil {
		return nil, nil, err
	}
	trials := make([]Trial, len(found.Leaderboard))
	for i, c := range found.Leaderboard {
		trials[i] = Trial{Validation: finite(c.Validation), Test: finite(c.Test), Skipped: c.Skipped, Best: c == found.Best}
		if trials[i].Settings = at(c); c.Name != eval.ALS {
			trials[i].Name, trials[i].Settings = c.Name, base
		} else if !trials[i].Best {
			trials[i].Settings.Iterations = c.Sweeps
		}
	}
	tuned := verdict(found)
	tuned.Split = kind
	return trials, tuned, nil
}

// fewUsers is how many users with something to find are too few to choose by.
const fewUsers = 30

// holdOut sets the parts aside that settings are chosen by, and returns the
// positions of the training part too. Where hardly anyone of the newest events
// was there before, as in a young shop, it is each user's last products.
func (v *evidence) holdOut() (h eval.Holdout, train []int32, kind Split, err error) {
	byTime, err := v.splitForSearch()
	if err != nil {
		return h, nil, "", err
	}
	h, users := v.holdout(byTime)
	if users >= fewUsers {
		return h, byTime.Train, SplitTime, nil
	}
	last := v.leaveLastOut()
	if h, users = v.holdout(last); users > 0 {
		return h, last.Train, SplitLeaveOneOut, nil
	}
	return h, nil, "", noDataf("no held-out event is of a known user with a known product that is new to them: too few to choose settings by")
}

// holdout returns the matrices of a split, and how many users have something to
// find in its validation part.
func (v *evidence) holdout(s eval.Split) (h eval.Holdout, users int) {
	h.Train = v.matrix(s.Train)
	h.Validation, h.Test = v.warm(s.Validation, h.Train, h.Train), v.warm(s.Test, h.Train, h.Train)
	for u := range h.Validation.Rows {
		if wanted, _ := h.Validation.Row(u); len(wanted) > 0 {
			users++
		}
	}
	return h, users
}

// tuned returns the settings of a contender, to be trained in full.
func (s Settings) tuned(c eval.Contender, sweeps int) Settings {
	s.Rank, s.UnobservedWeight, s.Reg, s.Iterations = c.Rank, c.UnobservedWeight, c.Reg, sweeps
	return s
}

// describe names settings in a search, as people tell them apart.
func (s Settings) describe() string {
	name := fmt.Sprintf("rank=%d reg=%g w0=%g", s.Rank, s.Reg, s.UnobservedWeight)
	if s.Binary {
		name += " binary"
	}
	if s.HalfLife > 0 {
		name += fmt.Sprintf(" half-life=%gd", s.HalfLife)
	}
	return name
}

// ranksAround returns the ranks to choose from.
func ranksAround(rank int) []int {
	return []int{max(8, rank/2), rank, min(1024, 2*rank)}
}

// weightings returns ways of weighing the training part, the base's first, and
// the settings of each: with and without confidence, and with confidence that
// decays within the time the events span, or a quarter of it.
func (e *Events) weightings(v *evidence, train []int32) ([]Settings, []eval.Weighting, error) {
	base := v.settings
	ways, weightings := []Settings{base}, []eval.Weighting{eval.NewWeighting(v.matrix(train))}
	try := func(change func(*Settings)) error {
		s := base
		change(&s)
		m, err := e.reweigh(v, s, train)
		if err != nil || m == nil {
			return err
		}
		ways, weightings = append(ways, s), append(weightings, eval.NewWeighting(m))
		return nil
	}
	span := math.Round(float64(v.newest(train)-v.oldest(train)) / (24 * 3600 * 1e6))
	changes := []func(*Settings){
		func(s *Settings) { s.Binary = !s.Binary },
		func(s *Settings) { s.Binary, s.HalfLife = false, span },
		func(s *Settings) { s.Binary, s.HalfLife = false, math.Round(span/4) },
	}
	for i, change := range changes {
		if i > 0 && math.Round(span/4) < 1 {
			break // all within days: nothing to forget
		}
		if err := try(change); err != nil {
			return nil, nil, err
		}
	}
	return ways, weightings, nil
}

// reweigh returns the training matrix under other settings: nil when it holds
// other pairs, as it may where feedback is binary and poor ratings are not.
func (e *Events) reweigh(v *evidence, s Settings, train []int32) (*als.Matrix, error) {
	again, err := e.read(s)
	if err != nil {
		return nil, err
	}
	if again.len() != v.len() {
		return nil, nil
	}
	return again.matrix(train), nil
}

// oldest is the time of the oldest entry among positions.
func (v *evidence) oldest(positions []int32) int64 {
	oldest := int64(math.MaxInt64)
	for _, i := range positions {
		oldest = min(oldest, v.time[i])
	}
	return oldest
}

// verdict says who won and what to do. A model that a plain recommender beats
// may still be the best there is to serve, as long as it beats popularity, which
// serves without any model.
func verdict(found *eval.Tuning) *Tuned {
	won, best := found.Leaderboard[0], found.Best
	popularity := best
	for _, c := range found.Leaderboard {
		if c.Name == eval.Popularity {
			popularity = c
		}
	}
	t := &Tuned{Winner: won.Name, Refused: best.Validation < popularity.Validation}
	figures := func(c eval.Contender) string {
		return fmt.Sprintf("(NDCG@%d %.4f on the events to choose by, %.4f on later ones)", qualityCut, c.Validation, c.Test)
	}
	switch {
	case t.Refused:
		t.Advice = fmt.Sprintf("No settings beat best-sellers %s; the best model %s does not. Publish none: lists of best-sellers serve without one. Tune again when there are more events.",
			figures(popularity), figures(best))
	case won.Name == eval.ALS:
		t.Advice = fmt.Sprintf("The model won %s over best-sellers %s and everything else that was tried.", figures(best), figures(popularity))
	default:
		t.Advice = fmt.Sprintf("%s %s ranks held-out events better than the best model %s, but cannot answer live; the model beats best-sellers %s and may be published.",
			won.Name, figures(won), figures(best), figures(popularity))
	}
	return t
}
