package als

import (
	"context"
	"fmt"
	"math"

	"valse/engine/internal/kernel"
)

// ExplicitResult is a trained model of stars:
// r ≈ Mean + UserBias[u] + ItemBias[i] + Users.Row(u)·Items.Row(i).
type ExplicitResult struct {
	Mean               float32
	UserBias, ItemBias []float32
	Users, Items       Factors
	Sweeps             []Sweep
}

// Predict returns the model's rating of an item by a user, which may lie
// outside the scale of the stars.
func (r *ExplicitResult) Predict(user, item int32) float32 {
	return r.Mean + r.UserBias[user] + r.ItemBias[item] +
		kernel.Dot(r.Users.Row(int(user)), r.Items.Row(int(item)))
}

// TrainExplicit fits the stars of a ratings matrix (users × items, the weight
// of an entry is its rating; see NewRatings). It calls onSweep and stops like
// Train. Ratings must be finite.
func TrainExplicit(ctx context.Context, ratings *Matrix, s ExplicitSettings, onSweep func(Sweep) error) (*ExplicitResult, error) {
	s = s.WithDefaults()
	if err := s.validate(); err != nil {
		return nil, err
	}
	if err := ratings.check(math.Inf(-1)); err != nil {
		return nil, err
	}
	t := newExplicitTrainer(ratings, s)
	sweeps, err := repeat(s.Iterations, func() (Sweep, error) { return t.sweep(ctx) }, onSweep, kept(s.Keep, t.result))
	if err != nil {
		return nil, err
	}
	return t.result(sweeps), nil
}

// explicitTrainer holds the state of TrainExplicit between sweeps: users are
// side 0, items side 1. A row is its factor with a 1 appended, the feature that
// the other side's bias is the coefficient of; so a row and its bias are solved
// as one ridge regression.
type explicitTrainer struct {
	ExplicitSettings
	mean    float64
	sides   [2]*rows // of ratings less the mean; their base is the other side's biases
	tasks   [2][]task
	factors [2]Factors
	bias    [2][]float32
	crew    crew
}

func newExplicitTrainer(m *Matrix, s ExplicitSettings) *explicitTrainer {
	t := &explicitTrainer{ExplicitSettings: s, crew: make(crew, s.Threads)}
	centred := &Matrix{Rows: m.Rows, Cols: m.Cols, Ptr: m.Ptr, Index: m.Index}
	centred.Weight, t.mean = centre(m)
	t.sides[0], t.sides[1] = newRows(centred).counted(), newColumns(centred).counted()
	t.tasks = split(t.sides, s.Rank+1)
	t.bias[0], t.bias[1] = make([]float32, m.Rows), make([]float32, m.Cols)
	t.sides[0].base, t.sides[1].base = t.bias[1], t.bias[0]
	users, items := NewFactors(m.Rows, s.Rank), Factors{}
	if s.Init == nil {
		items = randomFactors(m.Cols, s.Rank, s.Seed)
	} else {
		s.Init.check(m.Rows, m.Cols, s.Rank)
		users, items = s.Init.Users, s.Init.Items
		copy(t.bias[0], s.Init.UserBias)
		copy(t.bias[1], s.Init.ItemBias)
	}
	t.factors[0], t.factors[1] = users.withOnes(), items.withOnes()
	return t
}

// centre returns the ratings less their mean, and the mean.
func centre(m *Matrix) (centred Weights, mean float64) {
	if m.Weight.AllOne() {
		return NewWeights(make([]float32, m.NNZ())), 1
	}
	for e := range m.Index {
		mean += float64(m.Weight.at(int64(e)))
	}
	mean /= float64(max(1, m.NNZ()))
	return m.Weight.mapped(func(r float32) float32 { return float32(float64(r) - mean) }), mean
}

// sweep solves users and then items. The items' objectives hold the whole loss
// but the penalty on users; without their own penalty they are squared errors.
func (t *explicitTrainer) sweep(ctx context.Context) (Sweep, error) {
	users, err := t.half(ctx, 0)
	if err != nil {
		return Sweep{}, err
	}
	items, err := t.half(ctx, 1)
	if err != nil {
		return Sweep{}, err
	}
	squares := max(0, items.value-items.penalty)
	n := max(1, t.sides[0].NNZ())
	return Sweep{Loss: items.value + users.penalty, RMSE: math.Sqrt(squares / float64(n))}, nil
}

// half solves one side against the other. Pairs without a rating play no part,
// so every basis is as good and the regulariser is λn^ν in all of them.
func (t *explicitTrainer) half(ctx context.Context, side int) (sum, error) {
	other := 1 - side
	h := explicitHalf(t.factors[other], t.ExplicitSettings)
	s, err := h.solve(ctx, t.sides[side], t.tasks[side], t.factors[side], t.crew)
	for i := range t.bias[side] {
		one := &t.factors[side].Row(i)[t.Rank]
		t.bias[side][i], *one = *one, 1
	}
	return s, err
}

// explicitHalf returns the half sweep against fixed, whose rows end in a 1.
func explicitHalf(fixed Factors, s ExplicitSettings) *half {
	return &half{
		fixed:    fixed,
		spectrum: make([]float32, fixed.Rank),
		reg:      regularizer{lambda: s.Reg, exponent: max(0, s.RegExponent), least: rounding},
	}
}

func (t *explicitTrainer) result(sweeps []Sweep) *ExplicitResult {
	return &ExplicitResult{
		Mean:     float32(t.mean),
		UserBias: t.bias[0],
		ItemBias: t.bias[1],
		Users:    t.factors[0].withoutOnes(),
		Items:    t.factors[1].withoutOnes(),
		Sweeps:   sweeps,
	}
}

// check panics unless r is a model of the given shape.
func (r *ExplicitResult) check(users, items, rank int) {
	r.Users.check("initial user", users, rank)
	r.Items.check("initial item", items, rank)
	if len(r.UserBias) != users || len(r.ItemBias) != items {
		panic(fmt.Sprintf("als: %d user and %d item biases, want %d and %d",
			len(r.UserBias), len(r.ItemBias), users, items))
	}
}

// withOnes returns a copy of f with a 1 after each row.
func (f Factors) withOnes() Factors {
	g := NewFactors(f.Rows, f.Rank+1)
	for i := range f.Rows {
		copy(g.Row(i), f.Row(i))
		g.Row(i)[f.Rank] = 1
	}
	return g
}

// withoutOnes returns a copy of f without its last column.
func (f Factors) withoutOnes() Factors {
	g := NewFactors(f.Rows, f.Rank-1)
	for i := range f.Rows {
		copy(g.Row(i), f.Row(i))
	}
	return g
}
