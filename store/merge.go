package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Merging is what [Merge] and [ResumeMerges] need of a store.
type Merging interface {
	Interactions
	Users
	Settings
}

// mergePrefix begins the names of settings that remember merges under way:
// from whom, with the value into whom.
const mergePrefix = "merge/"

// Merge moves what one user did into the history of another, as when a visitor
// signs in, and erases the first. Every event keeps its id, so that what was
// sent as both counts once; where the other user's event of that id is a
// different one, it gets an id made from both. It returns how many events are
// new in the history they went to.
//
// Calling it again completes or repeats it without counting anything twice, and
// [ResumeMerges] does so for those that a crash has interrupted. What from does
// while it runs may be erased with them: the caller speaks for them and has
// stopped recording.
//
// The users must differ. It is ErrErased when the other user was erased.
func Merge(ctx context.Context, s Merging, from, into string) (moved int, err error) {
	for _, id := range []string{from, into} {
		if err := ValidateID("userId", id); err != nil {
			return 0, err
		}
	}
	if from == into {
		return 0, &Invalid{Field: "userId", Value: into, Want: "another user than the one to merge"}
	}
	// Known before anything is copied, so that a crash leaves nothing counted
	// twice for long.
	if err := s.PutSetting(ctx, mergePrefix+from, []byte(into)); err != nil {
		return 0, fmt.Errorf("merge %q: %w", from, err)
	}
	moved, err = copyHistory(ctx, s, from, into)
	if err == nil {
		_, err = s.EraseUser(ctx, from)
	}
	if err == nil || errors.Is(err, ErrErased) {
		err = errors.Join(err, s.PutSetting(ctx, mergePrefix+from, nil))
	}
	if err != nil {
		return moved, fmt.Errorf("merge %q into %q: %w", from, into, err)
	}
	return moved, nil
}

// ResumeMerges completes the merges that were interrupted.
func ResumeMerges(ctx context.Context, s Merging) error {
	names, err := AllSettingNames(ctx, s, mergePrefix)
	for _, name := range names {
		var into []byte
		if into, err = s.Setting(ctx, name); errors.Is(err, ErrNotFound) {
			err = nil // completed by another process
			continue
		}
		if err == nil {
			_, err = Merge(ctx, s, strings.TrimPrefix(name, mergePrefix), string(into))
		}
		if err != nil && !errors.Is(err, ErrErased) {
			return err
		}
	}
	return err
}

// copyHistory appends everything from did to the history of into.
func copyHistory(ctx context.Context, s Interactions, from, into string) (moved int, err error) {
	for q := (HistoryQuery{}); ; {
		page, err := s.History(ctx, from, q)
		if err != nil {
			return moved, err
		}
		n, err := appendAs(ctx, s, page.Interactions, into)
		moved += n
		if err != nil || !page.HasNext {
			return moved, err
		}
		q.Before = page.Cursors[len(page.Cursors)-1]
	}
}

// appendAs appends events as those of another user, those whose ids are taken
// under new ones.
func appendAs(ctx context.Context, s Interactions, events []Interaction, into string) (moved int, err error) {
	batch := slices.Clone(events)
	slices.Reverse(batch) // into the order in which they happened
	for len(batch) > 0 {
		for i := range batch {
			batch[i].UserID = into
		}
		outcomes, err := s.Append(ctx, batch)
		if err != nil {
			return moved, err
		}
		var taken []Interaction
		for i, outcome := range outcomes {
			switch outcome {
			case Created:
				moved++
			case Erased:
				return moved, ErrErased
			case Conflict:
				batch[i].EventID = anotherID(batch[i].EventID, events[0].UserID)
				taken = append(taken, batch[i])
			}
		}
		batch = taken
	}
	return moved, nil
}

// anotherID is an id for an event of a user whose own id is taken elsewhere:
// the same each time.
func anotherID(eventID, userID string) string {
	sum := sha256.Sum256([]byte(userID + "\x00" + eventID))
	return hex.EncodeToString(sum[:16])
}
