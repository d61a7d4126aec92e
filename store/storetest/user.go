package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"valse/store"
)

var userChecks = []check{
	{"a user comes back as put, with a creation time", userRoundTrip},
	{"putting counts new and changed users and equal ones as neither", userCounts},
	{"users by id keep the order asked and are nil where there is none", usersByID},
	{"users are walked by id, by prefix of id or name, by persona", userWalk},
	{"every user passes through the bulk read, an error ends it", eachUser},
	{"the users' version grows with puts, first events and erasures", usersVersion},
}

func (u *subject) putUsers(users ...store.User) (created, updated int) {
	u.t.Helper()
	created, updated, err := u.s.PutUsers(u.ctx, users)
	u.ok("PutUsers", err)
	return created, updated
}

func (u *subject) user(id string) store.User {
	u.t.Helper()
	got, err := u.s.User(u.ctx, id)
	u.ok("User", err)
	return got
}

func person(id string) store.User {
	return store.User{ID: id, Name: "Name of " + id, Attributes: map[string]string{"city": "Zürich"}, CreatedAt: noon}
}

func userRoundTrip(u *subject) {
	full, bare := person("full"), store.User{ID: "bare"}
	full.Persona = "likes trail running and jazz"
	u.putUsers(full, bare)
	same(u, "User", u.user("full"), full)
	got := u.user("bare")
	if age := time.Since(got.CreatedAt); age < -time.Minute || age > time.Minute {
		u.t.Errorf("User(bare).CreatedAt = %v, want now", got.CreatedAt)
	}
	bare.CreatedAt = got.CreatedAt
	same(u, "User", got, bare)
	_, err := u.s.User(u.ctx, "nobody")
	u.fails("User(nobody)", err, store.ErrNotFound)
}

func userCounts(u *subject) {
	wantCounts := func(what string, wantCreated, wantUpdated int, users ...store.User) {
		u.t.Helper()
		if created, updated := u.putUsers(users...); created != wantCreated || updated != wantUpdated {
			u.t.Fatalf("PutUsers(%s) = %d new, %d changed, want %d and %d", what, created, updated, wantCreated, wantUpdated)
		}
	}
	a, b, c := person("a"), person("b"), person("c")
	wantCounts("nothing", 0, 0)
	wantCounts("a and b", 2, 0, a, b)
	wantCounts("a and b again", 0, 0, a, b)
	b.Persona = "collects maps"
	wantCounts("b changed, c new", 1, 1, a, b, c)
	same(u, "changed user", u.user("b"), b)
	b.CreatedAt = time.Time{}
	wantCounts("b without saying when it was created", 0, 0, b)
	same(u, "creation time", u.user("b").CreatedAt, noon)
}

func usersByID(u *subject) {
	u.putUsers(person("a"), person("b"))
	got, err := u.s.UsersByID(u.ctx, []string{"b", "nobody", "a", "b"})
	u.ok("UsersByID", err)
	a, b := person("a"), person("b")
	same(u, "UsersByID", got, []*store.User{&b, nil, &a, &b})
}

func userWalk(u *subject) {
	var users []store.User
	for i := range 45 {
		user := person(fmt.Sprintf("user_%02d", i))
		user.Name = []string{"Ada %", "Bob", "user of old"}[i%3]
		if i%5 == 0 {
			user.Persona = "a persona"
		}
		users = append(users, user)
	}
	users = append(users, person("userX01"))
	u.putUsers(users...)
	for _, q := range []store.UserQuery{
		{}, {Personas: true}, {Search: "user_1"}, {Search: "Ada"}, {Search: "user"}, {Search: "Ada %"}, {Search: "Bob", Personas: true}, {Search: "nobody"},
	} {
		var want []string
		for _, v := range sortedBy(users, userID) {
			if (strings.HasPrefix(v.ID, q.Search) || strings.HasPrefix(v.Name, q.Search)) && (!q.Personas || v.Persona != "") {
				want = append(want, v.ID)
			}
		}
		for _, limit := range []int{0, 1, 7, store.MaxPage} {
			q.Limit = limit
			same(u, fmt.Sprintf("walk of %+v", q), u.walkUsers(q, len(want)), want)
		}
	}
}

// walkUsers follows a listing of users to its end.
func (u *subject) walkUsers(q store.UserQuery, total int) []string {
	u.t.Helper()
	var ids []string
	for {
		page, err := u.s.Users(u.ctx, q)
		u.ok(fmt.Sprintf("Users(%+v)", q), err)
		if page.Total != total || len(page.Cursors) != len(page.Users) {
			u.t.Fatalf("Users(%+v) = %d users, %d cursors of %d, want of %d", q, len(page.Users), len(page.Cursors), page.Total, total)
		}
		ids = append(ids, pluck(page.Users, userID)...)
		if !page.HasNext {
			return ids
		}
		if len(page.Users) == 0 || len(ids) > total {
			u.t.Fatalf("Users(%+v) promises more after %d of %d users", q, len(ids), total)
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
}

func eachUser(u *subject) {
	want := make([]store.User, 2_500)
	for i := range want {
		want[i] = person(fmt.Sprintf("u%04d", i))
	}
	u.putUsers(want...)
	var got []store.User
	u.ok("EachUser", u.s.EachUser(u.ctx, func(batch []store.User) error {
		got = append(got, batch...)
		return nil
	}))
	same(u, "EachUser", sortedBy(got, userID), want)
	enough := errors.New("enough")
	u.fails("EachUser whose f fails", u.s.EachUser(u.ctx, func([]store.User) error { return enough }), enough)
}

func usersVersion(u *subject) {
	version := func() int64 {
		v, err := u.s.UsersVersion(u.ctx)
		u.ok("UsersVersion", err)
		return v
	}
	last := version()
	grew := func(after string) {
		u.t.Helper()
		now := version()
		if now <= last {
			u.t.Errorf("UsersVersion after %s = %d, want above %d", after, now, last)
		}
		last = now
	}
	u.putUsers(person("a"))
	grew("a new user")
	u.putUsers(store.User{ID: "a", Name: "Another"})
	grew("a change")
	u.append(event("e1", "b", "p", store.View, 0))
	grew("the first event of an unknown user")
	u.erase("a")
	grew("an erasure")
}
