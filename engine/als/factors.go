package als

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Factors is a dense table with one factor a row, row after row in Data.
type Factors struct {
	Rows, Rank int
	Data       []float32
}

// NewFactors returns a table of zeros.
func NewFactors(rows, rank int) Factors {
	return Factors{Rows: rows, Rank: rank, Data: make([]float32, rows*rank)}
}

// Row returns factor i, which aliases the table.
func (f Factors) Row(i int) []float32 {
	return f.Data[i*f.Rank : (i+1)*f.Rank : (i+1)*f.Rank]
}

// check panics when the table's shape is not what it says or not rows × rank.
func (f Factors) check(what string, rows, rank int) {
	if f.Rows != rows || f.Rank != rank || len(f.Data) != rows*rank {
		panic(fmt.Sprintf("als: %s factors are %d × %d in %d numbers, want %d × %d",
			what, f.Rows, f.Rank, len(f.Data), rows, rank))
	}
}

// initScale is the standard deviation of an initial factor's length: its
// coordinates are drawn from N(0, initScale/√rank).
const initScale = 0.1

// randomFactors draws a table of initial factors from one seeded stream.
func randomFactors(rows, rank int, seed uint64) Factors {
	f := NewFactors(rows, rank)
	random := rand.New(rand.NewPCG(seed, uint64(rank)))
	scale := initScale / math.Sqrt(float64(rank))
	for k := range f.Data {
		f.Data[k] = float32(scale * random.NormFloat64())
	}
	return f
}

func (f Factors) clone() Factors {
	f.Data = slices.Clone(f.Data)
	return f
}
