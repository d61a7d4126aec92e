package als

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gonum.org/v1/gonum/mat"

	"valse/engine/internal/kernel"
)

// checkerboard returns the matrix in which even users have every even item but
// their own number, and odd users every odd one.
func checkerboard(n int) *Matrix {
	var row, col []int32
	for u := range int32(n) {
		for i := u % 2; i < int32(n); i += 2 {
			if i != u {
				row, col = append(row, u), append(col, i)
			}
		}
	}
	return NewMatrix(n, n, row, col, nil)
}

// powerLaw returns a matrix of random entries, a few rows and columns of which
// have many of them.
func powerLaw(rows, cols, entries int, weighted bool, seed uint64) *Matrix {
	random := rand.New(rand.NewPCG(seed, 1))
	skewed := func(n int) int32 { return int32(float64(n) * math.Pow(random.Float64(), 3)) }
	row, col := make([]int32, entries), make([]int32, entries)
	var weight []float32
	for e := range row {
		row[e], col[e] = skewed(rows), skewed(cols)
		if weighted {
			weight = append(weight, 3*random.Float32())
		}
	}
	return NewMatrix(rows, cols, row, col, weight)
}

func TestTrainCompletesTheCheckerboard(t *testing.T) {
	const n = 20
	for _, solver := range []Solver{Exact, Fast} {
		r, err := Train(t.Context(), checkerboard(n), Settings{Rank: 2, Solver: solver}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for u := range n {
			for i := range n {
				score := kernel.Dot(r.Users.Row(u), r.Items.Row(i))
				want := float32(0)
				if u%2 == i%2 {
					want = 0.9
				}
				if diff := score - want; diff < -0.1 || diff > 0.1 {
					t.Errorf("solver %d: score of user %d, item %d = %.3f, want %v ± 0.1", solver, u, i, score, want)
				}
			}
		}
	}
}

// lossOf computes the objective from its definition.
func lossOf(m *Matrix, r *Result, s Settings) float64 {
	s = s.WithDefaults()
	loss := 0.0
	for u := range m.Rows {
		weight := make([]float64, m.Cols)
		index, w := m.Row(u)
		for e, i := range index {
			weight[i] = 1
			if w != nil {
				weight[i] = float64(w[e])
			}
		}
		for i := range m.Cols {
			score := float64(kernel.Dot(r.Users.Row(u), r.Items.Row(i)))
			loss += weight[i]*(1-score)*(1-score) + s.UnobservedWeight*score*score
		}
	}
	penalty := func(m *Matrix, f Factors) {
		for i := range m.Rows {
			n := total(m.Row(i)) + s.UnobservedWeight*float64(m.Cols)
			loss += s.Reg * math.Pow(n, max(0, s.RegExponent)) * float64(kernel.Dot(f.Row(i), f.Row(i)))
		}
	}
	penalty(m, r.Users)
	penalty(m.Transpose(), r.Items)
	return loss
}

func TestTrainReportsTheLossOfItsDefinition(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		for _, s := range []Settings{
			{Rank: 8},
			{Rank: 18, Solver: Fast},
			{Rank: 5, RegExponent: -1, Reg: 0.5, UnobservedWeight: 0.02},
			{Rank: 33, RegExponent: 0.5, Iterations: 2},
		} {
			m := powerLaw(60, 45, 700, weighted, 3)
			r, err := Train(t.Context(), m, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, want := r.Sweeps[len(r.Sweeps)-1].Loss, lossOf(m, r, s)
			rounding := 1e-4
			if s.Solver == Fast {
				rounding = 1e-3 // it reads factors of sixteen bits, and has few to average over
			}
			if math.Abs(got-want) > rounding*want {
				t.Errorf("Train(%+v), weighted %v: loss %v, want %v", s, weighted, got, want)
			}
		}
	}
}

func TestTrainNeverRaisesTheLoss(t *testing.T) {
	m := powerLaw(200, 150, 4000, true, 7)
	last := math.Inf(1)
	_, err := Train(t.Context(), m, Settings{Rank: 16, Iterations: 20}, func(s Sweep) error {
		if s.Loss > last*(1+1e-6) {
			t.Errorf("loss after sweep %d = %v, before %v", s.N, s.Loss, last)
		}
		last = s.Loss
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTrainGivesTheSameBitsWhateverTheThreads(t *testing.T) {
	m := powerLaw(3000, 900, 30000, true, 5)
	for _, start := range []Settings{{Rank: 20}, {Rank: 20, Solver: Fast}, {Rank: 12}} {
		train := func(threads int) *Result {
			s := start
			s.Iterations, s.Seed, s.Threads = 3, 9, threads
			r, err := Train(t.Context(), m, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		want := train(1)
		for _, threads := range []int{2, 3, 7} {
			got := train(threads)
			if !slices.Equal(want.Users.Data, got.Users.Data) || !slices.Equal(want.Items.Data, got.Items.Data) {
				t.Errorf("Train(%+v) with %d threads differs from one thread", start, threads)
			}
			if !slices.Equal(want.Sweeps, got.Sweeps) {
				t.Errorf("Train(%+v) with %d threads: sweeps %v, want %v", start, threads, got.Sweeps, want.Sweeps)
			}
		}
	}
}

func TestDefaultsStayWhenAppliedAgain(t *testing.T) {
	for _, s := range []Settings{{}, {RegExponent: -1, Rank: 3}, {UnobservedWeight: 2, Threads: 5}} {
		once := s.WithDefaults()
		if twice := once.WithDefaults(); !cmp.Equal(once, twice) {
			t.Errorf("WithDefaults of %+v = %+v, and again %+v", s, once, twice)
		}
	}
}

func TestTrainContinuesFromAnEarlierResult(t *testing.T) {
	m := powerLaw(100, 80, 1500, false, 5)
	train := func(s Settings) *Result {
		r, err := Train(t.Context(), m, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := train(Settings{Rank: 8, Iterations: 6}).Sweeps[5].Loss
	first := train(Settings{Rank: 8, Iterations: 4})
	got := train(Settings{Rank: 8, Iterations: 2, Init: first}).Sweeps[1].Loss
	if math.Abs(got-want) > 1e-4*want {
		t.Errorf("loss after 4 and 2 sweeps = %v, after 6 = %v", got, want)
	}
}

func TestTrainStopsWhenAsked(t *testing.T) {
	m := checkerboard(10)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Train(ctx, m, Settings{Rank: 4}, func(s Sweep) error {
		if s.N == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Train, cancelled: %v, want context.Canceled", err)
	}
	enough := errors.New("enough")
	if _, err := Train(t.Context(), m, Settings{Rank: 4}, func(Sweep) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("Train = %v, want the error of onSweep", err)
	}
}

func TestTrainRefusesWhatCannotBeTrained(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	weighted := func(w float32) *Matrix {
		return NewMatrix(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{1, w})
	}
	for name, c := range map[string]struct {
		m *Matrix
		s Settings
	}{
		"NaN weight":            {weighted(nan), Settings{}},
		"infinite weight":       {weighted(inf), Settings{}},
		"negative weight":       {weighted(-1), Settings{}},
		"negative rank":         {weighted(1), Settings{Rank: -1}},
		"negative λ":            {weighted(1), Settings{Reg: -1}},
		"NaN λ":                 {weighted(1), Settings{Reg: math.NaN()}},
		"negative w₀":           {weighted(1), Settings{UnobservedWeight: -1}},
		"NaN ν":                 {weighted(1), Settings{RegExponent: math.NaN()}},
		"unknown solver":        {weighted(1), Settings{Solver: 7}},
		"overflowing weights":   {weighted(math.MaxFloat32), Settings{UnobservedWeight: math.MaxFloat32}},
		"overflowing start":     {weighted(1), Settings{Rank: 1, Init: &Result{Users: NewFactors(2, 1), Items: Factors{2, 1, []float32{inf, 1}}}}},
		"start that is not one": {weighted(1), Settings{Rank: 1, Init: &Result{Users: NewFactors(2, 1), Items: Factors{2, 1, []float32{nan, 1}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Train(t.Context(), c.m, c.s, nil)
			if err == nil && !allFinite(r.Users, r.Items) {
				t.Errorf("Train returned factors that are not finite")
			} else if err == nil && name != "overflowing weights" {
				t.Error("Train returned no error")
			}
		})
	}
}

func TestTrainStaysFiniteOnDegenerateData(t *testing.T) {
	ones := []float32{1, 1, 1}
	for name, m := range map[string]*Matrix{
		"nobody":             NewMatrix(0, 5, nil, nil, nil),
		"nothing":            NewMatrix(5, 0, nil, nil, nil),
		"neither":            NewMatrix(0, 0, nil, nil, nil),
		"no interactions":    NewMatrix(3, 4, nil, nil, nil),
		"one interaction":    NewMatrix(1, 1, []int32{0}, []int32{0}, nil),
		"one user":           NewMatrix(1, 3, []int32{0, 0, 0}, []int32{0, 1, 2}, ones),
		"one item":           NewMatrix(3, 1, []int32{0, 1, 2}, []int32{0, 0, 0}, ones),
		"all equal":          NewMatrix(2, 2, []int32{0, 0, 1, 1}, []int32{0, 1, 0, 1}, nil),
		"zero weights":       NewMatrix(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{0, 0}),
		"huge weights":       NewMatrix(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{1e30, 1e30}),
		"tiny weights":       NewMatrix(2, 2, []int32{0, 1}, []int32{0, 1}, []float32{1e-40, 1e-38}),
		"very mixed weights": NewMatrix(2, 2, []int32{0, 0, 1}, []int32{0, 1, 1}, []float32{1e-30, 1e20, 1}),
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []Settings{{Rank: 1}, {Rank: 7}, {Rank: 7, Solver: Fast}, {Rank: 7, Reg: 1e-30}, {Rank: 7, Reg: 1e10}} {
				r, err := Train(t.Context(), m, s, nil)
				if err != nil {
					t.Errorf("Train(%+v): %v", s, err)
				} else if !allFinite(r.Users, r.Items) {
					t.Errorf("Train(%+v): factors are not finite", s)
				}
			}
		})
	}
}

func allFinite(tables ...Factors) bool {
	for _, f := range tables {
		for _, v := range f.Data {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return false
			}
		}
	}
	return true
}

// solveDense computes one row in float64 from the definition of the loss.
func solveDense(fixed Factors, index []int32, weight []float32, s Settings) []float64 {
	s = s.WithDefaults()
	a, b := mat.NewSymDense(s.Rank, nil), mat.NewVecDense(s.Rank, nil)
	y := func(i int) *mat.VecDense {
		v := mat.NewVecDense(s.Rank, nil)
		for k, c := range fixed.Row(i) {
			v.SetVec(k, float64(c))
		}
		return v
	}
	for i := range fixed.Rows {
		a.SymRankOne(a, s.UnobservedWeight, y(i))
	}
	for e, i := range index {
		w := 1.0
		if weight != nil {
			w = float64(weight[e])
		}
		a.SymRankOne(a, w, y(int(i)))
		b.AddScaledVec(b, w, y(int(i)))
	}
	reg := s.Reg * math.Pow(total(index, weight)+s.UnobservedWeight*float64(fixed.Rows), max(0, s.RegExponent))
	for k := range s.Rank {
		a.SetSym(k, k, a.At(k, k)+reg)
	}
	var x mat.VecDense
	if err := x.SolveVec(a, b); err != nil {
		panic(err)
	}
	return x.RawVector().Data
}
