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
	sweeps, err := repeat(s.Iterations, func() (Sweep, error) { return t.sweep(ctx) }, onSweep)
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
	sides   [2]*rows
	ratings [2][]float32 // less the mean, parallel to the sides' entries
	target  []float32    // ratings less the fixed side's biases, of one half sweep
	factors [2]Factors
	bias    [2][]float32
}

func newExplicitTrainer(m *Matrix, s ExplicitSettings) *explicitTrainer {
	t := &explicitTrainer{ExplicitSettings: s, target: make([]float32, m.NNZ())}
	centred := &Matrix{Rows: m.Rows, Cols: m.Cols, Ptr: m.Ptr, Index: m.Index}
	centred.Weight, t.mean = centre(m)
	for side, m := range []*Matrix{centred, centred.Transpose()} {
		t.ratings[side] = m.Weight
		m.Weight = nil
		t.sides[side] = newRows(m, s.Rank+1)
		t.bias[side] = make([]float32, m.Rows)
	}
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
func centre(m *Matrix) (centred []float32, mean float64) {
	if m.Weight == nil {
		return make([]float32, m.NNZ()), 1
	}
	for _, r := range m.Weight {
		mean += float64(r)
	}
	mean /= float64(max(1, m.NNZ()))
	centred = make([]float32, m.NNZ())
	for e, r := range m.Weight {
		centred[e] = float32(float64(r) - mean)
	}
	return centred, mean
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
	for e, column := range t.sides[side].Index {
		t.target[e] = t.ratings[side][e] - t.bias[other][column]
	}
	h := explicitHalf(t.factors[other], t.ExplicitSettings)
	s, err := h.solve(ctx, t.sides[side], t.target, t.factors[side], t.Threads)
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
