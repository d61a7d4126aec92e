// Package rulebook keeps a shop's rule books in the store.
//
// Each version is one value that is written once and never again: the process
// that creates version n+1 is the one whose save counts, and anyone who edited
// version n at the same time is told of the conflict. The newest version is the
// one in force, so making an old one current again saves its rules as the next
// version, and a version number always means the same rules.
package rulebook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"valse/engine/rule"
	"valse/store"
)

// prefix starts the names of rule books among the settings.
const prefix = "rules/"

// name is that of a version. Names in order have the newest version first.
func name(version int64) string { return fmt.Sprintf("%s%016x", prefix, math.MaxInt64-version) }

// IsName reports whether a setting is a rule book.
func IsName(setting string) bool { return strings.HasPrefix(setting, prefix) }

// MaxHistory is how many of the newest versions can be listed; older ones can
// be read by their number.
const MaxHistory = 100

// Books reads and saves rule books.
type Books struct {
	settings store.Settings
	clock    func() time.Time
}

// New returns the books that the settings hold.
func New(settings store.Settings, clock func() time.Time) *Books { return &Books{settings, clock} }

// Book returns a version; 0 is the empty book before the first. ErrNotFound.
func (b *Books) Book(ctx context.Context, version int64) (*rule.Book, error) {
	if version == 0 {
		return &rule.Book{Rules: []rule.Rule{}}, nil
	}
	return b.read(ctx, name(version))
}

func (b *Books) read(ctx context.Context, name string) (*rule.Book, error) {
	data, err := b.settings.Setting(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("rule book: %w", err)
	}
	return rule.Decode(data)
}

// Current returns the newest version.
func (b *Books) Current(ctx context.Context) (*rule.Book, error) {
	books, err := b.History(ctx, 1)
	if err != nil {
		return nil, err
	}
	if len(books) == 0 {
		return b.Book(ctx, 0)
	}
	return books[0], nil
}

// Newer reports whether there is a version after this one, at the price of one
// look.
func (b *Books) Newer(ctx context.Context, version int64) (bool, error) {
	_, err := b.settings.Setting(ctx, name(version+1))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// History returns the newest versions first, at most limit and at most
// MaxHistory.
func (b *Books) History(ctx context.Context, limit int) ([]*rule.Book, error) {
	names, err := b.settings.SettingNames(ctx, prefix, "")
	if err != nil {
		return nil, fmt.Errorf("list rule books: %w", err)
	}
	books := make([]*rule.Book, min(len(names), limit, MaxHistory))
	for i := range books {
		if books[i], err = b.read(ctx, names[i]); err != nil {
			return nil, err
		}
	}
	return books, nil
}

// Save makes rules the version after expected, which must be the newest;
// ErrConflict when it is not. A book that is not valid is ErrInvalid.
func (b *Books) Save(ctx context.Context, expected int64, rules []rule.Rule, author, note string) (*rule.Book, error) {
	if _, err := b.Book(ctx, expected); errors.Is(err, store.ErrNotFound) {
		return nil, b.conflict(ctx, expected)
	} else if err != nil {
		return nil, err
	}
	book := &rule.Book{Version: expected + 1, SavedAt: b.clock().UTC(), Author: author, Note: note, Rules: slices.Concat([]rule.Rule{}, rules)}
	if err := book.Validate(); err != nil {
		return nil, err
	}
	data, err := book.Encode()
	if err != nil {
		return nil, err
	}
	stored, err := b.settings.InitSetting(ctx, name(book.Version), data)
	if err != nil {
		return nil, fmt.Errorf("save rule book %d: %w", book.Version, err)
	}
	if !bytes.Equal(stored, data) {
		return nil, b.conflict(ctx, expected)
	}
	return book, nil
}

// Restore makes the rules of an old version current again, as the version
// after expected. Errors are as those of Save, and ErrNotFound.
func (b *Books) Restore(ctx context.Context, expected, version int64, author string) (*rule.Book, error) {
	old, err := b.Book(ctx, version)
	if err != nil {
		return nil, err
	}
	return b.Save(ctx, expected, old.Rules, author, fmt.Sprintf("Back to version %d", version))
}

func (b *Books) conflict(ctx context.Context, expected int64) error {
	current, err := b.Current(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("rule book %d was edited, the newest is %d by now: %w", expected, current.Version, store.ErrConflict)
}
