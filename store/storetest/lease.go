package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"valse/store"
)

var leaseChecks = []check{
	{"a lease is held against others and renewed by its owner", leaseRenew},
	{"a lease runs out and its next holder has a greater token", leaseExpires},
	{"a lease given back is free at once", leaseRelease},
	{"giving back a lease already lost leaves its younger holder alone", leaseReleaseLost},
	{"leases of different names are independent", leaseNames},
	{"of many at once one gets the lease", leaseRace},
}

func (u *subject) acquire(name, owner string, ttl time.Duration) store.Lease {
	u.t.Helper()
	l, err := u.s.Acquire(u.ctx, name, owner, ttl)
	u.ok(fmt.Sprintf("Acquire(%s by %s)", name, owner), err)
	return l
}

func (u *subject) wantHeld(name, owner string) {
	u.t.Helper()
	_, err := u.s.Acquire(u.ctx, name, owner, time.Minute)
	u.fails(fmt.Sprintf("Acquire(%s by %s)", name, owner), err, store.ErrHeld)
}

// acquireSoon takes a lease as soon as its holder's time has run out.
func (u *subject) acquireSoon(name, owner string) store.Lease {
	u.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		l, err := u.s.Acquire(u.ctx, name, owner, time.Minute)
		if err == nil {
			return l
		}
		u.fails("Acquire", err, store.ErrHeld)
	}
	u.t.Fatalf("the lease %s never ran out", name)
	return store.Lease{}
}

func leaseRenew(u *subject) {
	first := u.acquire("job", "a", time.Minute)
	if left := time.Until(first.Expires); first.Token < 1 || left < 30*time.Second || left > 90*time.Second {
		u.t.Errorf("Acquire = %+v, want a token and a minute", first)
	}
	same(u, "name and owner", []string{first.Name, first.Owner}, []string{"job", "a"})
	u.wantHeld("job", "b")
	again := u.acquire("job", "a", 5*time.Minute)
	same(u, "renewed token", again.Token, first.Token)
	if !again.Expires.After(first.Expires) {
		u.t.Errorf("renewal expires at %v, not after %v", again.Expires, first.Expires)
	}
	u.open("main").wantHeld("job", "b")
}

func leaseExpires(u *subject) {
	first := u.acquire("job", "a", 60*time.Millisecond)
	second := u.acquireSoon("job", "b")
	if second.Token <= first.Token {
		u.t.Errorf("token after expiry = %d, want above %d", second.Token, first.Token)
	}
	if time.Now().Before(first.Expires) {
		u.t.Errorf("the lease changed hands before %v", first.Expires)
	}
	u.wantHeld("job", "a")

	lapsed := u.acquire("other", "a", 20*time.Millisecond)
	time.Sleep(60 * time.Millisecond)
	if back := u.acquire("other", "a", time.Minute); back.Token <= lapsed.Token {
		u.t.Errorf("token of an owner who comes back late = %d, want above %d", back.Token, lapsed.Token)
	}
}

func leaseRelease(u *subject) {
	first := u.acquire("job", "a", time.Minute)
	u.ok("Release", u.s.Release(u.ctx, first))
	second := u.acquire("job", "b", time.Minute)
	if second.Token <= first.Token {
		u.t.Errorf("token after release = %d, want above %d", second.Token, first.Token)
	}
	u.ok("Release of what never was", u.s.Release(u.ctx, store.Lease{Name: "never", Owner: "a", Token: 1}))
}

func leaseReleaseLost(u *subject) {
	first := u.acquire("job", "a", 20*time.Millisecond)
	second := u.acquireSoon("job", "b")
	u.ok("Release of a lost lease", u.s.Release(u.ctx, first))
	u.wantHeld("job", "c")
	same(u, "renewed token", u.acquire("job", "b", time.Minute).Token, second.Token)
}

func leaseNames(u *subject) {
	u.acquire("one", "a", time.Minute)
	u.acquire("two", "b", time.Minute)
	u.wantHeld("one", "b")
	u.wantHeld("two", "a")
}

func leaseRace(u *subject) {
	second := u.open("main")
	var winners atomic.Int32
	var all sync.WaitGroup
	for n := range 10 {
		s := []store.Store{u.s, second.s}[n%2]
		all.Go(func() {
			_, err := s.Acquire(u.ctx, "job", fmt.Sprintf("owner %d", n), time.Minute)
			switch {
			case err == nil:
				winners.Add(1)
			case !errors.Is(err, store.ErrHeld):
				u.t.Errorf("Acquire: %v", err)
			}
		})
	}
	all.Wait()
	same(u, "holders", winners.Load(), 1)
}
