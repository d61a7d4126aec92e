package storetest

import (
	"fmt"
	"sync"
	"time"

	"valse/store"
)

var listChecks = []check{
	{"a list comes back in its order with its scores", listRoundTrip},
	{"a list put again replaces the old one", listReplace},
	{"lists of different models stay apart and are dropped together", listModels},
	{"many lists are stored in one call", listMany},
}

var publicationChecks = []check{
	{"nothing is published at first", publishNothing},
	{"each flip is numbered and knows what was before", publishFlips},
	{"publishing what is published is a conflict", publishConflict},
	{"a publisher with an old token is fenced off", publishFenced},
	{"of publishers at once each flip gets its own number", publishConcurrently},
}

func (u *subject) putLists(model string, lists ...store.List) {
	u.t.Helper()
	u.ok("PutLists", u.s.PutLists(u.ctx, model, lists))
}

func (u *subject) list(model, user string) store.List {
	u.t.Helper()
	l, err := u.s.List(u.ctx, model, user)
	u.ok("List", err)
	return l
}

func (u *subject) wantNoList(model, user string) {
	u.t.Helper()
	_, err := u.s.List(u.ctx, model, user)
	u.fails(fmt.Sprintf("List(%q, %q)", model, user), err, store.ErrNotFound)
}

// scored is a list of n products, best first.
func scored(user string, n int) store.List {
	l := store.List{UserID: user}
	for i := range n {
		l.Items = append(l.Items, store.Scored{ProductID: fmt.Sprintf("p%d", i), Score: 1 / (3 + float32(i))})
	}
	return l
}

func listRoundTrip(u *subject) {
	u.putLists("m", scored("u", 100), scored(store.DefaultList, 3), scored("nothing", 0))
	u.putLists("m")
	same(u, "list", u.list("m", "u"), scored("u", 100))
	same(u, "default list", u.list("m", store.DefaultList), scored(store.DefaultList, 3))
	same(u, "empty list", u.list("m", "nothing"), scored("nothing", 0))
	u.wantNoList("m", "nobody")
	u.wantNoList("other", "u")
}

func listReplace(u *subject) {
	u.putLists("m", scored("u", 10), scored("v", 2))
	u.putLists("m", scored("u", 3))
	same(u, "list", u.list("m", "u"), scored("u", 3))
	same(u, "other list", u.list("m", "v"), scored("v", 2))
}

func listModels(u *subject) {
	u.putLists("m1", scored("u", 1), scored(store.DefaultList, 4))
	u.putLists("m2", scored("u", 2))
	u.ok("DropLists", u.s.DropLists(u.ctx, "m1"))
	u.wantNoList("m1", "u")
	u.wantNoList("m1", store.DefaultList)
	same(u, "list of the other model", u.list("m2", "u"), scored("u", 2))
	u.ok("DropLists again", u.s.DropLists(u.ctx, "m1"))
}

func listMany(u *subject) {
	lists := make([]store.List, 3_000)
	for n := range lists {
		lists[n] = scored(fmt.Sprintf("u%d", n), n%20)
	}
	u.putLists("m", lists...)
	for n := 0; n < len(lists); n += 371 {
		same(u, "list", u.list("m", lists[n].UserID), lists[n])
	}
	u.ok("DropLists", u.s.DropLists(u.ctx, "m"))
	u.wantNoList("m", "u2999")
}

func (u *subject) publish(p store.Publication) store.Publication {
	u.t.Helper()
	got, err := u.s.Publish(u.ctx, p)
	u.ok("Publish", err)
	return got
}

func publishNothing(u *subject) {
	_, err := u.s.Published(u.ctx)
	u.fails("Published at first", err, store.ErrNotFound)
	none, err := u.s.Publications(u.ctx, 10)
	u.ok("Publications", err)
	same(u, "Publications", none, nil)
}

func publishFlips(u *subject) {
	var want []store.Publication
	for n, model := range []string{"m1", "m2", "m1"} {
		p := store.Publication{ModelID: model, Token: int64(n), Time: noon.Add(time.Duration(n) * time.Minute), Note: "run, " + model}
		got := u.publish(p)
		p.Seq = int64(n + 1)
		if n > 0 {
			p.Previous = want[0].ModelID
		}
		same(u, "Publish", got, p)
		now, err := u.s.Published(u.ctx)
		u.ok("Published", err)
		same(u, "Published", now, p)
		want = append([]store.Publication{p}, want...)
	}
	for _, limit := range []int{1, 2, 3, 10} {
		got, err := u.s.Publications(u.ctx, limit)
		u.ok("Publications", err)
		same(u, "Publications", got, want[:min(limit, 3)])
	}
	for _, limit := range []int{0, -1} {
		got, err := u.s.Publications(u.ctx, limit)
		u.ok("Publications", err)
		same(u, "publications of no page", len(got), 0)
	}
	if got := u.publish(store.Publication{ModelID: "m3"}); got.Time.IsZero() {
		u.t.Error("Publish without a time sets none")
	}
}

func publishConflict(u *subject) {
	u.publish(store.Publication{ModelID: "m1"})
	_, err := u.s.Publish(u.ctx, store.Publication{ModelID: "m1"})
	u.fails("Publish again", err, store.ErrConflict)
	u.publish(store.Publication{ModelID: "m2"})
	u.publish(store.Publication{ModelID: "m1"})
}

func publishFenced(u *subject) {
	old := u.acquire(store.PublishLease, "slow", time.Minute)
	u.publish(store.Publication{ModelID: "m1", Token: old.Token})
	u.ok("Release", u.s.Release(u.ctx, old))
	young := u.acquire(store.PublishLease, "quick", time.Minute)
	_, err := u.s.Publish(u.ctx, store.Publication{ModelID: "m2", Token: old.Token})
	u.fails("Publish under an old token", err, store.ErrFenced)
	now, err := u.s.Published(u.ctx)
	u.ok("Published", err)
	same(u, "published model", now.ModelID, "m1")
	u.publish(store.Publication{ModelID: "m3", Token: young.Token})
	u.ok("Release", u.s.Release(u.ctx, young))
	_, err = u.s.Publish(u.ctx, store.Publication{ModelID: "m4", Token: old.Token})
	u.fails("Publish under an old token when nobody holds the lease", err, store.ErrFenced)
}

func publishConcurrently(u *subject) {
	const publishers = 8
	second := u.open("main")
	var all sync.WaitGroup
	for n := range publishers {
		s := []store.Store{u.s, second.s}[n%2]
		all.Go(func() {
			if _, err := s.Publish(u.ctx, store.Publication{ModelID: fmt.Sprintf("m%d", n)}); err != nil {
				u.t.Errorf("Publish: %v", err)
			}
		})
	}
	all.Wait()
	got, err := u.s.Publications(u.ctx, publishers+1)
	u.ok("Publications", err)
	same(u, "publications", len(got), publishers)
	for n, p := range got {
		previous := ""
		if n+1 < publishers {
			previous = got[n+1].ModelID
		}
		if p.Seq != int64(publishers-n) || p.Previous != previous {
			u.t.Errorf("publication %d = %+v, want number %d after %q", n, p, publishers-n, previous)
		}
	}
}
