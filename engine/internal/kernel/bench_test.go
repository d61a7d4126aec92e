package kernel

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"valse/engine/internal/kernel/kerneltest"
)

// peak is what this processor reaches in multiplying and adding: the widest
// tile, with its operands in the first-level cache.
var peak = sync.OnceValue(func() float64 {
	rows := height(tall)
	lanes := maxLanes * rows / Rows
	k, ld := 96, lanes*Lane
	p, c := newGuarded(rand.New(rand.NewPCG(1, 1)), k*ld, 0).s, make([]float32, rows*ld)
	return kerneltest.Rate(float64(2*rows*ld*k), func() {
		tile(set, rows, lanes, c, ld, p, 1, ld, p, ld, k)
	})
})

// meter is kerneltest.Meter with the share of the peak reported too.
func meter(b *testing.B, flops float64) (stop func()) {
	top := peak()
	measured := kerneltest.Meter(b, flops)
	return func() { b.ReportMetric(100*measured()/top, "%peak") }
}

func BenchmarkTile(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const k = 96
	rows := height(tall)
	for lanes := 1; lanes <= maxLanes*rows/Rows; lanes++ {
		ld := lanes * Lane
		p, c := newGuarded(random, k*max(ld, tall), 0).s, make([]float32, rows*ld)
		b.Run(fmt.Sprintf("lanes=%d", lanes), func(b *testing.B) {
			stop := meter(b, float64(2*rows*ld*k))
			for b.Loop() {
				tile(set, rows, lanes, c, ld, p, 1, ld, p, ld, k)
			}
			stop()
		})
	}
}

func BenchmarkGram(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{16, 32, 64, 128, 256} {
		ld, k := Pad(n+1), 128
		p, c := newGuarded(random, k*ld, 0).s, make([]float32, PadRows(n)*ld)
		b.Run(fmt.Sprintf("rank=%d", n), func(b *testing.B) {
			stop := meter(b, float64(k*n*(n+3)))
			for b.Loop() {
				Gram(c, ld, p, ld, k, n, n+1, false)
			}
			stop()
		})
	}
}

// BenchmarkGram16 includes the rounding of the panel and the sum of its rows; its rate
// is that of the same product in 32 bits.
func BenchmarkGram16(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{32, 64, 128, 256} {
		ld, k := Pad(n+1), 96
		p, c, words := newGuarded(random, k*ld, 0).s, make([]float32, Pad(n)*ld), make([]uint32, k/2*ld)
		alpha, sum := newGuarded(random, k, 0).s, make([]float32, n)
		b.Run(fmt.Sprintf("rank=%d", n), func(b *testing.B) {
			stop := meter(b, float64(k*n*(n+3)))
			for b.Loop() {
				Pack16(words, ld, p, ld, k, n, alpha, sum)
				Gram16(c, ld, words, ld, k/2, n, n, false)
			}
			stop()
		})
	}
}

// BenchmarkCholesky measures factorisation and both triangular solves. Each
// needs a matrix of its own; the copying of them is measured apart and not
// counted.
func BenchmarkCholesky(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{8, 16, 32, 64, 128, 256} {
		from, ld, _ := spd(random, n, n+1)
		c, x := make([]float32, len(from)), make([]float32, n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			flops := float64(n*n*n)/3 + 2*float64(n*n)
			top := peak()
			copying := flops / kerneltest.Rate(flops, func() { copy(c, from) })
			whole := kerneltest.Meter(b, flops)
			for b.Loop() {
				copy(c, from)
				Cholesky(c, ld, n, n+1)
				Backward(c, ld, n, x)
				clear(x)
			}
			rate := flops / (flops/whole() - copying)
			b.ReportMetric(rate, "GFLOP/s")
			b.ReportMetric(100*rate/top, "%peak")
		})
	}
}

func BenchmarkGather(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const rows = 128
	for _, width := range []int{64, 128, 256} {
		table := make([]float32, 4000*width)
		index, alpha := make([]int32, rows), make([]float32, rows)
		for i := range index {
			index[i] = random.Int32N(4000)
		}
		dst, y := make([]float32, rows*(width+8)), make([]float32, width)
		b.Run(fmt.Sprintf("rank=%d", width), func(b *testing.B) {
			stop := kerneltest.Meter(b, 0)
			for b.Loop() {
				Gather(dst, width+8, table, width, index, alpha, y)
			}
			stop()
		})
	}
}

func BenchmarkTranspose(b *testing.B) {
	src, dst := make([]float32, 64*136), make([]float32, 64*136)
	for _, rows := range []int{8, 24, 64} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			stop := kerneltest.Meter(b, 0)
			for b.Loop() {
				Transpose(dst, 72, src, 136, rows, 128)
			}
			stop()
		})
	}
}

func BenchmarkDotRows(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{64, 128, 256} {
		a, x, dst := newGuarded(random, 128*n, 0).s, newGuarded(random, n, 0).s, make([]float32, 128)
		b.Run(fmt.Sprintf("rank=%d", n), func(b *testing.B) {
			stop := meter(b, float64(2*128*n))
			for b.Loop() {
				DotRows(dst, a, n, x)
			}
			stop()
		})
	}
}

func BenchmarkDotBytes(b *testing.B) {
	for _, width := range []int{64, 128, 256} {
		rows, x, dst := make([]int8, 128*width), make([]int16, width), make([]float32, 128)
		b.Run(fmt.Sprintf("rank=%d", width), func(b *testing.B) {
			stop := kerneltest.Meter(b, 0)
			for b.Loop() {
				DotBytes(dst, rows, x)
			}
			stop()
		})
	}
}

func BenchmarkPairPass(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const rows = 128
	for _, width := range []int{64, 128, 256} {
		table := make([]uint32, 4000*width/2)
		Pack(table, newGuarded(random, 4000*width, 0).s)
		index := make([]int32, rows)
		for i := range index {
			index[i] = random.Int32N(4000)
		}
		s, a, x, dst := make([]float32, rows), make([]float32, rows), make([]float32, width), make([]float32, width)
		b.Run(fmt.Sprintf("rank=%d", width), func(b *testing.B) {
			stop := meter(b, 4*rows*float64(width))
			for b.Loop() {
				PairPass(dst, s, a, a, table, index, x)
			}
			stop()
		})
		b.Run(fmt.Sprintf("rank=%d/products", width), func(b *testing.B) {
			stop := meter(b, 2*rows*float64(width))
			for b.Loop() {
				PairDot(s, table, index, x)
			}
			stop()
		})
	}
}
