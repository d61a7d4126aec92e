package als

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"valse/engine/internal/kernel"
)

// problem returns a row of n columns at random, and how far D lies below them.
func problem(random *rand.Rand, rank, n int, kind string, ridge float32) row {
	p := row{factors: randomFactors(4*n, rank, random.Uint64()), root: make([]float32, rank)}
	for k := range p.root {
		p.root[k] = 1 / float32(math.Sqrt(float64(ridge)*(1+random.Float64())))
	}
	for e := range n {
		p.index = append(p.index, int32(4*e+random.IntN(4)))
		if kind != "ones" {
			p.weight = append(p.weight, float32(random.ExpFloat64()))
		}
		if kind == "stars" {
			p.target = append(p.target, 5*random.Float32()-2)
		}
	}
	return p
}

// definition solves a row in float64 and returns the objective's least value.
func (p row) definition() (x []float64, value float64) {
	rank := p.factors.Rank
	a, b, square := mat.NewSymDense(rank, nil), mat.NewVecDense(rank, nil), 0.0
	for k, r := range p.root {
		a.SetSym(k, k, 1/(float64(r)*float64(r)))
	}
	for e, i := range p.index {
		w, t := float64(p.weightAt(e)), float64(p.targetAt(e))
		z := mat.NewVecDense(rank, nil)
		for k, v := range p.factors.Row(int(i)) {
			z.SetVec(k, float64(v))
		}
		a.SymRankOne(a, w, z)
		b.AddScaledVec(b, w*t, z)
		square += w * t * t
	}
	var solved mat.Cholesky
	solved.Factorize(a)
	var found mat.VecDense
	if err := solved.SolveVecTo(&found, b); err != nil {
		panic(err)
	}
	return found.RawVector().Data, square - mat.Dot(&found, b)
}

func TestRowsAreSolvedAsDefined(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	refined, rows := 0, 0
	for _, rank := range []int{1, 7, 16, 33, 64, 100} {
		r := newRidge(rank)
		r.refine()
		for _, n := range []int{1, rank/2 + 1, rank, rank + 1, 3*rank + 5, r.height, r.height + 1} {
			for _, kind := range []string{"ones", "weights", "stars"} {
				for _, ridge := range []float32{10, 0.1, 1e-3} {
					name := fmt.Sprintf("rank %d, %d %s, ridge %g", rank, n, kind, ridge)
					p, got := problem(random, rank, n, kind, ridge), make([]float32, rank)
					want, least := p.definition()
					value := r.solve(got, p)
					if tolerance := 2e-4 * (1 + math.Abs(least)); math.Abs(value-least) > tolerance {
						t.Errorf("%s: value %v, want %v", name, value, least)
					}
					if !near(got, want, 1e-3) {
						t.Errorf("%s: x = %v, want %v", name, got, want)
					}
					if n >= rank && kernel.HasGram16() {
						rows++
						if _, ok := r.refined(p); ok {
							refined++
						}
					}
				}
			}
		}
	}
	t.Logf("%d of %d rows were solved with sums in 16 bits", refined, rows)
	if kernel.HasGram16() && refined < rows*9/10 {
		t.Errorf("sums in 16 bits served %d of %d rows only", refined, rows)
	}
}

func TestRowsTooRoughFor16BitsAreSolvedIn32(t *testing.T) {
	if !kernel.HasGram16() {
		t.Skip("no sums in 16 bits here")
	}
	const rank, n = 32, 200
	r := newRidge(rank)
	r.refine()
	p, got := problem(rand.New(rand.NewPCG(5, 6)), rank, n, "ones", 1e-3), make([]float32, rank)
	for e := range n { // all nearly the same, and the regulariser small beside them
		z := p.factors.Row(int(p.index[e]))
		for k := range z {
			z[k] += 3
		}
	}
	if _, ok := r.refined(p); ok {
		t.Fatal("the row was to be too rough for 16 bits")
	}
	_, least := p.definition()
	if value := r.solve(got, p); math.Abs(value-least) > 1e-2*(1+math.Abs(least)) {
		t.Errorf("value %v, want %v", value, least)
	}
}
