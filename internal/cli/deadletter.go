package cli

import (
	"context"
	"time"

	"valse/store"
)

type deadLettersCmd struct {
	List   deadLettersListCmd   `cmd:"" help:"List dead letters, oldest first."`
	Replay deadLettersReplayCmd `cmd:"" help:"Record a letter's event once more, under an event id of its own, and drop the letter."`
	Drop   deadLettersDropCmd   `cmd:"" help:"Drop a letter."`
}

type deadLettersListCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run lists dead letters.
func (c *deadLettersListCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		letters, err := store.DeadLetters(ctx, h.store)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, letters)
		}
		t := newTable(g.env.Stdout)
		t.row("letter", "since", "user", "event", "type", "product", "reason")
		for _, l := range letters {
			e := l.Interaction
			t.row(l.ID, l.Time.Format(time.DateTime), e.UserID, e.EventID, e.Type.String(), e.ProductID, l.Reason)
		}
		t.flush()
		return nil
	})
}

type deadLettersReplayCmd struct {
	ID string `arg:"" help:"Letter to replay."`
}

// Run replays a letter.
func (c *deadLettersReplayCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error { return h.pipeline.ReplayDeadLetter(ctx, c.ID) })
}

type deadLettersDropCmd struct {
	ID string `arg:"" help:"Letter to drop."`
}

// Run drops a letter.
func (c *deadLettersDropCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error { return store.DropDeadLetter(ctx, h.store, c.ID) })
}
