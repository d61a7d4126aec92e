package bench

import (
	"context"
	"errors"
	"fmt"
)

// entrant is a contestant that is to take part.
type entrant struct {
	name    string
	command command
	job     Job
}

// judgement is what is made of the contestants' work: after each turn, where
// turn is not nil, and of what each has saved in the end.
type judgement struct {
	turn  func(*contestant, *Turn) error
	saved func(*Entry, Job) error
}

// takeTurns starts the entrants, lets each do a round in turn until all have
// done theirs, and judges them. An entrant that fails is left out and says why.
func (o Options) takeTurns(ctx context.Context, c *Case, entrants []entrant, judge judgement) (err error) {
	children := make([]*contestant, len(entrants))
	c.Entries = make([]Entry, len(entrants))
	defer func() {
		for _, child := range children {
			if child != nil {
				_ = child.close()
			}
		}
	}()
	fail := func(i int, err error) {
		o.Log.Warn("out of the race", "contestant", entrants[i].name, "err", err)
		c.Entries[i].Failed = err.Error()
		if children[i] != nil {
			_ = children[i].close()
			children[i] = nil
		}
	}
	for i, e := range entrants {
		c.Entries[i].Name = e.name
		if children[i], err = o.start(ctx, e.command, e.job); err != nil {
			children[i] = nil
			fail(i, err)
		}
	}
	for round := range o.Rounds {
		for i, child := range children {
			if child == nil {
				continue
			}
			turn, err := child.round()
			if err == nil && judge.turn != nil {
				err = judge.turn(child, &turn)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				fail(i, err)
				continue
			}
			o.Log.Info("round", "matrix", c.Name, "rank", c.Rank, "of", o.Rounds, "n", round+1, "contestant", entrants[i].name, "cpu", fmt.Sprintf("%.3f", turn.CPU))
			c.Entries[i].Turns = append(c.Entries[i].Turns, turn)
		}
	}
	for i, child := range children {
		if child == nil {
			continue
		}
		children[i] = nil
		err := child.save()
		if ended := child.close(); err == nil {
			err = ended
		}
		if err == nil {
			err = judge.saved(&c.Entries[i], entrants[i].job)
		}
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			fail(i, err)
		}
	}
	c.settle()
	return nil
}
