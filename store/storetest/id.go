package storetest

import (
	"fmt"
	"slices"
	"strings"

	"valse/store"
)

var idChecks = []check{
	{"ids of any text are kept byte for byte in products", idProducts},
	{"ids of any text are kept byte for byte in users and events", idEvents},
	{"ids that differ in case, form or a trailing blank are different", idDifferent},
	{"categories, vendors, models, leases and runs may be any text", idOthers},
}

// oddIDs are texts that separators, patterns and encodings stumble over.
var oddIDs = []string{
	"plain", "comma,separated", "semi;colon", "co:lon", "a/b", `back\slash`, "{tag}", "{", "}{", "*", "?", "[a-z]", "%", "_", "'", `"`, "`", "--", "|",
	" ", " leading", "trailing ", "new\nline", "car\rriage", "tab\there", "\x01\x02\x1f\x7f", "\u0085\u2028", "\ufeffbom",
	"ünïcödé", "e\u0301", "日本語", "🦊👩‍👩‍👧", "مرحبا", "\U0010ffff", "0", "00", "-1", "1e3", "nil", "null", "NaN", "true",
	strings.Repeat("x", 256), strings.Repeat("🦊", 64), strings.Repeat("y", 255) + ",",
}

func idProducts(u *subject) {
	var want []store.Product
	for _, id := range oddIDs {
		p := product(id)
		p.Title = "Same"
		want = append(want, p)
	}
	if created, _ := u.putProducts(want...); created != len(oddIDs) {
		u.t.Fatalf("PutProducts = %d new, want %d", created, len(oddIDs))
	}
	for _, p := range want {
		same(u, fmt.Sprintf("product %q", p.ID), u.product(p.ID), p)
	}
	sorted := slices.Sorted(slices.Values(oddIDs))
	for _, order := range orders {
		same(u, "walk", u.walk(store.ProductQuery{Limit: 3, Order: order}), sorted)
	}
	for _, id := range oddIDs {
		u.ok("HideProduct", u.s.HideProduct(u.ctx, id, true))
		u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, id))
	}
	same(u, "products left", u.page(store.ProductQuery{IncludeHidden: true}).Total, 0)
}

func idEvents(u *subject) {
	var batch []store.Interaction
	for n, id := range oddIDs {
		other := oddIDs[(n+1)%len(oddIDs)]
		i := rating(id, other, id, 4, float64(n))
		i.Basket, i.RecommendationID = id, other
		batch = append(batch, i, rating(id, "one user", id, 3, float64(n)))
	}
	for _, want := range []store.Outcome{store.Created, store.Exists} {
		for n, got := range u.append(batch...) {
			if got != want {
				u.t.Fatalf("Append of event %q = %v, want %v", batch[n].EventID, got, want)
			}
		}
	}
	for _, i := range batch {
		if i.UserID == "one user" {
			continue
		}
		same(u, fmt.Sprintf("history of %q", i.UserID), u.history(i.UserID, store.HistoryQuery{}).Interactions, []store.Interaction{i})
		same(u, fmt.Sprintf("rating by %q", i.UserID), len(u.ratings(i.UserID, []string{i.ProductID})), 1)
		same(u, "user", u.user(i.UserID).ID, i.UserID)
	}
	same(u, "ratings", len(u.ratings("one user", oddIDs)), len(oddIDs))
	same(u, "users", u.walkUsers(store.UserQuery{Limit: 4}, len(oddIDs)+1), slices.Sorted(slices.Values(append(slices.Clone(oddIDs), "one user"))))
	same(u, "log", len(u.log()), len(batch))
	for _, id := range oddIDs {
		if got := u.erase(id); got != 1 {
			u.t.Errorf("EraseUser(%q) = %d interactions, want 1", id, got)
		}
	}
}

func idDifferent(u *subject) {
	ids := []string{"a", "A", "a ", " a", "é", "e\u0301", "a\n", "1", "01", "1.0"}
	for n, id := range ids {
		u.putProducts(product(id))
		u.putUsers(person(id))
		u.append(event(id, "u", id, store.View, float64(n)))
	}
	same(u, "products", u.page(store.ProductQuery{}).Total, len(ids))
	same(u, "users", len(u.walkUsers(store.UserQuery{}, len(ids)+1)), len(ids)+1)
	same(u, "events", len(u.history("u", store.HistoryQuery{}).Interactions), len(ids))
}

func idOthers(u *subject) {
	for n, id := range oddIDs {
		p := product(fmt.Sprintf("p%d", n))
		p.Category, p.Vendor, p.Title = id, id, id
		u.putProducts(p)
		same(u, fmt.Sprintf("category %q", id), u.walk(store.ProductQuery{Category: id}), []string{p.ID})
		same(u, fmt.Sprintf("vendor %q", id), u.walk(store.ProductQuery{Vendor: id}), []string{p.ID})

		u.putLists(id, scored(id, 1))
		same(u, fmt.Sprintf("list of %q", id), u.list(id, id), scored(id, 1))
		same(u, fmt.Sprintf("publication of %q", id), u.publish(store.Publication{ModelID: id}).ModelID, id)
		same(u, fmt.Sprintf("lease %q", id), u.acquire(id, id, leaseTime).Name, id)
		u.createRuns(queued(id, store.RunTrain, n))
		same(u, fmt.Sprintf("run %q", id), u.run(id).ID, id)
		u.putSetting(id, []byte(id))
		u.wantSetting(id, id)
	}
	same(u, "models", len(publishedModels(u)), len(oddIDs))
}

func publishedModels(u *subject) []string {
	u.t.Helper()
	got, err := u.s.Publications(u.ctx, 100)
	u.ok("Publications", err)
	return pluck(got, publishedModel)
}
