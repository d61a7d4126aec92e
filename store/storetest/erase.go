package storetest

import (
	"fmt"
	"time"

	"valse/store"
)

var eraseChecks = []check{
	{"an erased user's events leave history, log, ratings and counts", eraseEvents},
	{"an erased user and their lists are gone, others stay", eraseProfile},
	{"late events, profiles and lists of an erased user are refused", eraseLate},
	{"erasing someone unknown leaves a tombstone", eraseUnknown},
	{"tombstones are numbered one by one", eraseTombstones},
	{"sequence numbers of erased events are not used again", eraseLogEnd},
}

func (u *subject) erase(id string) int {
	u.t.Helper()
	n, err := u.s.EraseUser(u.ctx, id)
	u.ok("EraseUser", err)
	return n
}

func (u *subject) erased(after int64) []store.Erasure {
	u.t.Helper()
	got, err := u.s.Erased(u.ctx, after)
	u.ok("Erased", err)
	return got
}

func eraseEvents(u *subject) {
	u.append(
		rating("e1", "u", "p", 4, 0), event("e2", "u", "p", store.View, 1), event("e3", "u", "q", store.View, 30),
		rating("e1", "v", "p", 2, 0), event("e2", "v", "p", store.View, 1),
	)
	same(u, "interactions erased", u.erase("u"), 3)
	same(u, "history", u.history("u", store.HistoryQuery{}).Interactions, nil)
	same(u, "ratings", u.ratings("u", nil), nil)
	same(u, "asked rating", u.ratings("u", []string{"p"}), nil)
	same(u, "counts", u.counts(0), map[tally]int64{{day, "p", store.Rating}: 1, {day, "p", store.View}: 1})
	for _, i := range u.log() {
		if i.UserID != "v" {
			u.t.Errorf("the log still has %+v", i)
		}
	}
	same(u, "log", len(u.log()), 2)
	same(u, "other history", len(u.history("v", store.HistoryQuery{}).Interactions), 2)
	same(u, "other ratings", u.stars("v"), map[string]float64{"p": 2})
}

func eraseProfile(u *subject) {
	u.putUsers(person("u"), person("v"))
	for _, model := range []string{"m1", "m2"} {
		u.putLists(model, scored("u", 5), scored("v", 5), scored(store.DefaultList, 5))
	}
	u.erase("u")
	_, err := u.s.User(u.ctx, "u")
	u.fails("User after erasure", err, store.ErrNotFound)
	got, err := u.s.UsersByID(u.ctx, []string{"u", "v"})
	u.ok("UsersByID", err)
	v := person("v")
	same(u, "UsersByID", got, []*store.User{nil, &v})
	same(u, "users", u.walkUsers(store.UserQuery{}, 1), []string{"v"})
	for _, model := range []string{"m1", "m2"} {
		u.wantNoList(model, "u")
		same(u, "other list", u.list(model, "v"), scored("v", 5))
		same(u, "default list", u.list(model, store.DefaultList), scored(store.DefaultList, 5))
	}
}

func eraseLate(u *subject) {
	u.append(event("e1", "u", "p", store.View, 0))
	u.erase("u")
	u.wantOutcomes([]store.Outcome{store.Erased, store.Erased}, event("e1", "u", "p", store.View, 0), event("e2", "u", "p", store.View, 0))
	if created, updated := u.putUsers(person("u"), person("v")); created != 1 || updated != 0 {
		u.t.Errorf("PutUsers(erased, new) = %d new, %d changed, want 1 and 0", created, updated)
	}
	_, err := u.s.User(u.ctx, "u")
	u.fails("User after a late profile", err, store.ErrNotFound)
	u.putLists("m", scored("u", 2), scored("v", 2))
	u.wantNoList("m", "u")
	same(u, "other list", u.list("m", "v"), scored("v", 2))
	same(u, "erased again", u.erase("u"), 0)
	u.wantOutcomes([]store.Outcome{store.Erased}, event("e3", "u", "p", store.View, 0))
	same(u, "log", u.log(), nil)
}

func eraseUnknown(u *subject) {
	same(u, "interactions erased", u.erase("nobody"), 0)
	u.wantOutcomes([]store.Outcome{store.Erased}, event("e", "nobody", "p", store.View, 0))
	same(u, "tombstones", pluck(u.erased(0), func(e store.Erasure) string { return e.UserID }), []string{"nobody"})
}

func eraseTombstones(u *subject) {
	same(u, "tombstones at first", u.erased(0), nil)
	for n := range 5 {
		u.erase(fmt.Sprintf("u%d", n))
	}
	for after := range int64(7) {
		got := u.erased(after)
		if want := max(0, 5-int(after)); len(got) != want {
			u.t.Fatalf("Erased(%d) = %d tombstones, want %d", after, len(got), want)
		}
		for k, e := range got {
			age := time.Since(e.Time)
			if want := after + int64(k) + 1; e.Seq != want || e.UserID != fmt.Sprintf("u%d", want-1) || age < -time.Minute || age > time.Minute {
				u.t.Errorf("Erased(%d)[%d] = %+v, want number %d, now", after, k, e, want)
			}
		}
	}
}

func eraseLogEnd(u *subject) {
	u.append(event("e1", "v", "p", store.View, 0))
	u.append(event("e1", "u", "p", store.View, 0), event("e2", "u", "p", store.View, 0))
	shard, before := u.history("u", store.HistoryQuery{}).Interactions[0].Shard, u.logEnd()
	u.erase("u")
	same(u, "end of the log", u.logEnd(), before)
	for n := range 20 { // until the shard of the erased user gets another event
		u.append(event("e1", fmt.Sprintf("w%d", n), "p", store.View, 0))
	}
	for _, i := range u.shardLog(shard) {
		if i.UserID != "v" && i.Seq <= before[shard] {
			u.t.Errorf("a new event has number %d, want above %d", i.Seq, before[shard])
		}
	}
}
