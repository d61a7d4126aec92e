package topk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"valse/engine/internal/kernel"
	"valse/engine/internal/kernel/kerneltest"
)

// catalogue draws vectors as training leaves them: in the basis of their
// Gramian, with coordinates that matter less and less, and with lengths that
// follow a power law, or all alike.
func catalogue(rows, rank int, skewed bool) (items, queries []float32) {
	random := rand.New(rand.NewPCG(1, 9))
	vectors := func(n int, skew float64) []float32 {
		data := make([]float32, n*rank)
		for i := range n {
			v, length := data[i*rank:][:rank], 0.0
			for k := range v {
				v[k] = float32(random.NormFloat64() / math.Sqrt(float64(k+4)))
				length += float64(v[k]) * float64(v[k])
			}
			for k := range v {
				v[k] *= float32(math.Pow(float64(i+10), -skew) / math.Sqrt(length))
			}
		}
		return data
	}
	skew := 0.0
	if skewed {
		skew = 0.4
	}
	return vectors(rows, skew), vectors(960, 0)
}

func BenchmarkSearch(b *testing.B) {
	for _, skewed := range []bool{true, false} {
		for _, rank := range []int{64, 128, 256} {
			items, queries := catalogue(26744, rank, skewed)
			x := New(26744, rank, items, nil)
			var dst []Hit
			b.Run(fmt.Sprintf("skewed=%v/rank=%d", skewed, rank), func(b *testing.B) {
				stop := kerneltest.Meter(b, 0)
				for i := 0; b.Loop(); i++ {
					dst = x.Search(dst, queries[i%960*rank:][:rank], 10, nil)
				}
				stop()
			})
		}
	}
}

// BenchmarkSearchBatch makes 960 lists of 100.
func BenchmarkSearchBatch(b *testing.B) {
	for _, skewed := range []bool{true, false} {
		for _, rank := range []int{64, 128, 256} {
			items, queries := catalogue(26744, rank, skewed)
			x := New(26744, rank, items, nil)
			b.Run(fmt.Sprintf("skewed=%v/rank=%d", skewed, rank), func(b *testing.B) {
				stop := kerneltest.Meter(b, 0)
				for b.Loop() {
					x.SearchBatch(Batch{Queries: queries, N: 100, Threads: 1})
				}
				stop()
			})
		}
	}
}

// BenchmarkUnpruned scores every item for one query: what Search would cost
// without its bounds, and without finding the best.
func BenchmarkUnpruned(b *testing.B) {
	for _, rank := range []int{64, 128, 256} {
		items, queries := catalogue(26744, rank, true)
		scores := make([]float32, 26744)
		b.Run(fmt.Sprintf("rank=%d", rank), func(b *testing.B) {
			stop := kerneltest.Meter(b, 0)
			for i := 0; b.Loop(); i++ {
				kernel.DotRows(scores, items, rank, queries[i%960*rank:][:rank])
			}
			stop()
		})
	}
}
