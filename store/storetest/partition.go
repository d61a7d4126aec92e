package storetest

import (
	"fmt"
	"time"

	"valse/store"
)

// leaseTime is longer than any check takes.
const leaseTime = 10 * time.Minute

var partitionChecks = []check{
	{"partitions share nothing", partitionsApart},
	{"a store opened again has everything", reopened},
	{"what one opening writes the other reads at once", openedTwice},
	{"a store says how durable it is and whether it answers", storeAnswers},
	{"calls after closing fail", storeClosed},
}

// fill puts a bit of everything into a store.
func (u *subject) fill() (token int64) {
	u.t.Helper()
	u.putProducts(product("p"))
	u.putUsers(person("u"))
	u.append(rating("e1", "u", "p", 4, 0), event("e2", "u", "p", store.View, 1))
	u.putLists("m", scored("u", 3))
	lease := u.acquire(store.PublishLease, "owner", leaseTime)
	u.publish(store.Publication{ModelID: "m", Token: lease.Token})
	u.createRuns(queued("r", store.RunTrain, 0))
	u.putSetting("secret", []byte("value"))
	u.erase("gone")
	return lease.Token
}

func partitionsApart(u *subject) {
	other := u.open("other")
	u.fill()
	same(other, "products", other.page(store.ProductQuery{IncludeHidden: true}).Total, 0)
	same(other, "users", len(other.walkUsers(store.UserQuery{}, 0)), 0)
	same(other, "history", len(other.history("u", store.HistoryQuery{}).Interactions), 0)
	same(other, "ratings", other.ratings("u", nil), nil)
	same(other, "log", other.log(), nil)
	same(other, "counts", other.counts(0), nil)
	same(other, "tombstones", other.erased(0), nil)
	same(other, "publications", publishedModels(other), nil)
	other.wantNoList("m", "u")
	other.wantNoClaim(store.RunTrain)
	_, err := other.s.Setting(u.ctx, "secret")
	other.fails("Setting", err, store.ErrNotFound)
	other.acquire(store.PublishLease, "another owner", leaseTime)
	other.wantOutcomes([]store.Outcome{store.Created, store.Created}, rating("e1", "u", "q", 1, 9), event("e", "gone", "p", store.View, 0))
	same(u, "ratings here", u.stars("u"), map[string]float64{"p": 4})
}

func reopened(u *subject) {
	token := u.fill()
	versions := []int64{u.catalogVersion(), u.countsVersion()}
	u.ok("Close", u.s.Close())
	again := u.open("main")
	same(again, "product", again.product("p"), product("p"))
	same(again, "search", again.page(store.ProductQuery{Search: "title"}).Total, 1)
	same(again, "user", again.user("u"), person("u"))
	same(again, "history", pluck(again.history("u", store.HistoryQuery{}).Interactions, eventID), []string{"e2", "e1"})
	same(again, "ratings", again.stars("u"), map[string]float64{"p": 4})
	same(again, "log", len(again.log()), 2)
	same(again, "counts", len(again.counts(0)), 2)
	same(again, "list", again.list("m", "u"), scored("u", 3))
	same(again, "published", publishedModels(again), []string{"m"})
	same(again, "run", again.run("r").State, store.Queued)
	again.wantSetting("secret", "value")
	again.wantHeld(store.PublishLease, "another owner")
	same(again, "tombstones", len(again.erased(0)), 1)
	same(again, "versions", []int64{again.catalogVersion(), again.countsVersion()}, versions)
	again.wantOutcomes([]store.Outcome{store.Exists, store.Erased, store.Created},
		rating("e1", "u", "p", 4, 0), event("e", "gone", "p", store.View, 0), event("e3", "u", "p", store.View, 2))
	same(again, "publication after reopening", again.publish(store.Publication{ModelID: "m2", Token: token}).Seq, 2)
}

func openedTwice(u *subject) {
	second := u.open("main")
	for n := range 20 {
		id := fmt.Sprintf("e%d", n)
		writer, reader := u, second
		if n%2 == 1 {
			writer, reader = second, u
		}
		writer.append(event(id, "u", "p", store.View, float64(n)))
		same(reader, "history", len(reader.history("u", store.HistoryQuery{}).Interactions), n+1)
		reader.wantOutcomes([]store.Outcome{store.Exists}, event(id, "u", "p", store.View, float64(n)))
		writer.putProducts(product(id))
		same(reader, "products", reader.page(store.ProductQuery{}).Total, n+1)
		writer.publish(store.Publication{ModelID: id})
		same(reader, "publication", publishedModels(reader)[0], id)
	}
}

func storeAnswers(u *subject) {
	u.ok("Ping", u.s.Ping(u.ctx))
	if u.s.Durability() == "" {
		u.t.Error(`Durability() = "", want a few words`)
	}
}

func storeClosed(u *subject) {
	u.ok("Close", u.s.Close())
	if err := u.s.Ping(u.ctx); err == nil {
		u.t.Error("Ping after Close succeeds")
	}
	if _, err := u.s.Append(u.ctx, []store.Interaction{event("e", "u", "p", store.View, 0)}); err == nil {
		u.t.Error("Append after Close succeeds")
	}
	if _, err := u.s.Product(u.ctx, "p"); err == nil {
		u.t.Error("Product after Close succeeds")
	}
}
