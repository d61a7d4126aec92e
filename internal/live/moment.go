package live

import (
	"context"
	"fmt"
	"slices"
	"time"

	"valse/internal/experiment"
	"valse/store"
)

// longest is how long anything that was made for a user is given again.
const longest = time.Minute

// Moment is all that a user's lists follow from: what is being served, how new
// products and history are, which rules count. What is asked for in the same way
// at equal moments has the same answer. Whoever keeps an answer with the moment
// from before it was made, and gives it again at an equal moment only, shows
// nobody what was hidden, bought, erased or published meanwhile, by whichever
// server.
type Moment struct {
	stamp  store.Stamp // of catalogue and user
	userID string
	state  int64 // number of the state
	turn   int   // rules that began or ended so far
	minute int64
}

// Moment returns a user's moment now; nobody has one too. ErrUnavailable while
// there is none to rely on.
func (s *Service) Moment(ctx context.Context, userID string) (Moment, error) {
	st, err := s.current(ctx)
	if err != nil {
		return Moment{}, err
	}
	if st.experiment != nil && slices.ContainsFunc(st.experiment.Arms[:], func(a experiment.Arm) bool { return a.Rules != 0 }) {
		return Moment{}, fmt.Errorf("arms have rules of their own: %w", store.ErrUnavailable)
	}
	stamp, err := s.store.Stamp(ctx, userID)
	if err != nil {
		return Moment{}, err
	}
	now := s.o.Clock()
	return Moment{stamp: stamp, userID: userID, state: st.number, turn: st.turns.passed(now), minute: now.Unix() / int64(longest/time.Second)}, nil
}

// Catalogue is the part of a moment that products follow from.
func (m Moment) Catalogue() Moment {
	return Moment{stamp: store.Stamp{Epoch: m.stamp.Epoch, Catalog: m.stamp.Catalog}, minute: m.minute}
}

// history is the part that the user's history follows from.
func (m Moment) history() Moment {
	return Moment{stamp: store.Stamp{Epoch: m.stamp.Epoch, User: m.stamp.User}, userID: m.userID, minute: m.minute}
}

type momentKey struct{}

// At returns a context under which answers may be made from what was remembered
// of the moment.
func (m Moment) At(ctx context.Context) context.Context {
	return context.WithValue(ctx, momentKey{}, m)
}

// MomentOf returns the moment that a context was made with.
func MomentOf(ctx context.Context) (m Moment, ok bool) {
	m, ok = ctx.Value(momentKey{}).(Moment)
	return m, ok
}
