package bench

import (
	"math"
	"runtime"
	"sync"

	"valse/engine/als"
	"valse/engine/eval"
)

// loss returns the objective that package als states, computed from its
// definition: what each contestant is judged by, whatever it says of itself.
func loss(m *als.Matrix, users, items als.Factors, a ALS) float64 {
	var mutex sync.Mutex
	total := 0.0
	count := make([]float64, m.Cols)
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			sum, mine := 0.0, make([]float64, m.Cols)
			for u := w; u < m.Rows; u += workers {
				index, _ := m.Row(u)
				for _, i := range index {
					miss := 1 - float64(dot(users.Row(u), items.Row(int(i))))
					sum += miss * miss
					mine[i]++
				}
				sum += a.penalty(float64(len(index)), m.Cols) * float64(dot(users.Row(u), users.Row(u)))
			}
			mutex.Lock()
			defer mutex.Unlock()
			total += sum
			for i, n := range mine {
				count[i] += n
			}
		})
	}
	wait.Wait()
	for i, n := range count {
		total += a.penalty(n, m.Rows) * float64(dot(items.Row(i), items.Row(i)))
	}
	// Σ_all s² = ⟨XᵀX, YᵀY⟩.
	x, y := gramian(users), gramian(items)
	for k := range x {
		total += a.UnobservedWeight * x[k] * y[k]
	}
	return total
}

func (a ALS) penalty(n float64, other int) float64 {
	return a.Reg * math.Pow(n+a.UnobservedWeight*float64(other), a.RegExponent)
}

// gramian returns FᵀF.
func gramian(f als.Factors) []float64 {
	d := f.Rank
	g := make([]float64, d*d)
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			sum := make([]float32, d)
			const stretch = 256 // of rows whose products are added up in float32
			for k := w; k < d; k += workers {
				for lo := 0; lo < f.Rows; lo += stretch {
					clear(sum)
					for i := lo; i < min(lo+stretch, f.Rows); i++ {
						row := f.Row(i)
						for j, v := range row {
							sum[j] += row[k] * v
						}
					}
					for j, v := range sum {
						g[k*d+j] += float64(v)
					}
				}
			}
		})
	}
	wait.Wait()
	return g
}

// dot adds up in four parts, which is faster and rounds less than in one.
func dot(x, y []float32) float32 {
	var a, b, c, d float32
	n := len(x) &^ 3
	y = y[:len(x)]
	for i := 0; i < n; i += 4 {
		a += x[i] * y[i]
		b += x[i+1] * y[i+1]
		c += x[i+2] * y[i+2]
		d += x[i+3] * y[i+3]
	}
	for i := n; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

// recallCut is the length of the lists whose recall is reported.
const recallCut = 20

// recall returns the share of held-out items among each user's best.
func recall(d *Data, users, items als.Factors) float64 {
	if d.Test == nil || d.Test.NNZ() == 0 {
		return 0
	}
	return eval.Rank(eval.NewModel(users, items), d.Train, d.Test, []int{recallCut}, 0).At[0].Recall
}
