package storetest

import (
	"context"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"valse/store"
)

var noticeChecks = []check{
	{"appends, products, publications, runs and settings ring", noticeKinds},
	{"every watcher hears", noticeAll},
	{"the channel closes when its context ends", noticeCloses},
	{"who falls far behind is told so and holds nobody up", noticeSlow},
}

func (u *subject) watch() <-chan store.Notice {
	u.t.Helper()
	notices, err := u.s.Watch(u.ctx)
	u.ok("Watch", err)
	return notices
}

// hear waits for one notice among others.
func hear(t rapid.TB, notices <-chan store.Notice, kind store.NoticeKind, id string) {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		select {
		case n, open := <-notices:
			if !open {
				t.Fatalf("the channel closed before %s %q was heard", kind, id)
			}
			if n.Kind == kind && n.ID == id {
				if age := time.Since(n.At); age < -time.Minute || age > time.Minute {
					t.Errorf("notice %+v is not from now", n)
				}
				return
			}
		case <-timeout:
			t.Fatalf("%s %q was never heard", kind, id)
		}
	}
}

func noticeKinds(u *subject) {
	bell := u.watch()
	u.append(event("e1", "u, 1", "p", store.View, 0), event("e1", "v", "p", store.View, 0))
	hear(u.t, bell, store.NoticeUser, "u, 1")
	u.append(event("e2", "v", "p", store.View, 0))
	hear(u.t, bell, store.NoticeUser, "v")
	u.putProducts(product("p"))
	hear(u.t, bell, store.NoticeCatalog, "")
	u.ok("HideProduct", u.s.HideProduct(u.ctx, "p", true))
	hear(u.t, bell, store.NoticeCatalog, "")
	u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, "p"))
	hear(u.t, bell, store.NoticeCatalog, "")
	u.publish(store.Publication{ModelID: "m"})
	hear(u.t, bell, store.NoticeModel, "")
	u.createRuns(queued("r", store.RunTrain, 0))
	hear(u.t, bell, store.NoticeRun, "r")
	r := u.claim("a", 1, store.RunTrain)
	hear(u.t, bell, store.NoticeRun, "r")
	_, err := u.s.UpdateRun(u.ctx, r)
	u.ok("UpdateRun", err)
	hear(u.t, bell, store.NoticeRun, "r")
	_, err = u.s.RequestCancel(u.ctx, "r", noon)
	u.ok("RequestCancel", err)
	hear(u.t, bell, store.NoticeRun, "r")
	_, err = u.s.FailStale(u.ctx, noon.Add(time.Hour))
	u.ok("FailStale", err)
	hear(u.t, bell, store.NoticeRun, "r")
	u.erase("v")
	hear(u.t, bell, store.NoticeUser, "v")
	u.putSetting("put", []byte("x"))
	hear(u.t, bell, store.NoticeSetting, "put")
	_, err = u.s.InitSetting(u.ctx, "init", []byte("x"))
	u.ok("InitSetting", err)
	hear(u.t, bell, store.NoticeSetting, "init")
}

func noticeAll(u *subject) {
	first, second := u.watch(), u.watch()
	u.append(event("e", "u", "p", store.View, 0))
	hear(u.t, first, store.NoticeUser, "u")
	hear(u.t, second, store.NoticeUser, "u")
}

func noticeCloses(u *subject) {
	ctx, cancel := context.WithCancel(u.ctx)
	notices, err := u.s.Watch(ctx)
	u.ok("Watch", err)
	cancel()
	timeout := time.After(time.Minute)
	for {
		select {
		case _, open := <-notices:
			if !open {
				u.append(event("e", "u", "p", store.View, 0)) // nobody listens
				return
			}
		case <-timeout:
			u.t.Fatal("the channel stays open")
		}
	}
}

func noticeSlow(u *subject) {
	slow, quick := u.watch(), u.watch()
	batch := make([]store.Interaction, 3_000)
	for n := range batch {
		batch[n] = event("e", fmt.Sprintf("u%d", n), "p", store.View, 0)
	}
	u.append(batch...)
	u.append(event("e", "the last", "p", store.View, 0))
	hear(u.t, quick, store.NoticeUser, "the last") // slow begins to read when all is there
	hear(u.t, slow, store.NoticeMissed, "")
	hear(u.t, slow, store.NoticeUser, "the last")
}
