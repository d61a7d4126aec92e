package eval

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
	if best := got.Leaderboard[0]; got.Best.Reg == 10 || got.Best.Sweeps != 8 || best.Validation <= got.Leaderboard[base].Validation {
		t.Errorf("Run kept %+v; leaderboard %+v", got.Best, got.Leaderboard)
	}
	again, err := tuner.Run(t.Context(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again, cmpopts.IgnoreUnexported(Contender{})); diff != "" {
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

// A pair's weight can say more than that there is one.
func TestTunerChoosesAmongWeightings(t *testing.T) {
	train, test := shop(400, 150, 6, 3)
	random := rand.New(rand.NewPCG(5, 5))
	noise := *train
	weights := make([]float32, train.NNZ())
	for e := range weights {
		weights[e] = float32(math.Exp(3 * random.NormFloat64()))
	}
	noise.Weight = als.NewWeights(weights)
	h := Holdout{Train: train, Validation: test, Test: test}
	tuner := Tuner{
		Base: als.Settings{Rank: 8, Iterations: 8}, Ranks: []int{8}, Candidates: 12, EASEItems: -1,
		Weightings: []Weighting{NewWeighting(&noise), NewWeighting(train)},
	}
	got, err := tuner.Run(t.Context(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Best.Weighting != 1 {
		t.Errorf("Run chose weights at random over equal ones: %+v", got.Leaderboard)
	}
}

func TestTunerTellsHowManyItJudges(t *testing.T) {
	train, test := shop(60, 30, 3, 3)
	seen := 0
	tuner := Tuner{Base: als.Settings{Iterations: 4}, Candidates: 5, Ranks: []int{4}}
	if _, err := tuner.Run(t.Context(), Holdout{train, test, test}, func(Contender) error { seen++; return nil }); err != nil {
		t.Fatal(err)
	}
	if want := tuner.Judgements(30); seen != want {
		t.Errorf("%d judgements, want %d", seen, want)
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
	tuner := Tuner{Candidates: 200, Weightings: []Weighting{{Scale: 1}, {Scale: 5}}}
	all := tuner.withDefaults().candidates()
	for _, c := range all[1:] {
		w0 := c.UnobservedWeight / tuner.Weightings[c.Weighting].Scale
		if w0 < leastUnobserved || w0 > mostUnobserved || c.Reg < leastReg || c.Reg > mostReg || !slices.Contains([]int{32, 64, 128}, c.Rank) {
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
