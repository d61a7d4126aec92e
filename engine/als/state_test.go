package als

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"valse/engine/internal/kernel"
	"valse/engine/internal/kernel/kerneltest"
	"valse/internal/trial"
)

// walk makes a state by random steps: items come, change and go.
func walk(random *rand.Rand, s *State, items, steps int) {
	for range steps {
		item := int32(random.IntN(items))
		if random.IntN(2) == 0 {
			s.Remove(item)
		} else {
			s.Set(item, 0.5+4*random.Float32())
		}
	}
}

// distance is the length of a − b relative to that of b.
func distance(a, b []float32) float64 {
	off := make([]float32, len(a))
	copy(off, a)
	kernel.Axpy(-1, b, off)
	return math.Sqrt(dot(off, off) / dot(b, b))
}

// folders are what states are made from: with a regulariser that stands and one
// that moves, and of stars.
func folders(items, rank int) map[string]func(index []int32, value []float32) *State {
	fixed := randomFactors(items, rank, 4)
	kernel.Scale(fixed.Data, 10, fixed.Data, ones(len(fixed.Data))) // as long as trained ones
	bias := make([]float32, items)
	for i := range bias {
		bias[i] = float32(i%7) / 10
	}
	stars := &ExplicitResult{Mean: 3, ItemBias: bias, Items: fixed}
	return map[string]func([]int32, []float32) *State{
		"ν = 0":        NewFolder(fixed, Settings{RegExponent: -1, Reg: 0.1}).State,
		"ν = 1":        NewFolder(fixed, Settings{}).State,
		"stars":        NewExplicitFolder(stars, ExplicitSettings{}).State,
		"stars, ν = 0": NewExplicitFolder(stars, ExplicitSettings{RegExponent: -1}).State,
	}
}

func TestAStateAfterManyStepsEqualsAFreshSolve(t *testing.T) {
	const items = 300
	random := trial.Rand(t)
	for _, rank := range []int{1, 24, 64} {
		for name, make0 := range folders(items, rank) {
			s := make0([]int32{1}, []float32{1})
			kept := s.solveAfter(random, items, trial.Rounds(10_000, 100_000))
			fresh := make0(s.index, s.value)
			want := make([]float32, rank)
			fresh.Solve(want)
			if off := distance(kept, want); !(off < 1e-3) {
				t.Errorf("rank %d, %s: after many steps the factor is off by %.2g, want below 1e-3", rank, name, off)
			}
			a, b := make([]float64, items), make([]float64, items)
			every := span(items)
			s.Variance(a, every)
			fresh.Variance(b, every)
			for i := range a {
				if math.Abs(a[i]-b[i]) > 1e-3*b[i] {
					t.Fatalf("rank %d, %s: variance of item %d after many steps %v, fresh %v", rank, name, i, a[i], b[i])
				}
			}
		}
	}
}

// solveAfter walks with a factor kept all the while.
func (s *State) solveAfter(random *rand.Rand, items, steps int) []float32 {
	x := make([]float32, len(s.x))
	for done := 0; done < steps; done += 100 {
		s.Variance(make([]float64, 1), []int32{0})
		walk(random, s, items, 100)
	}
	s.Solve(x)
	return x[:s.half.fixed.Rank-s.biases()]
}

func (s *State) biases() int {
	if s.base != nil {
		return 1
	}
	return 0
}

func span(n int) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

// TestRoundingLeavesLittleInTheKeptMatrix looks below the check that would sum
// it up again.
func TestRoundingLeavesLittleInTheKeptMatrix(t *testing.T) {
	const items, rank = 300, 64
	s := folders(items, rank)["ν = 0"]([]int32{1}, []float32{1})
	s.Variance(make([]float64, 1), []int32{0})
	walk(rand.New(rand.NewPCG(1, 2)), s, items, 10_000)
	if s.factor == nil {
		t.Fatal("the factor was given up on the way")
	}
	w := s.solvers.New().(*rowSolver)
	clear(s.x)
	whole := s.refine(w)
	left := s.refine(w)
	if left > 1e-3*whole {
		t.Errorf("after 10,000 rank-one steps of the factor the residual is %.2g, want below 1e-3", left/whole)
	}
	t.Logf("residual after 10,000 rank-one steps: %.2g", left/whole)
}

func TestASpoiltMatrixIsSummedUpAgain(t *testing.T) {
	s := folders(100, 8)["ν = 1"](span(20), nil)
	want, got := make([]float32, 8), make([]float32, 8)
	s.Solve(want)
	s.gram.c[3] += 5
	s.Set(1, 2)
	s.Set(1, 1)
	if s.Solve(got); distance(got, want) > 1e-5 {
		t.Errorf("with a spoilt matrix the factor is %v, want %v", got, want)
	}
}

func TestUndoingByDowndateEqualsSolvingWithout(t *testing.T) {
	const items = 200
	for _, rank := range []int{16, 64} {
		for name, make0 := range folders(items, rank) {
			for _, n := range []int{2, 10, 64, 150} {
				index, value := history(items, n)
				s := make0(index, value)
				s.Variance(make([]float64, 1), []int32{0})
				undone := s.Clone()
				undone.Sync(index[1:], value[1:])
				got, want := make([]float32, rank), make([]float32, rank)
				gotBias, wantBias := undone.Solve(got), make0(index[1:], value[1:]).Solve(want)
				if off := distance(append(got, gotBias), append(want, wantBias)); off > 1e-4 {
					t.Errorf("rank %d, %s, %d items: undone is off by %.2g, want below 1e-4", rank, name, n, off)
				}
				var before [1]float64
				s.Variance(before[:], []int32{0})
				if len(s.index) != n || before[0] <= 0 {
					t.Errorf("the clone changed what it came from")
				}
			}
		}
	}
}

func TestAStateAgreesWithItsFolder(t *testing.T) {
	const items, rank = 300, 32
	fixed := randomFactors(items, rank, 4)
	f := NewFolder(fixed, Settings{})
	for _, n := range []int{0, 1, 31, 32, 200} {
		index, weight := history(items, n)
		s := f.State(index, weight)
		if n > 0 {
			s.Variance(make([]float64, 1), []int32{0})
		}
		got, want := make([]float32, rank), make([]float32, rank)
		s.Solve(got)
		f.Solve(want, index, weight)
		if n > 0 && distance(got, want) > 1e-4 {
			t.Errorf("%d items: state solves %v, folder %v", n, got, want)
		}
		for item := range int32(10) {
			contribution, base, score := s.Explain(item)
			wanted := float64(kernel.Dot(want, fixed.Row(int(item))))
			sum := float64(base)
			for _, c := range contribution {
				sum += float64(c)
			}
			if len(contribution) != n || math.Abs(sum-wanted) > 1e-4*math.Abs(wanted)+1e-7 || math.Abs(float64(score)-wanted) > 1e-4*math.Abs(wanted)+1e-7 {
				t.Errorf("%d items: contributions add up to %v, score %v, want %v", n, sum, score, wanted)
			}
		}
	}
}

func TestVarianceIsOfTheDefinitionAndFallsWithEvidence(t *testing.T) {
	const items, rank = 50, 5
	s := Settings{Rank: rank, UnobservedWeight: 0.2, Reg: 0.5, RegExponent: -1}
	fixed := randomFactors(items, rank, 2)
	state := NewFolder(fixed, s).State(nil, nil)
	last := make([]float64, items)
	state.Variance(last, span(items))
	for n := 1; n < 20; n++ {
		state.Set(int32(n), 2)
		got := make([]float64, items)
		state.Variance(got, span(items))
		for i, v := range got {
			if v > last[i]*(1+1e-5) || v <= 0 {
				t.Errorf("%d items: variance of item %d = %v, before %v", n, i, v, last[i])
			}
		}
		last = got
	}
	// yᵀA⁻¹y is the score of item y for targets that make ZᵀCr = y; with the
	// whole history on item 7 alone ZᵀCr = c·y₇, so the score of 7 is c times
	// its variance.
	state = NewFolder(fixed, s).State([]int32{7}, []float32{2})
	x := make([]float32, rank)
	state.Solve(x)
	state.Variance(last, span(items))
	if score := float64(kernel.Dot(x, fixed.Row(7))); math.Abs(2*last[7]-score) > 1e-5*score {
		t.Errorf("variance of the only item = %v, want half of its score %v", last[7], score)
	}
}

func TestStatesStayFiniteOnHugeAndTinyWeights(t *testing.T) {
	fixed := randomFactors(20, 4, 1)
	for _, weight := range []float32{1e30, 1e-38, math.MaxFloat32} {
		s := NewFolder(fixed, Settings{}).State(span(10), nil)
		s.Set(3, weight)
		x, v := make([]float32, 4), make([]float64, 20)
		s.Variance(v, span(20))
		s.Solve(x)
		for _, number := range x {
			if math.IsNaN(float64(number)) || math.IsInf(float64(number), 0) {
				t.Fatalf("weight %v: factor %v", weight, x)
			}
		}
		for _, number := range v {
			if math.IsNaN(number) || math.IsInf(number, 0) {
				t.Fatalf("weight %v: variances %v", weight, v)
			}
		}
	}
}

// BenchmarkState measures what one more event costs: with the state kept, with
// the rank-one step where it is exact, and solved anew from the history.
func BenchmarkState(b *testing.B) {
	const items = 26744
	for _, rank := range []int{64, 256} {
		fixed := randomFactors(items, rank, 1)
		for _, n := range []int{20, 100, 500, 2000} {
			index, weight := history(items, n)
			x, v := make([]float32, rank), make([]float64, 1)
			measure := func(what string, s Settings, f func(*Folder, *State)) {
				b.Run(fmt.Sprintf("rank=%d/items=%d/%s", rank, n, what), func(b *testing.B) {
					folder := NewFolder(fixed, s)
					state := folder.State(index, weight)
					state.Variance(v, []int32{9})
					stop := kerneltest.Meter(b, 0)
					for b.Loop() {
						f(folder, state)
					}
					stop()
				})
			}
			turn := float32(0)
			step := func(_ *Folder, s *State) { turn = 1 - turn; s.Set(11, 1+turn); s.Solve(x) }
			measure("fold", Settings{}, func(f *Folder, _ *State) { f.Solve(x, index, weight) })
			measure("state", Settings{}, step)
			measure("rank-one", Settings{RegExponent: -1}, step)
			measure("variance", Settings{}, func(_ *Folder, s *State) { s.Variance(v, []int32{9}) })
			measure("explain", Settings{}, func(_ *Folder, s *State) { s.Explain(9) })
			measure("explain-fold", Settings{}, func(f *Folder, _ *State) { f.Explain(index, weight, 9) })
		}
	}
}
