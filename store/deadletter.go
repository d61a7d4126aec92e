package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// DeadLetter is an interaction that was acknowledged and could not go where it
// belongs. It waits for a person to look at it.
type DeadLetter struct {
	// ID names the letter; letters sort by it like by Time.
	ID string `json:"-"`
	// Reason says what was wrong, for people.
	Reason      string      `json:"reason"`
	Time        time.Time   `json:"time"`
	Interaction Interaction `json:"interaction"`
}

// deadLetters begins the names of the settings that hold dead letters.
const deadLetters = "dead/"

// PutDeadLetter keeps a letter. The same interaction again replaces its letter.
func PutDeadLetter(ctx context.Context, s Settings, l DeadLetter) error {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %q", l.Interaction.UserID, l.Interaction.EventID, l.Interaction.ProductID)
	name := fmt.Sprintf("%s%016d-%016x", deadLetters, l.Interaction.Time.UnixMicro(), h.Sum64())
	value, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return s.PutSetting(ctx, name, value)
}

// DeadLetters returns the oldest letters, at most MaxPage.
func DeadLetters(ctx context.Context, s Settings) ([]DeadLetter, error) {
	names, err := s.SettingNames(ctx, deadLetters, "")
	if err != nil {
		return nil, err
	}
	return readDeadLetters(ctx, s, names)
}

// DeadLettersOf returns every letter of a user, the oldest first: a bulk read.
func DeadLettersOf(ctx context.Context, s Settings, userID string) ([]DeadLetter, error) {
	names, err := AllSettingNames(ctx, s, deadLetters)
	if err != nil {
		return nil, err
	}
	letters, err := readDeadLetters(ctx, s, names)
	return slices.DeleteFunc(letters, func(l DeadLetter) bool { return l.Interaction.UserID != userID }), err
}

// FindDeadLetter returns one letter. ErrNotFound.
func FindDeadLetter(ctx context.Context, s Settings, id string) (DeadLetter, error) {
	letters, err := readDeadLetters(ctx, s, []string{deadLetters + id})
	if err == nil && len(letters) == 0 {
		err = fmt.Errorf("dead letter %q: %w", id, ErrNotFound)
	}
	if err != nil {
		return DeadLetter{}, err
	}
	return letters[0], nil
}

// readDeadLetters reads those letters that are still there.
func readDeadLetters(ctx context.Context, s Settings, names []string) ([]DeadLetter, error) {
	letters := make([]DeadLetter, 0, len(names))
	for _, name := range names {
		value, err := s.Setting(ctx, name)
		if errors.Is(err, ErrNotFound) {
			continue // replayed or dropped meanwhile
		}
		if err != nil {
			return nil, err
		}
		l := DeadLetter{ID: name[len(deadLetters):]}
		if err := json.Unmarshal(value, &l); err != nil {
			return nil, fmt.Errorf("dead letter %s: %w", l.ID, err)
		}
		letters = append(letters, l)
	}
	return letters, nil
}

// DropDeadLetter removes a letter; one that is gone is not an error.
func DropDeadLetter(ctx context.Context, s Settings, id string) error {
	return s.PutSetting(ctx, deadLetters+id, nil)
}
