package storetest

import (
	"errors"
	"fmt"
	"time"

	"valse/store"
)

var countChecks = []check{
	{"events are counted by UTC day, product and type", countDays},
	{"counts start with the day asked for", countFrom},
	{"counts add up over many appends", countSum},
	{"an error ends the bulk read of counts", countError},
	{"the version of counts grows with old events only", countVersion},
}

// day is the day that checks count from.
var day = store.DayOf(noon)

// tally names a count.
type tally struct {
	Day     store.Day
	Product string
	Type    store.EventType
}

// counts adds up the pieces of every count from a day on.
func (u *subject) counts(from store.Day) map[tally]int64 {
	u.t.Helper()
	sum := map[tally]int64{}
	u.ok("Counts", u.s.Counts(u.ctx, from, func(c store.Count) error {
		sum[tally{c.Day, c.ProductID, c.Type}] += c.N
		return nil
	}))
	for t, n := range sum {
		if n == 0 {
			delete(sum, t)
		}
	}
	return sum
}

func (u *subject) countsVersion() int64 {
	u.t.Helper()
	v, err := u.s.CountsVersion(u.ctx)
	u.ok("CountsVersion", err)
	return v
}

func countDays(u *subject) {
	same(u, "counts of an empty store", u.counts(0), nil)
	midnight := day.Time()
	at := func(id string, when time.Time, product string, kind store.EventType) store.Interaction {
		return store.Interaction{EventID: id, UserID: "u", ProductID: product, Type: kind, Value: 3, Time: when}
	}
	east := time.FixedZone("", 5*3600)
	u.append(
		at("1", midnight, "p", store.View), at("2", midnight.Add(-time.Microsecond), "p", store.View),
		at("3", midnight.Add(24*time.Hour-time.Microsecond), "p", store.View), at("4", midnight.Add(24*time.Hour).In(east), "p", store.View),
		at("5", noon, "q", store.View), at("6", noon, "p", store.Purchase), at("7", noon, "p", store.Impression),
		at("8", time.Unix(0, 0), "p", store.Cart),
	)
	same(u, "counts", u.counts(0), map[tally]int64{
		{day, "p", store.View}: 2, {day - 1, "p", store.View}: 1, {day + 1, "p", store.View}: 1,
		{day, "q", store.View}: 1, {day, "p", store.Purchase}: 1, {day, "p", store.Impression}: 1, {0, "p", store.Cart}: 1,
	})
}

func countFrom(u *subject) {
	for n := range 10 {
		u.append(event(fmt.Sprintf("e%d", n), "u", "p", store.View, float64(24*n)))
	}
	for from := day - 1; from < day+12; from++ {
		want := map[tally]int64{}
		for d := max(from, day); d < day+10; d++ {
			want[tally{d, "p", store.View}] = 1
		}
		same(u, fmt.Sprintf("counts from day %d", from-day), u.counts(from), want)
	}
}

func countSum(u *subject) {
	want := map[tally]int64{}
	for b := range 12 {
		var batch []store.Interaction
		for n := range 100 {
			i := event(fmt.Sprintf("e%d-%d", b, n), fmt.Sprintf("u%d", n%9), fmt.Sprintf("p%d", n%4), store.EventTypes()[n%3], float64(n%3*24))
			want[tally{store.DayOf(i.Time), i.ProductID, i.Type}]++
			batch = append(batch, i)
		}
		u.append(batch...)
		u.append(batch[:50]...) // known already: not counted
	}
	same(u, "counts", u.counts(0), want)
}

func countError(u *subject) {
	u.append(event("e", "u", "p", store.View, 0))
	enough := errors.New("enough")
	u.fails("Counts whose f fails", u.s.Counts(u.ctx, 0, func(store.Count) error { return enough }), enough)
}

func countVersion(u *subject) {
	recent := func(id string) store.Interaction {
		i := event(id, "u", "p", store.View, 0)
		i.Time = time.Now()
		return i
	}
	old := event("old", "u", "p", store.View, 0)
	old.Time = time.Now().AddDate(0, 0, -3)
	start := u.countsVersion()
	u.append(recent("e1"))
	same(u, "version after an event of today", u.countsVersion(), start)
	u.append(recent("e2"), old)
	grown := u.countsVersion()
	if grown <= start {
		u.t.Fatalf("CountsVersion after an old event = %d, want above %d", grown, start)
	}
	u.append(old)
	same(u, "version after an event known already", u.countsVersion(), grown)
	u.erase("u")
	if v := u.countsVersion(); v <= grown {
		u.t.Errorf("CountsVersion after erasing an old event = %d, want above %d", v, grown)
	}
}
