package storetest

import (
	"errors"
	"fmt"
	"time"

	"valse/store"
)

var stampChecks = []check{
	{"a stamp stays while nothing changes", stampStays},
	{"a stamp shows each change of products and of the user", stampChanges},
	{"a stamp shows what another process did", stampElsewhere},
	{"a user's stamp shows their erasure, and that they were merged into", stampErased},
}

// stamp waits until there is a stamp: right after a change there may be none.
func (u *subject) stamp(user string) store.Stamp {
	u.t.Helper()
	for give := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		stamp, err := u.s.Stamp(u.ctx, user)
		if err == nil {
			return stamp
		}
		if !errors.Is(err, store.ErrUnavailable) || time.Now().After(give) {
			u.t.Fatalf("Stamp(%q): %v", user, err)
		}
	}
}

func sameProducts(a, b store.Stamp) bool { return a.Epoch == b.Epoch && a.Catalog == b.Catalog }
func sameUser(a, b store.Stamp) bool     { return a.Epoch == b.Epoch && a.User == b.User }

func stampStays(u *subject) {
	u.putProducts(product("p"))
	u.append(event("e", "u", "p", store.View, 0))
	before := u.stamp("u")
	u.history("u", store.HistoryQuery{})
	u.product("p")
	same(u, "stamp", u.stamp("u"), before)
	u.append(event("e", "u", "p", store.View, 0)) // the same again
	same(u, "stamp after a repeated event", sameUser(u.stamp("u"), before), true)
	u.putProducts(product("p"))
	same(u, "stamp after a repeated product", sameProducts(u.stamp("u"), before), true)
	u.putSetting("x", []byte("y"))
	same(u, "stamp after a setting", u.stamp("u"), before)
}

func stampChanges(u *subject) {
	before := u.stamp("u")
	changed := func(what string, compare func(a, b store.Stamp) bool, do func()) {
		u.t.Helper()
		do()
		// At once: whoever was told of the change must not be shown what was before.
		after, err := u.s.Stamp(u.ctx, "u")
		if err == nil && compare(before, after) {
			u.t.Errorf("after %s the stamp is still %+v", what, after)
		}
		before = u.stamp("u")
	}
	changed("a product", sameProducts, func() { u.putProducts(product("p")) })
	changed("a hidden product", sameProducts, func() { u.ok("HideProduct", u.s.HideProduct(u.ctx, "p", true)) })
	changed("a deleted product", sameProducts, func() { u.ok("DeleteProduct", u.s.DeleteProduct(u.ctx, "p")) })
	for n, kind := range store.EventTypes() {
		changed(kind.String(), sameUser, func() { u.append(event(fmt.Sprint(n), "u", "p", kind, float64(n))) })
	}
	changed("a rating taken back", sameUser, func() { u.append(rating("back", "u", "p", 0, 60)) })
}

func stampElsewhere(u *subject) {
	other := u.open("main")
	before := u.stamp("u")
	changed := func(what string, compare func(a, b store.Stamp) bool) {
		u.t.Helper()
		after, err := u.s.Stamp(u.ctx, "u")
		if err == nil && compare(before, after) {
			u.t.Errorf("after another process's %s the stamp is still %+v", what, after)
		}
		before = u.stamp("u")
	}
	other.putProducts(product("p"))
	changed("product", sameProducts)
	other.append(event("e", "u", "p", store.View, 0))
	changed("event", sameUser)
	u.append(event("mine", "v", "p", store.View, 0)) // does not hide what comes next
	other.append(event("e2", "u", "p", store.View, 1))
	u.append(event("mine 2", "v", "p", store.View, 0))
	changed("event between one's own", sameUser)
	other.erase("u")
	changed("erasure", sameUser)
}

func stampErased(u *subject) {
	u.append(event("e1", "u", "p", store.View, 0), event("e2", "u", "p", store.View, 1))
	full := u.stamp("u")
	u.erase("u")
	gone := u.stamp("u")
	same(u, "an erased user's stamp is that of before", sameUser(full, gone), false)
	u.append(event("e1", "visitor", "p", store.View, 0))
	account := u.stamp("account")
	u.merge("visitor", "account")
	same(u, "the stamp of who was merged into is that of before", sameUser(account, u.stamp("account")), false)
}
