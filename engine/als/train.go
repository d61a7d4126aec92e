package als

import (
	"context"
	"fmt"
)

// Sweep tells how training stands after both sides were solved once more.
type Sweep struct {
	N    int     `json:"n"`              // 1 for the first sweep
	Loss float64 `json:"loss"`           // the whole objective
	RMSE float64 `json:"rmse,omitempty"` // over the training ratings; TrainExplicit only
}

// Result is a trained implicit model: the score of a pair is the dot product
// of their factors. A user or item without interactions has a factor of zeros.
type Result struct {
	Users, Items Factors
	Sweeps       []Sweep
}

// Train factorises m, whose rows are users and whose columns are items.
//
// After each sweep it calls onSweep, when not nil; an error from there, or the
// end of ctx, stops training and is returned. Weights must be finite and not
// negative. An empty matrix trains to zeros.
func Train(ctx context.Context, m *Matrix, s Settings, onSweep func(Sweep) error) (*Result, error) {
	d, err := dataOf(m)
	if err != nil {
		return nil, err
	}
	return d.Train(ctx, s, onSweep)
}

// Train is the function Train for the data's matrix.
func (d *Data) Train(ctx context.Context, s Settings, onSweep func(Sweep) error) (*Result, error) {
	s = s.WithDefaults()
	if err := s.validate(); err != nil {
		return nil, err
	}
	t, err := newTrainer(ctx, d, s)
	if err != nil {
		return nil, err
	}
	result := func(sweeps []Sweep) *Result {
		return &Result{Users: t.factors[0], Items: t.factors[1], Sweeps: sweeps}
	}
	sweeps, err := repeat(s.Iterations, func() (Sweep, error) { return t.sweep(ctx) }, onSweep, kept(s.Keep, result))
	if err != nil {
		return nil, err
	}
	return result(sweeps), nil
}

// kept calls keep, if there is one, with the result so far.
func kept[R any](keep func(R) error, result func([]Sweep) R) func([]Sweep) error {
	if keep == nil {
		return nil
	}
	return func(sweeps []Sweep) error { return keep(result(sweeps)) }
}

// repeat runs a number of sweeps, shows each to onSweep, and all so far to keep,
// and returns them all.
func repeat(n int, sweep func() (Sweep, error), onSweep func(Sweep) error, keep func([]Sweep) error) ([]Sweep, error) {
	var sweeps []Sweep
	for i := 1; i <= n; i++ {
		s, err := sweep()
		if err != nil {
			return nil, fmt.Errorf("sweep %d: %w", i, err)
		}
		s.N = i
		sweeps = append(sweeps, s)
		if onSweep != nil {
			if err := onSweep(s); err != nil {
				return nil, err
			}
		}
		if keep != nil {
			if err := keep(sweeps); err != nil {
				return nil, err
			}
		}
	}
	return sweeps, nil
}

// trainer holds the state of Train between sweeps: users are side 0, items
// side 1.
type trainer struct {
	Settings
	sides   [2]*rows
	tasks   [2][]task
	factors [2]Factors
	values  []float64 // eigenvalues of the Gramian that the items start in the basis of
	// Kept for their room:
	pairs         *pairs // of the side that is fixed; for the fast setting only
	decomposition decomposition
	crew          crew
}

func newTrainer(ctx context.Context, d *Data, s Settings) (*trainer, error) {
	users, items := d.sides[0].Rows, d.sides[1].Rows
	t := &trainer{Settings: s, sides: d.sides, tasks: split(d.sides, s.Rank), crew: make(crew, s.Threads)}
	if t.fast() {
		t.pairs = newPairs(max(users, items), s.Rank)
	}
	if s.Init == nil {
		first, err := d.start(ctx, s)
		if err != nil {
			return nil, err
		}
		t.factors[0], t.factors[1] = NewFactors(users, s.Rank), first.items
		t.values = first.values
		return t, nil
	}
	s.Init.Users.check("initial user", users, s.Rank)
	s.Init.Items.check("initial item", items, s.Rank)
	t.factors[0], t.factors[1] = s.Init.Users, s.Init.Items
	return t, nil
}

// fast reports whether rows are improved and not solved.
func (t *trainer) fast() bool { return t.Solver == Fast && !narrow(t.Rank) }

// total returns the sum of a row's weights.
func total(index []int32, weight []float32) float64 {
	if weight == nil {
		return float64(len(index))
	}
	n := 0.0
	for _, w := range weight {
		n += float64(w)
	}
	return n
}

// sweep solves users and then items. The items' objectives hold the whole loss
// but for the penalty on users.
func (t *trainer) sweep(ctx context.Context) (Sweep, error) {
	users, err := t.half(ctx, 0)
	if err != nil {
		return Sweep{}, err
	}
	items, err := t.half(ctx, 1)
	if err != nil {
		return Sweep{}, err
	}
	return Sweep{Loss: items.value + users.penalty}, nil
}

// half solves one side against the other.
func (t *trainer) half(ctx context.Context, side int) (sum, error) {
	fixed := t.factors[1-side]
	if t.values == nil {
		b, err := t.decomposition.turn(ctx, fixed, t.Threads)
		if err != nil {
			return sum{}, err
		}
		t.values = b.values
		if t.fast() {
			if err := b.rotate(ctx, t.factors[side], t.Threads); err != nil {
				return sum{}, err
			}
		}
	}
	h := newHalf(fixed, t.values, t.Settings)
	t.values = nil
	if t.fast() {
		h.power = meanSquare(fixed, t.sides[1-side].count)
		h.pairs = t.pairs
		if err := h.pairs.pack(ctx, fixed, t.Threads); err != nil {
			return sum{}, err
		}
	}
	return h.solve(ctx, t.sides[side], t.tasks[side], t.factors[side], t.crew)
}

// newHalf returns the half sweep against fixed, which is in the basis of its
// Gramian, whose eigenvalues are given.
func newHalf(fixed Factors, values []float64, s Settings) *half {
	h := &half{fixed: fixed, spectrum: make([]float32, fixed.Rank)}
	h.reg = regularizer{
		lambda:   s.Reg,
		exponent: max(0, s.RegExponent),
		offset:   s.UnobservedWeight * float64(fixed.Rows),
		least:    rounding * s.UnobservedWeight * values[0],
	}
	for k, v := range values {
		h.spectrum[k] = float32(s.UnobservedWeight * v)
	}
	return h
}
