package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"valse/engine/internal/kernel/kerneltest"
)

// narrowRow is a row of n columns of a narrow table, in guarded room each.
type narrowRow struct {
	table          guarded
	index          []int32
	weight, target []float32
}

func newNarrowRow(random *rand.Rand, n int, kind string) (r narrowRow) {
	const rows = 50
	r.table = newGuarded(random, rows*Narrow, n%Lane)
	for range n {
		r.index = append(r.index, random.Int32N(rows))
	}
	if kind != "ones" && kind != "targets" {
		r.weight = newGuarded(random, n, 3).s
		for e, v := range r.weight {
			r.weight[e] = v * v
		}
	}
	if kind != "ones" && kind != "weights" {
		r.target = newGuarded(random, n, 2).s
	}
	return r
}

var narrowKinds = []string{"ones", "weights", "targets", "weights and targets"}

func TestSumsOverNarrowTablesEqualTheirTwins(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(17, 18))
		for _, kind := range narrowKinds {
			for n := 1; n < 75; n++ {
				r := newNarrowRow(random, n, kind)
				sum := newGuarded(random, systemSize, n%Lane)
				var want system
				narrowSumGeneric(&want, r.table.s, r.index, r.weight, r.target)
				narrowSum((*system)(sum.s), r.table.s, r.index, r.weight, r.target)
				sum.check(t, want[:], "narrowSum, %d rows, %s", n, kind)
			}
		}
	})
}

func TestABundleSolvesEachOfItsSystems(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(19, 20))
		for _, kind := range narrowKinds {
			for most := range 40 { // columns of a row: fewer than the width and more
				var spectrum, reg [Narrow]float32
				b, twin := new(Bundle), new(Bundle)
				for i := range Narrow {
					spectrum[i], reg[i] = random.Float32(), 0.01+random.Float32()
					r := newNarrowRow(random, random.IntN(most+1), kind)
					b.Sum(i, r.table.s, r.index, r.weight, r.target)
				}
				twin.systems = b.systems
				b.Solve(&spectrum, &reg)
				narrowSolveGeneric(twin, &spectrum, &reg)
				for i := range Narrow {
					name := fmt.Sprintf("system %d of rows of up to %d, %s", i, most, kind)
					nearly(t, name+": gain", b.Gain[i], twin.Gain[i])
					nearly(t, name+": square", b.Square[i], twin.Square[i])
					nearly(t, name+": shrunk", b.Shrunk[i], twin.Shrunk[i])
					for k, x := range b.X[i] {
						nearly(t, fmt.Sprintf("%s: x[%d]", name, k), x, twin.X[i][k])
					}
					b.checkSolution(t, name, i, &spectrum, &reg)
				}
			}
		}
	})
}

func nearly(t *testing.T, name string, got, want float32) {
	t.Helper()
	if math.Abs(float64(got-want)) > 1e-3*(1+math.Abs(float64(want))) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

// checkSolution puts the solution of system i into its equations, in float64.
func (b *Bundle) checkSolution(t *testing.T, name string, i int, spectrum, reg *[Narrow]float32) {
	t.Helper()
	u := b.systems[i].matrix()
	gain := 0.0
	for j := range Narrow {
		sum, size := 0.0, 0.0
		for k, x := range b.X[i] {
			a := float64(u[min(j, k)][max(j, k)])
			if j == k {
				a += float64(spectrum[j]) + float64(reg[i])
			}
			sum += a * float64(x)
			size += math.Abs(a * float64(x))
		}
		right := float64(u[j][Narrow])
		gain += right * float64(b.X[i][j])
		if math.Abs(sum-right) > 1e-5*(1+size) {
			t.Errorf("%s: row %d gives %v, want %v", name, j, sum, right)
		}
	}
	if math.Abs(gain-float64(b.Gain[i])) > 1e-4*(1+math.Abs(gain)) {
		t.Errorf("%s: gain %v, want %v", name, b.Gain[i], gain)
	}
}

func TestABundleGivesEachSystemTheSameBitsWhateverTheOthers(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(21, 22))
		r := newNarrowRow(random, 30, "weights")
		spectrum, reg := [Narrow]float32{1, 2, 3}, [Narrow]float32{}
		full := new(Bundle)
		for i := range Narrow {
			reg[i] = 0.5
			full.Sum(i, r.table.s, r.index, r.weight, r.target)
		}
		full.Solve(&spectrum, &reg)
		for i := range Narrow {
			alone := new(Bundle)
			alone.Sum(i, r.table.s, r.index, r.weight, r.target)
			alone.systems[(i+1)%Narrow][0] = float32(math.NaN())
			alone.Solve(&spectrum, &reg)
			if alone.X[i] != full.X[0] || alone.Gain[i] != full.Gain[0] || alone.Square[i] != full.Square[0] {
				t.Errorf("system %d alone = %v, among equal ones %v", i, alone.X[i], full.X[0])
			}
		}
	})
}

func TestABundleTakesPivotsToBeAtLeastTheRegulariser(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		b := new(Bundle)
		var spectrum, reg [Narrow]float32
		for i, value := range []float32{0, -1e-3, 1e30} {
			reg[i] = 0.25
			for k := range systemSize - Narrow {
				b.systems[i][k] = value
			}
		}
		b.Solve(&spectrum, &reg)
		for i := range 3 {
			for k, x := range b.X[i] {
				if x != 0 {
					t.Errorf("system %d: x[%d] = %v, want 0", i, k, x)
				}
			}
		}
	})
}

func TestBundlesRunInRegistersWhereTheyAreSaidToBeFaster(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		if HasNarrow() != strings.HasPrefix(Path(), "avx512") {
			t.Errorf("path %s: HasNarrow = %v", Path(), HasNarrow())
		}
		// What the square loses when it is rounded shows where multiplication and
		// addition are fused.
		var sum system
		table := make([]float32, Narrow)
		table[0] = 1 + 0x1p-12
		narrowSum(&sum, table, []int32{0, 0}, []float32{-1, 1}, nil)
		if HasNarrow() && sum[0] != 0x1p-24 {
			t.Errorf("path %s: the sum is %v, so the twin has run", Path(), sum[0])
		}
	})
}

// BenchmarkNarrow measures a Bundle's two parts, for rows of the mean length of
// the matrix that sweeps are measured on.
func BenchmarkNarrow(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const n = 200
	bundle := new(Bundle)
	var spectrum, reg [Narrow]float32
	table := make([]float32, 4000*Narrow)
	for k := range table {
		table[k] = float32(random.NormFloat64())
	}
	index := make([]int32, Narrow*n)
	for e := range index {
		index[e] = random.Int32N(4000)
	}
	weight := make([]float32, n)
	for i := range reg {
		reg[i] = 1
	}
	measure := func(name string, of float64, f func()) {
		b.Run(name, func(b *testing.B) {
			stop := kerneltest.Meter(b, of)
			for b.Loop() {
				f()
			}
			stop()
		})
	}
	sum := func(weight []float32) func() {
		return func() {
			for i := range Narrow {
				bundle.Sum(i, table, index[i*n:][:n], weight, nil)
			}
		}
	}
	const flops = Narrow * n * Narrow * (Narrow + 2)
	measure("sum", flops, sum(nil))
	measure("sum, weighted", flops, sum(weight))
	measure("solve", 0, func() { bundle.Solve(&spectrum, &reg) })
}
