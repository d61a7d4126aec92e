package storetest

import (
	"fmt"
	"slices"

	"valse/store"
)

var historyChecks = []check{
	{"an unknown user has an empty history", historyUnknown},
	{"a history is newest first, the later append first among equals", historyOrder},
	{"a history is walked to its end without gap or repeat", historyWalk},
	{"a filter of types holds on every page", historyTypes},
	{"events that arrive during a walk do not disturb it", historyGrows},
	{"a foreign cursor or a limit out of bounds is invalid", historyInvalid},
	{"a long history comes in bounded pages", historyLong},
}

func (u *subject) history(user string, q store.HistoryQuery) store.HistoryPage {
	u.t.Helper()
	page, err := u.s.History(u.ctx, user, q)
	u.ok("History", err)
	if len(page.Cursors) != len(page.Interactions) {
		u.t.Fatalf("History(%+v) has %d cursors for %d interactions", q, len(page.Cursors), len(page.Interactions))
	}
	return page
}

// walkHistory follows a history to its end.
func (u *subject) walkHistory(user string, q store.HistoryQuery) []store.Interaction {
	u.t.Helper()
	var walked []store.Interaction
	for {
		page := u.history(user, q)
		walked = append(walked, page.Interactions...)
		if !page.HasNext {
			return walked
		}
		if len(page.Interactions) == 0 || len(page.Interactions) > max(q.Limit, 1) {
			u.t.Fatalf("History(%+v) promises more after %d interactions and gives %d", q, len(walked), len(page.Interactions))
		}
		q.Before = page.Cursors[len(page.Cursors)-1]
	}
}

// newestFirst is the order of a history, given the order of appends.
func newestFirst(appended []store.Interaction) []store.Interaction {
	out := slices.Clone(appended)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b store.Interaction) int { return b.Time.Compare(a.Time) })
	return out
}

// seventy is a history in no order, with equal times and every type.
func (u *subject) seventy() []store.Interaction {
	var sent []store.Interaction
	for n := range 70 {
		kind := store.EventTypes()[n*5%9]
		sent = append(sent, event(fmt.Sprintf("e%02d", n), "u", fmt.Sprintf("p%d", n%6), kind, float64(n*31%12)))
	}
	u.append(sent[:40]...)
	u.append(event("other", "v", "p1", store.View, 3))
	u.append(sent[40:]...)
	return sent
}

func historyUnknown(u *subject) {
	page := u.history("nobody", store.HistoryQuery{})
	if len(page.Interactions) != 0 || page.HasNext {
		u.t.Errorf("History(nobody) = %+v, want an empty page", page)
	}
}

func historyOrder(u *subject) {
	sent := u.seventy()
	same(u, "history", u.history("u", store.HistoryQuery{}).Interactions, newestFirst(sent))
	same(u, "other history", len(u.history("v", store.HistoryQuery{}).Interactions), 1)
}

func historyWalk(u *subject) {
	want := newestFirst(u.seventy())
	for _, limit := range []int{1, 2, 9, 69, 70, 71} {
		same(u, fmt.Sprintf("walk by %d", limit), u.walkHistory("u", store.HistoryQuery{Limit: limit}), want)
	}
	all := u.history("u", store.HistoryQuery{})
	for i, cursor := range all.Cursors {
		rest := u.history("u", store.HistoryQuery{Before: cursor})
		same(u, fmt.Sprintf("history before %d", i), rest.Interactions, want[i+1:])
	}
	if page := u.history("u", store.HistoryQuery{Limit: 70}); page.HasNext {
		u.t.Error("a page that holds the whole history promises more")
	}
}

func historyTypes(u *subject) {
	all := newestFirst(u.seventy())
	for _, types := range [][]store.EventType{{store.Rating}, {store.View, store.Purchase}, {store.Click, store.Click}, store.EventTypes()} {
		want := slices.DeleteFunc(slices.Clone(all), func(i store.Interaction) bool { return !slices.Contains(types, i.Type) })
		for _, limit := range []int{1, 3, 100} {
			same(u, fmt.Sprintf("%v by %d", types, limit), u.walkHistory("u", store.HistoryQuery{Types: types, Limit: limit}), want)
		}
	}
	u.append(event("only", "w", "p", store.View, 0))
	if page := u.history("w", store.HistoryQuery{Types: []store.EventType{store.Cart}, Limit: 1}); len(page.Interactions) != 0 || page.HasNext {
		u.t.Errorf("History of CART = %+v, want an empty page", page)
	}
}

func historyGrows(u *subject) {
	want := newestFirst(u.seventy())
	page := u.history("u", store.HistoryQuery{Limit: 10})
	u.append(event("newest", "u", "p", store.View, 1_000), event("tied", "u", "p", store.View, page.Interactions[9].Time.Sub(noon).Hours()))
	rest := u.walkHistory("u", store.HistoryQuery{Limit: 10, Before: page.Cursors[9]})
	same(u, "rest of the walk", rest, want[10:])
}

func historyInvalid(u *subject) {
	u.append(event("e", "u", "p", store.View, 0))
	for _, q := range []store.HistoryQuery{{Before: "nonsense"}, {Before: "\x00"}, {Limit: -1}, {Limit: store.MaxHistory + 1}} {
		_, err := u.s.History(u.ctx, "u", q)
		u.fails(fmt.Sprintf("History(%+v)", q), err, store.ErrInvalid)
	}
}

func historyLong(u *subject) {
	const size = store.MaxHistory + 5
	batch := make([]store.Interaction, size)
	for n := range batch {
		batch[n] = event(fmt.Sprintf("e%d", n), "u", "p", store.View, float64(n)/60)
	}
	u.append(batch...)
	page := u.history("u", store.HistoryQuery{})
	if len(page.Interactions) != store.MaxHistory || !page.HasNext {
		u.t.Fatalf("History of %d = %d, more %v; want %d and more", size, len(page.Interactions), page.HasNext, store.MaxHistory)
	}
	rest := u.history("u", store.HistoryQuery{Before: page.Cursors[store.MaxHistory-1]})
	same(u, "rest", pluck(rest.Interactions, eventID), []string{"e4", "e3", "e2", "e1", "e0"})
}
