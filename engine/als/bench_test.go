package als

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"valse/engine/internal/kernel"
	"valse/engine/internal/kernel/kerneltest"
)

// million returns a power-law matrix of the size of MovieLens 1M: about a
// million entries in 6,040 × 3,706.
var million = sync.OnceValue(func() *Matrix { return zipf(6040, 3706, 1_000_000, 1) })

// zipf draws entries whose rows and columns follow power laws. Pairs that come
// up again are drawn again.
func zipf(rows, cols, entries int, seed uint64) *Matrix {
	random := rand.New(rand.NewPCG(seed, 7))
	byRow := make([]map[int32]bool, rows)
	var row, col []int32
	for len(row) < entries {
		r := int(float64(rows) * math.Pow(random.Float64(), 2.2))
		c := int32(float64(cols) * math.Pow(random.Float64(), 2.2))
		if byRow[r] == nil {
			byRow[r] = map[int32]bool{}
		}
		if !byRow[r][c] {
			byRow[r][c] = true
			row, col = append(row, int32(r)), append(col, c)
		}
	}
	return NewMatrix(rows, cols, row, col, nil)
}

// BenchmarkSweep measures one sweep, both halves, on one thread: what other
// libraries call an epoch.
func BenchmarkSweep(b *testing.B) {
	for _, solver := range []Solver{Exact, Fast} {
		for _, rank := range []int{16, 64, 128, 256} {
			b.Run(fmt.Sprintf("%s/rank=%d", []string{"exact", "fast"}[solver], rank), func(b *testing.B) {
				m := million()
				s := Settings{Rank: rank, Solver: solver, Threads: 1}.WithDefaults()
				t := trainerOf(b, m, s)
				if _, err := t.sweep(b.Context()); err != nil {
					b.Fatal(err)
				}
				stop := kerneltest.Meter(b, 0)
				for b.Loop() {
					if _, err := t.sweep(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				stop()
			})
		}
	}
}

// BenchmarkFold measures one user's factor against 26,744 items.
func BenchmarkFold(b *testing.B) {
	for _, rank := range []int{64, 128, 256} {
		f := NewFolder(randomFactors(26744, rank, 1), Settings{})
		x := make([]float32, rank)
		for _, n := range []int{10, 50, 200, 1000} {
			index, _ := history(26744, n)
			b.Run(fmt.Sprintf("rank=%d/items=%d", rank, n), func(b *testing.B) {
				stop := kerneltest.Meter(b, 0)
				for b.Loop() {
					f.Solve(x, index, nil)
				}
				stop()
			})
		}
	}
}

// BenchmarkRow measures the ways to solve one row, whose crossover docs/engine.md
// shows.
func BenchmarkRow(b *testing.B) {
	const items = 26744
	for _, rank := range []int{64, 128, 256} {
		fixed := randomFactors(items, rank, 1)
		h := halfOf(b, fixed)
		h.power = make([]float32, rank)
		h.pairs = newPairs(items, rank)
		if err := h.pairs.pack(b.Context(), fixed, 1); err != nil {
			b.Fatal(err)
		}
		w := newRowSolver(h, rank)
		w.ridge.refine()
		for _, n := range []int{4, 8, 16, 32, 64, 128, 256, 1024} {
			index, _ := history(items, n)
			reg := w.regularize(float64(n))
			p := row{factors: fixed, pairs: h.pairs, index: index, root: w.root}
			measure := func(form string, solve func()) {
				b.Run(fmt.Sprintf("rank=%d/n=%d/%s", rank, n, form), func(b *testing.B) {
					stop := kerneltest.Meter(b, 0)
					for b.Loop() {
						solve()
					}
					stop()
				})
			}
			if n <= rank {
				measure("dual", func() { w.ridge.dual(p) })
			}
			measure("primal", func() { w.ridge.primal(p) })
			if n >= rank && kernel.HasGram16() {
				measure("refined", func() { w.ridge.refined(p) })
			}
			measure("fast", func() {
				clear(w.x)
				w.fast.precondition(h.spectrum, h.power, reg, float64(n))
				w.fast.solve(w.x, p)
			})
		}
	}
}

// trainerOf returns a training about to start.
func trainerOf(t testing.TB, m *Matrix, s Settings) *trainer {
	t.Helper()
	d, err := NewData(m)
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := newTrainer(t.Context(), d, s.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

// halfOf returns a half sweep against fixed with default settings.
func halfOf(t testing.TB, fixed Factors) *half {
	t.Helper()
	b, err := new(decomposition).turn(t.Context(), fixed, 1)
	if err != nil {
		t.Fatal(err)
	}
	return newHalf(fixed, b.values, Settings{}.WithDefaults())
}
