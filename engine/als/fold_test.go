package als

import (
	"math"
	"slices"
	"sync"
	"testing"

	"valse/engine/internal/kernel"
	"valse/engine/internal/kernel/kerneltest"
)

// history returns n distinct items with weights.
func history(items, n int) (index []int32, weight []float32) {
	for e := range n {
		index = append(index, int32(e*7%items))
		weight = append(weight, 0.5+float32(e%3))
	}
	return index, weight
}

// near reports whether two slices differ by less than the tolerance times the
// largest number in want.
func near(got []float32, want []float64, tolerance float64) bool {
	largest, worst := 0.0, 0.0
	for k, w := range want {
		largest = max(largest, math.Abs(w))
		worst = max(worst, math.Abs(float64(got[k])-w))
	}
	return worst <= tolerance*largest
}

func TestFolderSolvesTheDefinition(t *testing.T) {
	const items = 401
	for _, rank := range []int{1, 3, 8, 31, 64, 65} {
		s := Settings{Rank: rank, UnobservedWeight: 0.2, Reg: 0.02, RegExponent: 0.7}
		fixed := randomFactors(items, rank, 4)
		f := NewFolder(fixed, s)
		for _, n := range []int{1, 2, 5, rank - 1, rank, rank + 1, 127, 128, 129, 400} {
			index, weight := history(items, n)
			for _, w := range [][]float32{nil, weight} {
				got := make([]float32, rank)
				f.Solve(got, index, w)
				if want := solveDense(fixed, index, w, s); !near(got, want, 1e-4) {
					t.Errorf("Solve, rank %d, %d items, weighted %v = %v, want %v", rank, n, w != nil, got, want)
				}
			}
		}
	}
}

func TestFolderGivesTheFactorOfTraining(t *testing.T) {
	m := powerLaw(80, 60, 1500, true, 2)
	s := Settings{Rank: 12, Iterations: 5}
	trained, err := Train(t.Context(), m, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := NewFolder(trained.Items, s)
	s.Iterations, s.Init = 1, trained
	next, err := Train(t.Context(), m, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, s.Rank)
	for u := range m.Rows {
		index, weight := m.Row(u)
		f.Solve(x, index, weight)
		got, want := math.Sqrt(float64(kernel.Dot(x, x))), math.Sqrt(float64(kernel.Dot(next.Users.Row(u), next.Users.Row(u))))
		if math.Abs(got-want) > 1e-4*max(want, 1e-3) {
			t.Errorf("length of user %d folded in = %v, trained %v", u, got, want)
		}
	}
}

func TestFolderGivesZerosForNoHistory(t *testing.T) {
	x := []float32{1, 2, 3}
	NewFolder(randomFactors(9, 3, 1), Settings{}).Solve(x, nil, nil)
	if !slices.Equal(x, []float32{0, 0, 0}) {
		t.Errorf("Solve of nothing = %v, want zeros", x)
	}
}

func TestExplanationsAddUpToTheScore(t *testing.T) {
	const items, rank = 300, 24
	fixed := randomFactors(items, rank, 8)
	f := NewFolder(fixed, Settings{})
	for _, n := range []int{0, 1, 7, 23, 24, 40, 200} {
		index, weight := history(items, n)
		x := make([]float32, rank)
		f.Solve(x, index, weight)
		for item := range int32(20) {
			contribution, score := f.Explain(index, weight, item)
			sum := 0.0
			for _, c := range contribution {
				sum += float64(c)
			}
			want := float64(kernel.Dot(x, fixed.Row(int(item))))
			if len(contribution) != n || math.Abs(sum-want) > 1e-4*math.Abs(want)+1e-7 || math.Abs(float64(score)-want) > 1e-4*math.Abs(want)+1e-7 {
				t.Errorf("Explain, %d items: %d contributions add up to %v, score %v, want %v", n, len(contribution), sum, score, want)
			}
		}
	}
}

func TestExplanationsAreWhatEachItemBrings(t *testing.T) {
	const items, rank = 60, 6
	fixed := randomFactors(items, rank, 3)
	f := NewFolder(fixed, Settings{})
	index, _ := history(items, 4)
	// The score is linear in the targets: without the first item's target the
	// rest of the contributions stay as they are.
	s := newRowSolver(f.half, rank)
	s.regularize(4)
	p := row{factors: f.half.fixed, index: index, target: []float32{0, 1, 1, 1}, root: s.root}
	x := make([]float32, rank)
	s.ridge.solve(x, p)
	without := kernel.Dot(x, f.half.fixed.Row(9))
	contribution, score := f.Explain(index, nil, 9)
	if got := score - without; math.Abs(float64(got-contribution[0])) > 1e-5 {
		t.Errorf("first contribution = %v, want %v", contribution[0], got)
	}
}

func TestFoldersAreSafeForConcurrentUse(t *testing.T) {
	const items, rank = 200, 16
	f := NewFolder(randomFactors(items, rank, 5), Settings{})
	index, weight := history(items, 30)
	want := make([]float32, rank)
	f.Solve(want, index, weight)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := make([]float32, rank)
			for range 50 {
				f.Solve(got, index, weight)
				f.Explain(index, weight, 3)
				if !slices.Equal(got, want) {
					t.Errorf("Solve = %v, want %v", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestFoldersAllocateNothingWhenWarm(t *testing.T) {
	if kerneltest.Race {
		t.Skip("pools forget at random under the race detector")
	}
	const items, rank = 500, 32
	f := NewFolder(randomFactors(items, rank, 5), Settings{})
	g := NewExplicitFolder(&ExplicitResult{ItemBias: make([]float32, items), Items: randomFactors(items, rank, 6)}, ExplicitSettings{})
	x := make([]float32, rank)
	for _, n := range []int{3, 20, 300} {
		index, weight := history(items, n)
		allocs := testing.AllocsPerRun(100, func() {
			f.Solve(x, index, weight)
			g.Solve(x, index, weight)
		})
		if allocs != 0 {
			t.Errorf("Solve of %d items allocates %v times, want 0", n, allocs)
		}
	}
}

func TestFoldersRefuseWhatDoesNotFit(t *testing.T) {
	f := NewFolder(randomFactors(5, 3, 5), Settings{})
	for name, call := range map[string]func(){
		"an item outside":   func() { f.Solve(make([]float32, 3), []int32{5}, nil) },
		"too few weights":   func() { f.Solve(make([]float32, 3), []int32{1, 2}, []float32{1}) },
		"a negative weight": func() { f.Solve(make([]float32, 3), []int32{1}, []float32{-1}) },
		"a NaN weight":      func() { f.Solve(make([]float32, 3), []int32{1}, []float32{float32(math.NaN())}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("Solve took %s", name)
				}
			}()
			call()
		})
	}
}

func TestAFolderOverSomeOfItsItemsSolvesAsItDoes(t *testing.T) {
	const items, rank = 300, 16
	fixed := randomFactors(items, rank, 4)
	f := NewFolder(fixed, Settings{})
	index, weight := history(items, 40)
	some := NewFactors(len(index), rank)
	for e, item := range index {
		copy(some.Row(e), fixed.Row(int(item)))
	}
	got, want := make([]float32, rank), make([]float32, rank)
	f.Solve(want, index, weight)
	f.Over(some).Solve(got, span(len(index)), weight)
	if off := distance(got, want); off > 1e-5 {
		t.Errorf("over the history's own items the factor is off by %.2g", off)
	}
}
