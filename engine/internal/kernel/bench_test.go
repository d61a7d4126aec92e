package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"valse/engine/internal/kernel/kerneltest"
)

// BenchmarkTile with three lanes, whose operands stay in the first-level cache,
// shows the machine's peak.
func BenchmarkTile(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	const k, ld = 256, 24
	p, c := newGuarded(random, k*ld, 0).s, make([]float32, Rows*ld)
	for lanes := 1; lanes <= maxLanes; lanes++ {
		b.Run(fmt.Sprintf("lanes=%d", lanes), func(b *testing.B) {
			stop := kerneltest.Meter(b, float64(2*Rows*lanes*Lane*k))
			for b.Loop() {
				tile(set, Rows, lanes, c, ld, p, 1, ld, p, ld, k)
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
			stop := kerneltest.Meter(b, float64(k*n*(n+3)))
			for b.Loop() {
				Gram(c, ld, p, ld, k, n, n+1, false)
			}
			stop()
		})
	}
}

func BenchmarkCholesky(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{8, 16, 32, 64, 128, 256} {
		from, ld, _ := spd(random, n, n+1)
		c, x := make([]float32, len(from)), make([]float32, n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			stop := kerneltest.Meter(b, float64(n*n*n)/3+2*float64(n*n))
			for b.Loop() {
				copy(c, from)
				Cholesky(c, ld, n, n+1)
				Backward(c, ld, n, x)
				clear(x)
			}
			stop()
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
			stop := kerneltest.Meter(b, float64(2*128*n))
			for b.Loop() {
				DotRows(dst, a, n, x)
			}
			stop()
		})
	}
}

// BenchmarkTallTile shows the peak where there are tall tiles.
func BenchmarkTallTile(b *testing.B) {
	if !hasTall {
		b.Skip("no tall tiles")
	}
	random := rand.New(rand.NewPCG(1, 1))
	const k, ld = 128, 48
	p, c := newGuarded(random, k*ld, 0).s, make([]float32, tall*ld)
	for lanes := 1; lanes <= 2*maxLanes; lanes++ {
		b.Run(fmt.Sprintf("lanes=%d", lanes), func(b *testing.B) {
			stop := kerneltest.Meter(b, float64(2*tall*lanes*Lane*k))
			for b.Loop() {
				tile(set, tall, lanes, c, ld, p, 1, ld, p, ld, k)
			}
			stop()
		})
	}
}
