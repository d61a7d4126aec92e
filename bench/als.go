package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"valse/engine/als"
)

// ALS compares training: one sweep over both sides a round, everyone from the
// same factors towards the same loss.
type ALS struct {
	Options
	Data  []*Data
	Ranks []int
	Peers []Peer
	// Only, when not empty, names the contestants that take part, like
	// "implicit cg".
	Only []string

	// Curve has everyone's loss measured after each sweep, not after the last
	// alone: for the picture.
	Curve bool

	// Of the loss. Reg and RegExponent are zero by default, so that all peers
	// share it: implicit knows no other.
	UnobservedWeight, Reg, RegExponent float64
}

// Run lets the contestants take turns on each matrix at each rank.
func (a ALS) Run(ctx context.Context) (*Report, error) {
	var err error
	if a.Options, err = a.withDefaults(); err != nil {
		return nil, err
	}
	r := &Report{Benchmark: "als", Unit: "CPU s a sweep", Setting: fmt.Sprintf("w0 %g, lambda %g, nu %g, %d threads", a.UnobservedWeight, a.Reg, a.RegExponent, a.Threads)}
	r.skip(a.Peers)
	for _, d := range a.Data {
		if err := d.store(a.Cache); err != nil {
			return nil, err
		}
		for _, rank := range a.Ranks {
			c, err := a.compare(ctx, d, rank)
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

// compare runs one case.
func (a ALS) compare(ctx context.Context, d *Data, rank int) (*Case, error) {
	start := filepath.Join(a.Cache, fmt.Sprintf("start-%d.bin", os.Getpid()))
	defer os.Remove(start)
	if err := writeFactors(start, als.NewFactors(d.Train.Rows, rank), initial(d.Train.Cols, rank)); err != nil {
		return nil, err
	}
	var entrants []entrant
	for _, p := range a.Peers {
		for _, solver := range p.Solvers {
			name := p.Name + " " + solver
			if p.Missing != "" || len(a.Only) > 0 && !slices.Contains(a.Only, name) {
				continue
			}
			entrants = append(entrants, entrant{name, p.command, Job{
				Kind: "als", Solver: solver, Matrix: d.Path, Factors: start, Threads: a.Threads, Rounds: a.Rounds,
				Out:  filepath.Join(a.Cache, fmt.Sprintf("end-%d.bin", os.Getpid())),
				Rank: rank, UnobservedWeight: a.UnobservedWeight, Reg: a.Reg, RegExponent: a.RegExponent,
			}})
		}
	}
	c := &Case{Name: d.Name, Size: fmt.Sprintf("%d × %d, %d entries", d.Train.Rows, d.Train.Cols, d.Train.NNZ()), Rank: rank}
	judge := judgement{saved: func(e *Entry, job Job) error { return a.judge(e, job, d) }}
	if a.Curve {
		judge.turn = func(c *contestant, t *Turn) error { return a.follow(c, t, d) }
	}
	return c, a.takeTurns(ctx, c, entrants, judge)
}

// initial returns the factors that everyone starts from: N(0, 0.1/√d).
func initial(rows, rank int) als.Factors {
	random := rand.New(rand.NewPCG(1, 3))
	f := als.NewFactors(rows, rank)
	for i := range f.Data {
		f.Data[i] = float32(random.NormFloat64() * 0.1 / math.Sqrt(float64(rank)))
	}
	return f
}

// follow measures the loss that a contestant has come to, unless it says so
// itself.
func (a ALS) follow(c *contestant, t *Turn, d *Data) error {
	if t.Loss > 0 {
		return nil
	}
	if err := c.save(); err != nil {
		return err
	}
	users, items, err := reached(c.job, d)
	if err == nil && users.Rows > 0 {
		t.Loss = loss(d.Train, users, items, a)
	}
	return err
}

// reached reads and removes the factors that a contestant has saved: none when
// it keeps them for itself.
func reached(job Job, d *Data) (users, items als.Factors, err error) {
	users, items, err = readFactors(job.Out, d.Train.Rows, d.Train.Cols, job.Rank)
	if errors.Is(err, os.ErrNotExist) {
		return users, items, nil
	}
	return users, items, errors.Join(err, os.Remove(job.Out))
}

// judge measures the factors that a contestant ends with, if it saves any.
func (a ALS) judge(e *Entry, job Job, d *Data) error {
	users, items, err := reached(job, d)
	if err != nil || users.Rows == 0 {
		return err
	}
	e.Loss, e.Recall = loss(d.Train, users, items, a), recall(d, users, items)
	return nil
}
