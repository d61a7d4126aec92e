package storetest

import (
	"context"
	"errors"
	"fmt"

	"valse/store"
)

var mergeChecks = []check{
	{"a visitor's events become the account's, and the visitor is gone", mergeMoves},
	{"merging again, or after a crash anywhere, counts nothing twice", mergeCrash},
	{"an event that both sent counts once, two of one id count both", mergeIDs},
	{"merging into an erased user or oneself is refused", mergeRefused},
}

func (u *subject) merge(from, into string) int {
	u.t.Helper()
	moved, err := store.Merge(u.ctx, u.s, from, into)
	u.ok("Merge", err)
	return moved
}

func mergeMoves(u *subject) {
	u.append(
		rating("e1", "anon", "p", 4, 0), event("e2", "anon", "q", store.View, 1), event("e3", "anon", "q", store.Cart, 2),
		event("a1", "ann", "p", store.View, 0),
	)
	before := u.counts(0)
	same(u, "events moved", u.merge("anon", "ann"), 3)
	same(u, "the account's history", pluck(u.history("ann", store.HistoryQuery{}).Interactions, eventID), []string{"e3", "e2", "e1", "a1"})
	same(u, "the account's ratings", u.stars("ann"), map[string]float64{"p": 4})
	same(u, "the visitor's history", u.history("anon", store.HistoryQuery{}).Interactions, nil)
	_, err := u.s.User(u.ctx, "anon")
	u.fails("User(anon)", err, store.ErrNotFound)
	same(u, "counts", u.counts(0), before)
	for _, i := range u.log() {
		if i.UserID != "ann" {
			u.t.Errorf("the log still has %+v", i)
		}
	}
	same(u, "events in the log", len(u.log()), 4)
	same(u, "events moved again", u.merge("anon", "ann"), 0)
	same(u, "counts after merging again", u.counts(0), before)
	same(u, "events moved of someone who did nothing", u.merge("nobody", "ann"), 0)
}

// failing is a store whose calls fail from some call on, as if the process had
// died there.
type failing struct {
	store.Store
	left int
}

var errDied = errors.New("the process died")

func (f *failing) die() error {
	if f.left--; f.left < 0 {
		return errDied
	}
	return nil
}

func (f *failing) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	if err := f.die(); err != nil {
		return nil, err
	}
	return f.Store.Append(ctx, batch)
}

func (f *failing) EraseUser(ctx context.Context, id string) (int, error) {
	if err := f.die(); err != nil {
		return 0, err
	}
	return f.Store.EraseUser(ctx, id)
}

func (f *failing) PutSetting(ctx context.Context, name string, value []byte) error {
	if err := f.die(); err != nil {
		return err
	}
	return f.Store.PutSetting(ctx, name, value)
}

func mergeCrash(u *subject) {
	for calls := 0; ; calls++ {
		from, into := fmt.Sprintf("anon%d", calls), fmt.Sprintf("ann%d", calls)
		product := fmt.Sprintf("p%d", calls)
		u.append(event("e1", from, product, store.View, 0), event("e2", from, product, store.Cart, 1))
		_, err := store.Merge(u.ctx, &failing{u.s, calls}, from, into)
		u.ok("ResumeMerges", store.ResumeMerges(u.ctx, u.s))
		if errors.Is(err, errDied) && calls == 0 {
			u.merge(from, into) // nothing was known of it yet
		}
		same(u, "history", pluck(u.history(into, store.HistoryQuery{}).Interactions, eventID), []string{"e2", "e1"})
		counts := u.counts(0)
		same(u, "views", counts[tally{day, product, store.View}], 1)
		same(u, "carts", counts[tally{day, product, store.Cart}], 1)
		names, listing := u.s.SettingNames(u.ctx, "", "")
		u.ok("SettingNames", listing)
		same(u, "merges under way", len(names), 0)
		if err == nil {
			if calls < 3 {
				u.t.Errorf("only %d calls could fail", calls)
			}
			return
		}
	}
}

func mergeIDs(u *subject) {
	u.append(
		event("both", "anon", "p", store.View, 0), event("taken", "anon", "p", store.Cart, 1),
		event("both", "ann", "p", store.View, 0), event("taken", "ann", "q", store.Cart, 2),
	)
	same(u, "events moved", u.merge("anon", "ann"), 1)
	got := u.history("ann", store.HistoryQuery{}).Interactions
	same(u, "products", pluck(got, func(i store.Interaction) string { return i.Type.String() + " " + i.ProductID }),
		[]string{"CART q", "CART p", "VIEW p"})
	same(u, "views", u.counts(0)[tally{day, "p", store.View}], 1)
}

func mergeRefused(u *subject) {
	u.append(event("e1", "anon", "p", store.View, 0))
	u.erase("gone")
	_, err := store.Merge(u.ctx, u.s, "anon", "gone")
	u.fails("Merge into an erased user", err, store.ErrErased)
	_, err = store.Merge(u.ctx, u.s, "anon", "anon")
	u.fails("Merge into oneself", err, store.ErrInvalid)
	same(u, "history", len(u.history("anon", store.HistoryQuery{}).Interactions), 1)
	u.ok("ResumeMerges", store.ResumeMerges(u.ctx, u.s))
}
