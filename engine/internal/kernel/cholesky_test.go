package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// spd returns the table of I + PᵀP for a random P, with m − n random columns
// appended, and the same in float64.
func spd(random *rand.Rand, n, m int) (c []float32, ld int, exact [][]float64) {
	ld = Pad(m)
	k := n + 3
	p := make([]float32, k*ld)
	for i := range k {
		for j := range m {
			p[i*ld+j] = float32(random.NormFloat64())
		}
	}
	c = make([]float32, PadRows(n)*ld)
	Gram(c, ld, p, ld, k, n, m, false)
	exact = make([][]float64, n)
	for i := range n {
		c[i*ld+i]++
		exact[i] = make([]float64, m)
		for j := range m {
			for t := range k {
				exact[i][j] += float64(p[t*ld+i]) * float64(p[t*ld+j])
			}
		}
		exact[i][i]++
	}
	return c, ld, exact
}

func TestGramIsPTransposedTimesP(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 1))
		for n := range 70 {
			for _, more := range []int{0, 1, 9} {
				c, ld, exact := spd(random, n, n+more)
				for i := range n {
					for j := i; j < n+more; j++ {
						if got, want := float64(c[i*ld+j]), exact[i][j]; math.Abs(got-want) > 1e-4*float64(n+8) {
							t.Fatalf("Gram, %d of %d columns: [%d, %d] = %v, want %v", n, n+more, i, j, got, want)
						}
					}
				}
			}
		}
	})
}

func TestGramAddsToWhatThereIs(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		const n, ld = 9, 16
		p := make([]float32, 2*ld)
		for i := range n {
			p[i], p[ld+i] = float32(i), 1
		}
		c := make([]float32, PadRows(n)*ld)
		Gram(c, ld, p, ld, 1, n, n, false)
		Gram(c, ld, p[ld:], ld, 1, n, n, true)
		for i := range n {
			for j := i; j < n; j++ {
				if got, want := c[i*ld+j], float32(i*j+1); got != want {
					t.Errorf("[%d, %d] = %v, want %v", i, j, got, want)
				}
			}
		}
	})
}

func TestCholeskySolves(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(2, 2))
		for n := 1; n < 75; n++ {
			c, ld, exact := spd(random, n, n+1)
			x, y := make([]float32, n), make([]float32, n)
			for i := range y {
				y[i] = c[i*ld+n]
			}
			Cholesky(c, ld, n, n+1)
			Forward(c, ld, n, y)
			for i := range x {
				x[i] = c[i*ld+n]
				if math.Abs(float64(x[i]-y[i])) > 1e-4*(1+math.Abs(float64(x[i]))) {
					t.Fatalf("Forward, %d: [%d] = %v, want the right-hand side's %v", n, i, y[i], x[i])
				}
			}
			Backward(c, ld, n, x)
			for i := range n {
				sum, size := 0.0, 0.0
				for j := range n {
					a := exact[min(i, j)][max(i, j)]
					sum += a * float64(x[j])
					size += math.Abs(a * float64(x[j]))
				}
				if want := exact[i][n]; math.Abs(sum-want) > 1e-4*(size+1) {
					t.Fatalf("Cholesky, %d: row %d of Cx = %v, want %v", n, i, sum, want)
				}
			}
		}
	})
}

func TestEliminateEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 3))
		for _, rows := range []int{Rows, height(tall)} {
			for m := rows; m < 60; m++ {
				c, ld, _ := spd(random, rows, m)
				want := append([]float32(nil), c...)
				eliminateGeneric(want, ld, 0, rows, m)
				eliminate(c, ld, 0, rows, m)
				for i := range rows {
					for j := i; j < m; j++ {
						if got, want := c[i*ld+j], want[i*ld+j]; math.Abs(float64(got-want)) > 1e-5*(1+math.Abs(float64(want))) {
							t.Fatalf("eliminate, %d × %d: [%d, %d] = %v, want %v", rows, m, i, j, got, want)
						}
					}
				}
			}
		}
	})
}

func TestCholeskyTakesPivotsToBeAtLeastOne(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		const n, ld = 8, 8
		for _, value := range []float32{0, -3, 1e30} {
			c := make([]float32, n*ld)
			for i := range c {
				c[i] = value
			}
			Cholesky(c, ld, n, n)
			for i := range n {
				if d := c[i*ld+i]; !(d > 0) || math.IsInf(float64(d), 0) {
					t.Errorf("inverse pivot %d of a matrix of %v = %v, want a positive number", i, value, d)
				}
			}
		}
	})
}

func TestMulRowsMultiplies(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(4, 4))
		for k := 1; k < 20; k++ {
			for m := range 50 {
				n, lda, ld := Rows*(1+m%5), k+3, Pad(m)
				a, b := newGuarded(random, n*lda, 1), newGuarded(random, k*ld, 2)
				c := newGuarded(random, n*ld, 3)
				want := make([]float32, n*ld)
				for r := range n {
					for j := range ld {
						for t := range k {
							want[r*ld+j] += a.s[r*lda+t] * b.s[t*ld+j]
						}
					}
				}
				MulRows(c.s, ld, a.s, lda, b.s, ld, n, k, m)
				c.check(t, want, "MulRows, %d × %d × %d", n, k, m)
			}
		}
	})
}
