package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"valse/engine/internal/kernel/kerneltest"
)

// byteCase is an input of MulBytes at its largest numbers and in between.
func byteCase(random *rand.Rand, n, width int) (rows []int8, sum []int32, scale []float32, packed []uint32) {
	rows, sum, scale = make([]int8, n*width), make([]int32, n), make([]float32, n)
	for i := range rows {
		rows[i] = int8(random.IntN(255) - 127)
		if random.IntN(4) == 0 {
			rows[i] = int8(254*random.IntN(2) - 127)
		}
		sum[i/width] += int32(rows[i])
	}
	for i := range scale {
		scale[i] = random.Float32()
	}
	packed = make([]uint32, width/4*Group)
	for i := range packed {
		for range 4 {
			b := uint32(1 + random.IntN(2*QueryMax+1))
			if random.IntN(4) == 0 {
				b = ByteBias + QueryMax
			}
			packed[i] = packed[i]<<8 | b
		}
	}
	return rows, sum, scale, packed
}

func TestMulBytesEqualsItsDefinitionToTheBit(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 6))
	const guard = -7
	for _, n := range []int{8, 16, 72} {
		for _, width := range []int{16, 32, 64, 80, 256, 1024} {
			rows, sum, scale, packed := byteCase(random, n, width)
			want := make([]float32, n*Group)
			for i := range n {
				for q := range Group {
					product := 0
					for k := range width {
						coordinate := int(packed[k/4*Group+q]>>(8*(k%4))&0xff) - ByteBias
						product += coordinate * int(rows[i*width+k])
					}
					want[i*Group+q] = float32(product) * scale[i]
				}
			}
			for name, mul := range byteTiles() {
				got := slices.Repeat([]float32{guard}, n*Group+9)
				mul(got[:n*Group], rows, sum, scale, packed, width)
				if !slices.Equal(got[:n*Group], want) {
					t.Fatalf("%s, %d × %d: differs from the definition", name, n, width)
				}
				if slices.IndexFunc(got[n*Group:], func(v float32) bool { return v != guard }) >= 0 {
					t.Fatalf("%s, %d × %d: writes beyond its end", name, n, width)
				}
			}
		}
	}
}

func BenchmarkMulBytes(b *testing.B) {
	random := rand.New(rand.NewPCG(2, 6))
	for _, width := range []int{64, 128, 256} {
		rows, sum, scale, packed := byteCase(random, 64, width)
		dst := make([]float32, 64*Group)
		for name, mul := range byteTiles() {
			if name == "generic" {
				continue
			}
			b.Run(fmt.Sprintf("%s/width=%d", name, width), func(b *testing.B) {
				stop := kerneltest.Meter(b, 2*64*Group*float64(width))
				for b.Loop() {
					mul(dst, rows, sum, scale, packed, width)
				}
				stop()
			})
		}
	}
}
