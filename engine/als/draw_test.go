package als

import (
	"math"
	"math/rand/v2"
	"testing"

	"valse/engine/internal/kernel"
)

func TestDrawsVaryByTheVarianceOfTheState(t *testing.T) {
	const items, rank, draws, scale = 40, 6, 20_000, 0.5
	fixed := randomFactors(items, rank, 4) // those of folders
	kernel.Scale(fixed.Data, 10, fixed.Data, ones(len(fixed.Data)))
	for name, state := range folders(items, rank) {
		t.Run(name, func(t *testing.T) {
			s := state([]int32{3, 9, 17}, []float32{1, 4, 2})
			variance := make([]float64, items)
			s.Variance(variance, span(items))
			x, drawn := make([]float32, rank), make([]float32, rank)
			bias := s.Solve(x)
			random := rand.New(rand.NewPCG(1, 2))
			for _, item := range []int32{3, 20} {
				score := func(x []float32, bias float32) float64 {
					return float64(kernel.Dot(x, fixed.Row(int(item))) + bias)
				}
				var sum, square float64
				for range draws {
					b := s.Draw(drawn, scale, random.NormFloat64)
					off := score(drawn, b) - score(x, bias)
					sum += off
					square += off * off
				}
				want := scale * scale * variance[item]
				if got := square / draws; math.Abs(got-want) > 0.04*want {
					t.Errorf("item %d: variance %v, want %v", item, got, want)
				}
				if mean := sum / draws; math.Abs(mean) > 4*math.Sqrt(want/draws) {
					t.Errorf("item %d: mean %v off, want 0", item, mean)
				}
			}
		})
	}
}
