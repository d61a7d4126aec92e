package bench

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"valse/engine/als"
	"valse/engine/topk"
)

// TopK compares making lists: each contestant lists N items for the same users
// from the same factors, without what the user has seen.
type TopK struct {
	Options
	Data  []*Data
	Ranks []int
	Peers []Peer
	Only  []string // as in ALS
	Users int      // how many of them a round; default 5,000, at most all
	N     int      // length of a list; default 100
	// Sweeps of training that the factors get first, from what every training
	// starts from; default 3. Lengths of trained factors follow a power law.
	Sweeps int
	// Alike gives all items the length one instead, and so nothing to skip.
	Alike bool
}

// Run lets the contestants take turns on each matrix at each rank.
func (t TopK) Run(ctx context.Context) (*Report, error) {
	var err error
	if t.Options, err = t.withDefaults(); err != nil {
		return nil, err
	}
	orDefault := func(v *int, otherwise int) {
		if *v == 0 {
			*v = otherwise
		}
	}
	orDefault(&t.Users, 5000)
	orDefault(&t.N, 100)
	orDefault(&t.Sweeps, 3)
	r := &Report{Benchmark: "topk", Unit: "CPU µs a list", Setting: fmt.Sprintf("%d items a list, %d threads", t.N, t.Threads)}
	if t.Alike {
		r.Setting += ", all items of length one"
	}
	r.skip(t.Peers)
	for _, d := range t.Data {
		if err := d.store(t.Cache); err != nil {
			return nil, err
		}
		for _, rank := range t.Ranks {
			c, err := t.compare(ctx, d, rank)
			if err != nil {
				return nil, fmt.Errorf("%s, rank %d: %w", d.Name, rank, err)
			}
			r.Cases = append(r.Cases, *c)
		}
		if err := os.Remove(d.Path); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (t TopK) compare(ctx context.Context, d *Data, rank int) (*Case, error) {
	users := min(t.Users, d.Train.Rows)
	trained, err := t.train(ctx, d, rank)
	if err != nil {
		return nil, err
	}
	factors := filepath.Join(t.Cache, fmt.Sprintf("factors-%d.bin", os.Getpid()))
	defer os.Remove(factors)
	if err := writeFactors(factors, trained.Users, trained.Items); err != nil {
		return nil, err
	}
	job := Job{
		Kind: "topk", Matrix: d.Path, Factors: factors, Threads: t.Threads, Rounds: t.Rounds,
		Out: filepath.Join(t.Cache, fmt.Sprintf("lists-%d.bin", os.Getpid())), Rank: rank, Users: users, N: t.N,
	}
	var entrants []entrant
	for _, p := range t.Peers {
		if p.Missing == "" && p.Lists && (len(t.Only) == 0 || slices.Contains(t.Only, p.Name)) {
			entrants = append(entrants, entrant{p.Name, p.command, job})
		}
	}
	c := &Case{Name: d.Name, Size: fmt.Sprintf("%d lists of %d items", users, d.Train.Cols), Rank: rank}
	full := newSorter(trained, d.Train, t.N)
	err = t.takeTurns(ctx, c, entrants, judgement{saved: func(e *Entry, job Job) error {
		lists, err := readLists(job.Out, job.Users, job.N)
		if err != nil {
			return err
		}
		e.Same = full.compare(lists, job.Users)
		return os.Remove(job.Out)
	}})
	for i := range c.Entries {
		c.Entries[i].CPU *= 1e6 / float64(users)
		c.Entries[i].Wall *= 1e6 / float64(users)
	}
	return c, err
}

// train returns factors as training leaves them.
func (t TopK) train(ctx context.Context, d *Data, rank int) (*als.Result, error) {
	t.Log.Info("training the factors to list from", "matrix", d.Name, "rank", rank, "sweeps", t.Sweeps)
	trained, err := als.Train(ctx, d.Train, als.Settings{Rank: rank, Iterations: t.Sweeps, Solver: als.Fast, Reg: 0.003}, nil)
	if err != nil || !t.Alike {
		return trained, err
	}
	for i := range trained.Items.Rows {
		row := trained.Items.Row(i)
		if length := math.Sqrt(float64(dot(row, row))); length > 0 {
			for k := range row {
				row[k] /= float32(length)
			}
		}
	}
	return trained, nil
}

// sorter makes lists the plain way: score everything, sort, cut.
type sorter struct {
	*als.Result
	seen *als.Matrix
	n    int
}

func newSorter(r *als.Result, seen *als.Matrix, n int) *sorter { return &sorter{r, seen, n} }

// checked is how many of the lists are compared with a full sort.
const checked = 200

// compare says how many of the lists are those of a full sort, and how many
// differ only in the order of scores that are equal to seven digits.
func (s *sorter) compare(lists []int32, users int) string {
	same, ties := 0, 0
	step := max(1, users/checked)
	of := 0
	for u := 0; u < users; u += step {
		of++
		got := lists[u*s.n:][:s.n]
		want, score := s.list(u)
		switch {
		case slices.Equal(got[:len(want)], want):
			same++
		case tied(got[:len(want)], want, score):
			ties++
		}
	}
	if ties == 0 {
		return fmt.Sprintf("%d of %d equal", same, of)
	}
	return fmt.Sprintf("%d of %d equal, %d but for ties", same, of, ties)
}

// list returns the user's best items, and the scores of all.
func (s *sorter) list(u int) (best []int32, score []float64) {
	score = make([]float64, s.Items.Rows)
	hits := make([]topk.Hit, 0, s.Items.Rows)
	seen, _ := s.seen.Row(u)
	for i := range score {
		score[i] = exactDot(s.Users.Row(u), s.Items.Row(i))
		if _, found := slices.BinarySearch(seen, int32(i)); !found {
			hits = append(hits, topk.Hit{Item: int32(i)})
		}
	}
	slices.SortFunc(hits, func(a, b topk.Hit) int {
		switch {
		case score[a.Item] > score[b.Item]:
			return -1
		case score[a.Item] < score[b.Item]:
			return 1
		}
		return int(a.Item - b.Item)
	})
	for _, h := range hits[:min(s.n, len(hits))] {
		best = append(best, h.Item)
	}
	return best, score
}

// tied reports whether a list has, place by place, the scores of the right one
// to float32's rounding.
func tied(got, want []int32, score []float64) bool {
	largest := math.Abs(score[want[0]])
	for k := range want {
		if got[k] < 0 || math.Abs(score[got[k]]-score[want[k]]) > 1e-6*largest {
			return false
		}
	}
	return true
}

func exactDot(x, y []float32) float64 {
	sum := 0.0
	for k, v := range x {
		sum += float64(v) * float64(y[k])
	}
	return sum
}
