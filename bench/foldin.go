package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"valse/engine/als"
	"valse/engine/topk"
)

// FoldIn measures what a list costs a user who has just done something: their
// factor from the whole history and the exact best N, one after the other on
// one thread, with factors trained on a generated matrix.
type FoldIn struct {
	Options
	Data  *Data
	Ranks []int
	N     int // length of a list; default 10
	Lists int // to make at each rank; default 5,000
}

// Latency is what FoldIn found at one rank, in microseconds.
type Latency struct {
	Rank   int     `json:"rank"`
	Items  int     `json:"items"`
	Fold   Spread  `json:"fold"`   // the factor
	Search Spread  `json:"search"` // the list
	Both   Spread  `json:"both"`
	Allocs float64 `json:"allocs"` // allocations of a fold and a search, warm
}

// Spread is a distribution by its median and its 99th percentile.
type Spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// Run measures at each rank. Times are on the wall: on a machine that does
// something else the percentiles tell of that.
func (f FoldIn) Run(ctx context.Context) ([]Latency, error) {
	var all []Latency
	if f.N == 0 {
		f.N = 10
	}
	if f.Lists == 0 {
		f.Lists = 5000
	}
	for _, rank := range f.Ranks {
		s := als.Settings{Rank: rank, Iterations: 3, Solver: als.Fast, Reg: 0.003}
		trained, err := als.Train(ctx, f.Data.Train, s, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, f.measure(trained, s))
	}
	return all, nil
}

func (f FoldIn) measure(trained *als.Result, s als.Settings) Latency {
	items := trained.Items
	folder := als.NewFolder(items, s)
	index := topk.New(items.Rows, items.Rank, items.Data, nil)
	factor := make([]float32, s.Rank)
	var list []topk.Hit
	answer := func(u int) (fold, search time.Duration) {
		history, _ := f.Data.Train.Row(u)
		start := time.Now()
		folder.Solve(factor, history, nil)
		folded := time.Now()
		list = index.SearchExcluding(list, factor, f.N, nil, history)
		return folded.Sub(start), time.Since(folded)
	}
	random := rand.New(rand.NewPCG(1, 5))
	for range 200 {
		answer(random.IntN(f.Data.Train.Rows)) // warms everything up
	}
	var fold, search, both []float64
	micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
	for range f.Lists {
		a, b := answer(random.IntN(f.Data.Train.Rows))
		fold, search, both = append(fold, micros(a)), append(search, micros(b)), append(both, micros(a+b))
	}
	l := Latency{Rank: s.Rank, Items: items.Rows, Fold: spread(fold), Search: spread(search), Both: spread(both)}
	l.Allocs = allocs(func() { answer(7) })
	return l
}

func spread(x []float64) Spread {
	slices.Sort(x)
	at := func(part float64) float64 { return x[min(len(x)-1, int(part*float64(len(x))))] }
	return Spread{P50: at(0.5), P99: at(0.99)}
}

// allocs returns how many allocations a call makes.
func allocs(f func()) float64 {
	const calls = 1000
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64((after.Mallocs - before.Mallocs) / calls)
}

// WriteLatencies writes a table.
func WriteLatencies(w io.Writer, all []Latency) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "rank\titems\tfold p50 µs\tp99\tlist p50\tp99\tboth p50\tp99\tallocations\t")
	for _, l := range all {
		fmt.Fprintf(t, "%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t\n", l.Rank, l.Items,
			l.Fold.P50, l.Fold.P99, l.Search.P50, l.Search.P99, l.Both.P50, l.Both.P99, l.Allocs)
	}
	return t.Flush()
}
