package live

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"time"

	"valse/engine"
	"valse/engine/rule"
	"valse/internal/rulebook"
	"valse/store"
)

// rulesPart is the rule book in force.
type rulesPart struct {
	book    *rule.Book
	turns   turns
	passed  int // turns at the last look
	library *library
}

// renewRules reads the newest rule book if there is a newer one. Rules that
// begin or end to count are a change too.
func (k *keeper) renewRules(ctx context.Context) (changed bool, err error) {
	p := &k.rules
	newer := p.book == nil
	if !newer {
		if newer, err = k.books.Newer(ctx, p.book.Version); err != nil {
			return false, err
		}
	}
	if newer {
		book, err := k.books.Current(ctx)
		if err != nil {
			return false, err
		}
		p.book, p.turns = book, turnsOf(book)
	}
	before := p.passed
	p.passed = p.turns.passed(k.o.Clock())
	return newer || p.passed != before, nil
}

// turns are the times, in order, at which rules of a book begin or end to count.
type turns []time.Time

func turnsOf(b *rule.Book) turns {
	if b == nil {
		return nil
	}
	var times turns
	for i := range b.Rules {
		for _, at := range []*time.Time{b.Rules[i].From, b.Rules[i].Until} {
			if at != nil {
				times = append(times, *at)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// passed counts the turns until now. What begins now has begun.
func (t turns) passed(now time.Time) int {
	n, _ := slices.BinarySearchFunc(t, now, func(turn, now time.Time) int {
		if turn.After(now) {
			return 1
		}
		return -1
	})
	return n
}

// view returns the books prepared for a catalogue, anew when it is another.
func (p *rulesPart) view(books *rulebook.Books, c *engine.Catalogue) *library {
	if p.library == nil || p.library.catalogue != c {
		p.library = newLibrary(books, c)
	}
	return p.library
}

// library holds rule books by version, prepared for one catalogue.
type library struct {
	books     *rulebook.Books
	catalogue *engine.Catalogue

	mu       sync.Mutex
	prepared map[int64]*engine.Rules
}

func newLibrary(books *rulebook.Books, c *engine.Catalogue) *library {
	return &library{books: books, catalogue: c, prepared: map[int64]*engine.Rules{}}
}

// prepare returns a book's rules, prepared once. There is nothing to prepare
// before the first book.
func (l *library) prepare(b *rule.Book) *engine.Rules {
	if b == nil || b.Version == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, known := l.prepared[b.Version]
	if !known {
		r = engine.NewRules(l.catalogue, b)
		l.prepared[b.Version] = r
	}
	return r
}

// version returns the rules of a version. ErrNotFound.
func (l *library) version(ctx context.Context, version int64) (*engine.Rules, error) {
	l.mu.Lock()
	r, known := l.prepared[version]
	l.mu.Unlock()
	if known {
		return r, nil
	}
	book, err := l.books.Book(ctx, version)
	if err != nil {
		return nil, fmt.Errorf("rules of version %d: %w", version, err)
	}
	return l.prepare(book), nil
}

// under returns the rules of a version, or for nil those in force.
func (st *state) under(ctx context.Context, version *int64) (*engine.Rules, error) {
	if version == nil {
		return st.rules, nil
	}
	return st.library.version(ctx, *version)
}

// seed decides what a user's list explores: the same all day, so that a page
// does not flicker.
func seed(userID string, shelf ShelfKind, at time.Time) uint64 {
	h := fnv.New64a()
	text := strconv.AppendInt(make([]byte, 0, 128), int64(store.DayOf(at)), 10)
	h.Write(append(append(append(append(text, ' '), shelf...), ' '), userID...))
	return h.Sum64()
}

// Books returns the shop's rule books.
func (s *Service) Books() *rulebook.Books { return s.books }
