package storetest

import (
	"fmt"
	"sync"
	"time"

	"valse/store"
)

var logChecks = []check{
	{"an empty log ends at zero", logEmpty},
	{"sequence numbers grow by one in the order of appends", logOrder},
	{"reading resumes anywhere and stops at the limit", logResume},
	{"a reader behind many writers never finds an entry it passed", logTail},
}

// logPage is small enough that checks need several.
const logPage = 1_000

// shardLog reads one shard to its end.
func (u *subject) shardLog(shard int) []store.Interaction {
	u.t.Helper()
	var entries []store.Interaction
	after := int64(0)
	for {
		page, err := u.s.ReadLog(u.ctx, shard, after, logPage)
		u.ok("ReadLog", err)
		if len(page) == 0 {
			return entries
		}
		for _, i := range page {
			if i.Seq <= after || i.Shard != shard {
				u.t.Fatalf("ReadLog(shard %d, after %d) has shard %d, seq %d", shard, after, i.Shard, i.Seq)
			}
			after = i.Seq
		}
		entries = append(entries, page...)
	}
}

// log reads every shard to its end.
func (u *subject) log() []store.Interaction {
	u.t.Helper()
	var entries []store.Interaction
	for shard := range u.s.Shards() {
		entries = append(entries, u.shardLog(shard)...)
	}
	return entries
}

func (u *subject) logEnd() []int64 {
	u.t.Helper()
	end, err := u.s.LogEnd(u.ctx)
	u.ok("LogEnd", err)
	if len(end) != u.s.Shards() {
		u.t.Fatalf("LogEnd has %d shards, want %d", len(end), u.s.Shards())
	}
	return end
}

func logEmpty(u *subject) {
	if u.s.Shards() < 1 {
		u.t.Fatalf("Shards() = %d, want at least 1", u.s.Shards())
	}
	for shard, end := range u.logEnd() {
		if end != 0 || len(u.shardLog(shard)) != 0 {
			u.t.Errorf("shard %d of an empty log ends at %d with %d entries", shard, end, len(u.shardLog(shard)))
		}
	}
}

func logOrder(u *subject) {
	for n := range 60 {
		user := fmt.Sprintf("u%d", n%7)
		u.append(event(fmt.Sprintf("e%d", n), user, "p", store.View, float64(-n)), event(fmt.Sprintf("f%d", n), user, "p", store.Cart, float64(n)))
	}
	total, perUser := 0, map[string]int{}
	for shard, end := range u.logEnd() {
		entries := u.shardLog(shard)
		if int64(len(entries)) != end {
			u.t.Errorf("shard %d ends at %d with %d entries", shard, end, len(entries))
		}
		for n, i := range entries {
			if i.Seq != int64(n+1) {
				u.t.Fatalf("entry %d of shard %d has seq %d", n, shard, i.Seq)
			}
			k := perUser[i.UserID]
			perUser[i.UserID]++
			var row int
			fmt.Sscanf(i.UserID, "u%d", &row)
			if want := fmt.Sprintf("%c%d", "ef"[k%2], row+k/2*7); i.EventID != want {
				u.t.Fatalf("event %d of %s in the log is %s, want %s", k, i.UserID, i.EventID, want)
			}
		}
		total += len(entries)
	}
	same(u, "log", total, 120)
}

func logResume(u *subject) {
	for n := range 40 {
		u.append(event(fmt.Sprintf("e%d", n), fmt.Sprintf("u%d", n%5), "p", store.View, 0))
	}
	for shard, end := range u.logEnd() {
		all := u.shardLog(shard)
		for after := range end + 2 {
			for _, limit := range []int{1, 3, 1_000} {
				got, err := u.s.ReadLog(u.ctx, shard, after, limit)
				u.ok("ReadLog", err)
				from := min(int(after), len(all))
				same(u, "ReadLog", pluck(got, eventID), pluck(all[from:min(from+limit, len(all))], eventID))
			}
		}
	}
}

func logTail(u *subject) {
	const writers, events = 4, 50
	second := u.open("main")
	var all sync.WaitGroup
	for w := range writers {
		s := []store.Store{u.s, second.s}[w%2]
		all.Go(func() {
			for n := range events {
				if _, err := s.Append(u.ctx, []store.Interaction{event(fmt.Sprintf("w%d-%d", w, n), fmt.Sprintf("u%d", n), "p", store.View, 0)}); err != nil {
					u.t.Errorf("Append: %v", err)
				}
			}
		})
	}
	cursors, seen := make([]int64, u.s.Shards()), []string{}
	for deadline := time.Now().Add(time.Minute); len(seen) < writers*events && time.Now().Before(deadline); {
		for shard := range cursors {
			page, err := u.s.ReadLog(u.ctx, shard, cursors[shard], 7)
			u.ok("ReadLog", err)
			for _, i := range page {
				if i.Seq != cursors[shard]+1 {
					u.t.Errorf("shard %d goes from %d to %d", shard, cursors[shard], i.Seq)
				}
				cursors[shard] = i.Seq
				seen = append(seen, i.EventID)
			}
		}
	}
	all.Wait()
	whole := u.log()
	same(u, "entries seen by the tail", len(seen), writers*events)
	same(u, "entries seen by the tail", sortedBy(seen, func(s string) string { return s }), sortedBy(pluck(whole, eventID), func(s string) string { return s }))
}
