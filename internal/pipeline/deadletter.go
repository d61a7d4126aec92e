package pipeline

import (
	"context"
	"errors"
	"fmt"

	"valse/store"
)

// bury sets aside the interactions of a piece of the log that the warehouse
// refuses, so that they do not hold up the others, and returns those.
func (p *Pipeline) bury(ctx context.Context, shard int, rows []store.Interaction) ([]store.Interaction, error) {
	sound := make([]store.Interaction, 0, len(rows))
	for n := range rows {
		refused := p.warehouse.CheckRow(shard, &rows[n])
		if refused == nil {
			sound = append(sound, rows[n])
			continue
		}
		p.o.Logger.Error("an interaction goes to the dead letters", "shard", shard, "seq", rows[n].Seq, "error", refused)
		err := store.PutDeadLetter(ctx, p.store, store.DeadLetter{
			Reason: "the warehouse cannot hold it: " + refused.Error(), Time: p.o.Clock().UTC(), Interaction: rows[n],
		})
		if err != nil {
			return nil, err
		}
	}
	return sound, nil
}

// ReplayDeadLetter appends the letter's interaction once more, under an event id
// of its own, so that nothing it clashed with stands in the way, and drops the
// letter. Replaying twice counts once. store.ErrNotFound, or store.ErrErased
// when the user was erased meanwhile.
func (p *Pipeline) ReplayDeadLetter(ctx context.Context, id string) error {
	letter, err := store.FindDeadLetter(ctx, p.store, id)
	if err != nil {
		return err
	}
	again := letter.Interaction
	again.EventID = "replay/" + letter.ID
	outcomes, err := p.store.Append(ctx, []store.Interaction{again})
	if err != nil {
		return fmt.Errorf("replay dead letter %s: %w", id, err)
	}
	switch outcomes[0] {
	case store.Erased:
		err = store.ErrErased
	case store.Conflict:
		err = store.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("replay dead letter %s: %w", id, err)
	}
	return store.DropDeadLetter(ctx, p.store, id)
}

// dropLettersOf removes the letters of a user who is erased.
func (p *Pipeline) dropLettersOf(ctx context.Context, userID string) error {
	letters, err := store.DeadLettersOf(ctx, p.store, userID)
	for _, letter := range letters {
		err = errors.Join(err, store.DropDeadLetter(ctx, p.store, letter.ID))
	}
	return err
}
