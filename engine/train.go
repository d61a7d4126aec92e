package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"valse/engine/als"
)

// The phases that [Progress] names.
const (
	PhaseTrain     = "train"
	PhaseSearch    = "search"
	PhaseEvaluate  = "evaluate"
	PhaseInterview = "interview"
	PhaseUpdate    = "update"
)

// Progress is one step of training, searching or evaluating.
type Progress struct {
	Phase string
	Step  int // sweep, trial or contender, from 1
	Of    int // how many there will be
	// Series is empty for the main curve, else it names the point of a
	// search, like "rank=64 reg=0.01".
	Series string
	Loss   float64 // of the sweep; 0 where there is none
	Metric float64 // RMSE or NDCG where known
}

// TrainOptions go with one training. The zero value works.
type TrainOptions struct {
	ID        string // of the model; empty leaves it to the caller
	CreatedAt time.Time
	Snapshot  string // name of the snapshot the events came from
	RunID     string
	// OnProgress is called after each step, from one goroutine; may be nil.
	// An error from it stops the work and is returned.
	OnProgress func(Progress) error
	// Keep, when not nil, is called by Train after each sweep with the model
	// as it is, which it must not keep beyond the call. Its error stops the
	// work and is returned.
	Keep func(*Model) error
	// From, when not nil, is such a model of the same events and settings:
	// Train takes it over and goes on after its last sweep, to the model that it
	// would have made without stopping, to the bit.
	From *Model
}

func (o *TrainOptions) progress(p Progress) error {
	if o.OnProgress == nil {
		return nil
	}
	return o.OnProgress(p)
}

// Train makes a model of all users and products with evidence in the events.
// Zero settings take their defaults. Errors are a store.Invalid, wrap
// [ErrNoData], or are those of ctx and of OnProgress.
func Train(ctx context.Context, e *Events, s Settings, o TrainOptions) (*Model, error) {
	s = s.WithDefaults()
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	v, err := e.read(s)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	positions := v.all()
	users, products, matrix := v.users, v.products, v.matrix(positions)
	info := Info{
		ID: o.ID, CreatedAt: o.CreatedAt, Settings: s, Snapshot: o.Snapshot, RunID: o.RunID,
		Users: len(users), Products: len(products), Interactions: v.len(),
		Newest: time.UnixMicro(v.newest(positions)).UTC(),
	}
	moves := v.movements(s) // and no more of the evidence is kept while the sweeps run
	name := func(m *Model) {
		m.UserIDs, m.ProductIDs = users, products
		sweeps := m.Info.Sweeps
		m.Info = info
		m.Info.Sweeps = sweeps
	}
	g := going{settings: s, onSweep: func(w als.Sweep) error {
		return o.progress(Progress{Phase: PhaseTrain, Step: w.N, Of: s.Iterations, Loss: w.Loss, Metric: w.RMSE})
	}}
	if o.Keep != nil {
		g.keep = func(m *Model) error { name(m); return o.Keep(m) }
	}
	if m := o.From; m != nil && slices.Equal(m.UserIDs, users) && slices.Equal(m.ProductIDs, products) {
		g.from = m
	}
	m, err := g.fit(ctx, matrix)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	name(m)
	m.Info.Calibration = m.calibrate(moves, s)
	return m, nil
}

// fit runs the solver that the settings ask for. The model it returns has no
// ids and no more information than the sweeps.
func fit(ctx context.Context, matrix *als.Matrix, s Settings, onSweep func(als.Sweep) error) (*Model, error) {
	return going{settings: s, onSweep: onSweep}.fit(ctx, matrix)
}

// going is a fit that may begin where another stopped, and may be stopped.
type going struct {
	settings Settings
	onSweep  func(als.Sweep) error
	keep     func(*Model) error // may be nil
	from     *Model             // nil to begin at the beginning
}

// fit runs the sweeps that are left.
func (g going) fit(ctx context.Context, matrix *als.Matrix) (*Model, error) {
	var before []als.Sweep
	if g.from != nil {
		before = g.from.Info.Sweeps
	}
	left := g.settings.Iterations - len(before)
	if left <= 0 {
		return &Model{X: g.from.X, Y: g.from.Y, Mean: g.from.Mean, UserBias: g.from.UserBias,
			ProductBias: g.from.ProductBias, Info: Info{Sweeps: before}}, nil
	}
	whole := func(m *Model) *Model {
		sweeps := slices.Clone(before)
		for _, w := range m.Info.Sweeps {
			w.N += len(before)
			sweeps = append(sweeps, w)
		}
		m.Info.Sweeps = sweeps
		return m
	}
	onSweep := func(w als.Sweep) error {
		if g.onSweep == nil {
			return nil
		}
		w.N += len(before)
		return g.onSweep(w)
	}
	if g.settings.Feedback == Explicit {
		s := g.settings.explicit()
		s.Iterations = left
		if g.from != nil {
			s.Init = g.from.explicitResult()
		}
		if g.keep != nil {
			s.Keep = func(r *als.ExplicitResult) error { return g.keep(whole(explicitModel(r))) }
		}
		r, err := als.TrainExplicit(ctx, matrix, s, onSweep)
		if err != nil {
			return nil, err
		}
		return whole(explicitModel(r)), nil
	}
	s := g.settings.implicit()
	s.Iterations = left
	if g.from != nil {
		s.Init = &als.Result{Users: g.from.X, Items: g.from.Y}
	}
	if g.keep != nil {
		s.Keep = func(r *als.Result) error { return g.keep(whole(implicitModel(r))) }
	}
	r, err := als.Train(ctx, matrix, s, onSweep)
	if err != nil {
		return nil, err
	}
	return whole(implicitModel(r)), nil
}

func implicitModel(r *als.Result) *Model {
	return &Model{X: r.Users, Y: r.Items, Info: Info{Sweeps: r.Sweeps}}
}

func explicitModel(r *als.ExplicitResult) *Model {
	return &Model{
		X: r.Users, Y: r.Items, Mean: r.Mean, UserBias: r.UserBias, ProductBias: r.ItemBias,
		Info: Info{Sweeps: r.Sweeps},
	}
}

// explicitResult is the inverse of explicitModel.
func (m *Model) explicitResult() *als.ExplicitResult {
	return &als.ExplicitResult{
		Mean: m.Mean, UserBias: m.UserBias, ItemBias: m.ProductBias,
		Users: m.X, Items: m.Y, Sweeps: m.Info.Sweeps,
	}
}

// implicit returns the settings as the solver of confidences takes them.
func (s Settings) implicit() als.Settings {
	settings := als.Settings{
		Rank: s.Rank, Iterations: s.Iterations, UnobservedWeight: s.UnobservedWeight,
		Reg: s.Reg, RegExponent: s.RegExponent, Seed: s.Seed, Threads: s.Threads,
	}
	if s.Fast {
		settings.Solver = als.Fast
	}
	return settings
}

// explicit returns the settings as the solver of stars takes them.
func (s Settings) explicit() als.ExplicitSettings {
	return als.ExplicitSettings{
		Rank: s.Rank, Iterations: s.Iterations,
		Reg: s.Reg, RegExponent: s.RegExponent, Seed: s.Seed, Threads: s.Threads,
	}
}
