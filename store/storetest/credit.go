package storetest

import (
	"errors"
	"fmt"
	"sync"

	"valse/store"
)

var creditChecks = []check{
	{"credited events are counted by UTC day, credit and type", creditDays},
	{"an event is credited once, however often and by whom it is sent", creditOnce},
	{"a credit is neither kept with the event nor part of what it is", creditNotKept},
	{"credits of many appends at once add up", creditsAddUp},
	{"erasing a user leaves the credits as they are", creditsOfTheErased},
	{"an error ends the reading of credits", creditError},
}

// merit names a count of credits.
type merit struct {
	Day    store.Day
	Credit string
	Type   store.EventType
}

// credits adds up the pieces of every count of some days.
func (u *subject) credits(from, to store.Day) map[merit]int64 {
	u.t.Helper()
	sum := map[merit]int64{}
	u.ok("Credits", u.s.Credits(u.ctx, from, to, func(c store.CreditCount) error {
		sum[merit{c.Day, c.Credit, c.Type}] += c.N
		return nil
	}))
	return sum
}

// credited is an event that counts for something.
func credited(id, user string, kind store.EventType, hours float64, credit string) store.Interaction {
	i := event(id, user, "p", kind, hours)
	i.Credit = credit
	return i
}

func creditDays(u *subject) {
	same(u, "credits of an empty store", u.credits(0, day), nil)
	odd := "a|b \x01é|" // opaque
	u.append(
		credited("1", "u", store.Impression, 0, "row"), credited("2", "u", store.Impression, 1, "row"),
		credited("3", "v", store.Impression, 2, "row"), credited("4", "u", store.Click, 2, "row"),
		credited("5", "u", store.Click, 24, "row"), credited("6", "u", store.Purchase, 48, odd),
		event("7", "u", "p", store.Purchase, 0),
	)
	want := map[merit]int64{
		{day, "row", store.Impression}: 3, {day, "row", store.Click}: 1,
		{day + 1, "row", store.Click}: 1, {day + 2, odd, store.Purchase}: 1,
	}
	same(u, "credits", u.credits(0, day+5), want)
	same(u, "credits of one day", u.credits(day+1, day+1), map[merit]int64{{day + 1, "row", store.Click}: 1})
	same(u, "credits of no day", u.credits(day+3, day+9), nil)
}

func creditOnce(u *subject) {
	first := credited("e", "u", store.Click, 0, "row")
	again, taken := first, first
	again.Credit = "another row"
	taken.Type = store.Cart
	u.append(first, first, again)
	u.append(again, taken)
	same(u, "credits", u.credits(0, day), map[merit]int64{{day, "row", store.Click}: 1})
}

func creditNotKept(u *subject) {
	i := credited("e", "u", store.Click, 0, "row")
	u.append(i)
	kept := u.history("u", store.HistoryQuery{}).Interactions
	if len(kept) != 1 || kept[0].Credit != "" {
		u.t.Errorf("History = %+v, want one event without its credit", kept)
	}
	i.Credit = ""
	outcomes, err := u.s.Append(u.ctx, []store.Interaction{i})
	u.ok("Append", err)
	same(u, "outcome of the same event without its credit", outcomes, []store.Outcome{store.Exists})
}

func creditsAddUp(u *subject) {
	var wait sync.WaitGroup
	for w := range 8 {
		wait.Go(func() {
			for n := range 10 {
				batch := []store.Interaction{
					credited(fmt.Sprint(n), fmt.Sprint("u", w), store.Impression, 0, "row"),
					credited(fmt.Sprint("shared", n), "u", store.Impression, 0, "row"), // one of eight wins
				}
				if _, err := u.s.Append(u.ctx, batch); err != nil {
					u.t.Errorf("Append: %v", err)
				}
			}
		})
	}
	wait.Wait()
	same(u, "credits", u.credits(0, day), map[merit]int64{{day, "row", store.Impression}: 90})
}

func creditsOfTheErased(u *subject) {
	u.append(credited("1", "u", store.Click, 0, "row"), credited("2", "v", store.Click, 0, "row"))
	u.erase("u")
	same(u, "credits", u.credits(0, day), map[merit]int64{{day, "row", store.Click}: 2})
	if _, err := u.s.Append(u.ctx, []store.Interaction{credited("3", "u", store.Click, 0, "row")}); err != nil {
		u.t.Fatal(err)
	}
	same(u, "credits after an event of the erased", u.credits(0, day), map[merit]int64{{day, "row", store.Click}: 2})
}

func creditError(u *subject) {
	u.append(credited("e", "u", store.Click, 0, "row"))
	enough := errors.New("enough")
	u.fails("Credits whose f fails", u.s.Credits(u.ctx, 0, day, func(store.CreditCount) error { return enough }), enough)
}
