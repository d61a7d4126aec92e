package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"valse/engine/als"
)

// Contest is valse's own part: it takes a job from in and answers on out until
// in ends. It is what the hidden command that benchmarks start runs.
func Contest(ctx context.Context, in io.Reader, out io.Writer) error {
	r, w := bufio.NewReader(in), json.NewEncoder(out)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return err
	}
	var job Job
	if err := json.Unmarshal(line, &job); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	p := &part{Job: job, in: r, out: w}
	switch job.Kind {
	case "als":
		err = p.sweeps(ctx)
	case "topk":
		err = p.lists()
	default:
		err = fmt.Errorf("job %q: want als or topk", job.Kind)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		_ = w.Encode(Turn{Error: err.Error()})
		return err
	}
	return nil
}

// part is valse's part in a benchmark.
type part struct {
	Job
	in  *bufio.Reader
	out *json.Encoder

	cpu  time.Duration
	wall time.Time
}

// await reads the next line and starts the clock.
func (p *part) await() (asked string, err error) {
	line, err := p.in.ReadBytes('\n')
	if err != nil {
		return "", err
	}
	err = json.Unmarshal(line, &asked)
	p.cpu, _ = usage()
	p.wall = time.Now()
	return asked, err
}

// took answers a round.
func (p *part) took(loss float64) error {
	cpu, peak := usage()
	return p.out.Encode(Turn{CPU: (cpu - p.cpu).Seconds(), Wall: time.Since(p.wall).Seconds(), Peak: peak, Loss: loss})
}

func (p *part) ready() error { return p.out.Encode(Turn{}) }

// sweeps trains, a sweep a round. It saves, and ends, when asked for anything
// else than another.
func (p *part) sweeps(ctx context.Context) error {
	m, err := readMatrix(p.Matrix)
	if err != nil {
		return err
	}
	users, items, err := readFactors(p.Factors, m.Rows, m.Cols, p.Rank)
	if err != nil {
		return err
	}
	s := als.Settings{
		Rank: p.Rank, Iterations: p.Rounds, UnobservedWeight: p.UnobservedWeight, Reg: p.Reg,
		RegExponent: p.RegExponent, Threads: p.Threads, Init: &als.Result{Users: users, Items: items},
	}
	if s.RegExponent == 0 {
		s.RegExponent = -1 // zero would mean the default
	}
	if p.Solver == "fast" {
		s.Solver = als.Fast
	}
	if err := p.ready(); err != nil {
		return err
	}
	if _, err := p.await(); err != nil {
		return err
	}
	result, err := als.Train(ctx, m, s, func(sweep als.Sweep) error {
		if err := p.took(sweep.Loss); err != nil || sweep.N == p.Rounds {
			return err
		}
		_, err := p.await()
		return err
	})
	if err != nil {
		return err
	}
	if _, err := p.await(); err != nil {
		return err
	}
	if err := writeFactors(p.Out, result.Users, result.Items); err != nil {
		return err
	}
	return p.ready()
}
