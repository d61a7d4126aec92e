package eval

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"

	"valse/engine/als"
)

func TestTunerImprovesOnItsBase(t *testing.T) {
	train, test := shop(400, 150, 6, 3)
	h := Holdout{Train: train, Validation: test, Test: test}
	tuner := Tuner{Base: als.Settings{Rank: 2, Reg: 10, Iterations: 8}, Ranks: []int{4, 16}, Candidates: 8}
	var seen int
	got, err := tuner.Run(t.Context(), h, func(Contender) error { seen++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if want := 8 + 4 + 2 + 3; seen != want {
		t.Errorf("onContender saw %d judgements, want %d", seen, want)
	}
	if want := 8 + 3; len(got.Leaderboard) != want {
		t.Errorf("the leaderboard has %d entries, want %d", len(got.Leaderboard), want)
	}
	if !slices.IsSortedFunc(got.Leaderboard, byValidation) {
		t.Errorf("the leaderboard is not in order: %+v", got.Leaderboard)
	}
	base := slices.IndexFunc(got.Leaderboard, func(c Contender) bool { return c.Reg == 10 })
	if best := got.Leaderboard[0]; got.Settings.Reg == 10 || got.Settings.Iterations != 8 || best.Validation <= got.Leaderboard[base].Validation {
		t.Errorf("Run kept %+v; leaderboard %+v", got.Settings, got.Leaderboard)
	}
	again, err := tuner.Run(t.Context(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("Run again (-first +second):\n%s", diff)
	}
}

func TestTunerMayAnswerPopularity(t *testing.T) {
	// Everyone buys the popular at random: there is no taste to find.
	random := rand.New(rand.NewPCG(1, 1))
	draw := func(n int) *als.Matrix {
		row, col := make([]int32, n), make([]int32, n)
		for e := range row {
			row[e] = random.Int32N(300)
			col[e] = int32(200 * math.Pow(random.Float64(), 4))
		}
		return als.NewMatrix(300, 200, row, col, nil)
	}
	train := draw(1500)
	validation, test := without(draw(600), train), without(draw(600), train)
	got, err := Tuner{Candidates: 4, Ranks: []int{32}, EASEItems: -1}.Run(t.Context(), Holdout{train, validation, test}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if best := got.Leaderboard[0]; best.Name != "popularity" {
		t.Errorf("the best is %+v, want popularity", best)
	}
}

func TestTunerStopsWhenAsked(t *testing.T) {
	train, test := shop(50, 30, 3, 3)
	enough := errors.New("enough")
	_, err := Tuner{Candidates: 2}.Run(t.Context(), Holdout{train, test, test}, func(Contender) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("Run = %v, want the error of onContender", err)
	}
}

func TestCandidatesStayInTheirRange(t *testing.T) {
	all := Tuner{Candidates: 200}.withDefaults().candidates()
	for _, c := range all[1:] {
		if c.UnobservedWeight < leastUnobserved || c.UnobservedWeight > mostUnobserved || c.Reg < leastReg || c.Reg > mostReg || !slices.Contains([]int{32, 64, 128}, c.Rank) {
			t.Errorf("candidate %+v is out of range", c)
		}
	}
}

func TestEASEEqualsItsDefinition(t *testing.T) {
	const lambda = 5
	train, _ := shop(60, 23, 3, 4)
	n := train.Cols
	g := mat.NewSymDense(n, nil)
	for u := range train.Rows {
		items, _ := train.Row(u)
		x := mat.NewVecDense(n, nil)
		for _, i := range items {
			x.SetVec(int(i), 1)
		}
		g.SymRankOne(g, 1, x)
	}
	for i := range n {
		g.SetSym(i, i, g.At(i, i)+lambda)
	}
	var factor mat.Cholesky
	var p mat.SymDense
	factor.Factorize(g)
	if err := factor.InverseTo(&p); err != nil {
		t.Fatal(err)
	}
	e := NewEASE(train, lambda).(*ease)
	for j := range n {
		for i := range n {
			want := -p.At(j, i) / p.At(i, i)
			if i == j {
				want = 0
			}
			if got := float64(e.weights[j*e.ld+i]); math.Abs(got-want) > 1e-5 {
				t.Fatalf("weight of item %d for %d = %v, want %v", j, i, got, want)
			}
		}
	}
	if got := NewEASE(als.NewMatrix(2, 0, nil, nil, nil), 1).Recommend(nil, 0, nil, 3); len(got) != 0 {
		t.Errorf("Recommend without items = %v", got)
	}
}
