package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"valse/store"
)

// appendChunk bounds how many interactions one script takes, and so for how
// long the server hears nobody else: some milliseconds.
const appendChunk = 256

// Append stores a batch and returns one outcome per interaction. Each shard
// gets its part in chunks, one script each; the shards' chunks travel in one
// pipeline, and the next go out when all of those are in, so that a user's
// interactions are stored in order and at worst a prefix of them is.
func (s *Store) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	var shards [numShards][]int
	for i := range batch {
		n := shardOf(batch[i].UserID)
		shards[n] = append(shards[n], i)
	}
	outcomes := make([]store.Outcome, len(batch))
	for {
		var calls []call
		var sent [][]int
		var places []int // shards of the calls
		for n, waiting := range shards {
			if len(waiting) == 0 {
				continue
			}
			chunk := waiting[:min(appendChunk, len(waiting))]
			shards[n] = waiting[len(chunk):]
			calls = append(calls, s.appendCall(n, batch, chunk, false))
			sent = append(sent, chunk)
			places = append(places, n)
		}
		if len(calls) == 0 {
			return outcomes, nil
		}
		answers, err := s.run(ctx, calls...)
		if err != nil {
			return nil, err
		}
		for c, answer := range answers {
			codes, err := numbers(answer)
			if err != nil || len(codes) != len(sent[c])+1 {
				return nil, fmt.Errorf("redis: append answered %v for %d interactions", answer, len(sent[c]))
			}
			s.saw(places[c], codes[len(sent[c])])
			for j, i := range sent[c] {
				outcomes[i] = store.Outcome(codes[j])
			}
		}
	}
}

// appendCall is the script call that appends batch[i] for every i in chunk,
// all of one shard, or puts them back where they were. See scripts/append.lua
// for the arguments.
func (s *Store) appendCall(shard int, batch []store.Interaction, chunk []int, back bool) call {
	now, at := s.now().UTC(), s.shards[shard]
	least := s.least(shard)
	if back {
		least = 0
	}
	ring := newKeyring(
		at.key("log"), at.key("log:end"), at.key("erased"), at.key("users"), at.key("users:ids"),
		at.key("users:version"), at.key("days"), at.key("counts:version"))
	// oneSeries is what interactions have in common that go to one key.
	type oneSeries struct {
		user string
		kind store.EventType
		day  store.Day
	}
	var users, days, series, ratings, credits, places rows
	userRow, dayRow, seriesRow := map[string]int{}, map[store.Day]int{}, map[oneSeries]int{}
	events := make([]any, 0, 5*len(chunk))
	for n, i := range chunk {
		event := &batch[i]
		of := oneSeries{event.UserID, event.Type, store.DayOf(event.Time)}
		row, known := seriesRow[of]
		if !known {
			if _, known := userRow[of.user]; !known {
				userRow[of.user] = users.add(of.user, encodeNotice(store.NoticeUser, of.user, now), ring.of(at.key("events:"+of.user)))
			}
			if _, known := dayRow[of.day]; !known {
				dayRow[of.day] = days.add(int(of.day), ring.of(at.count(of.day)), older(of.day, now))
			}
			row = series.add(userRow[of.user], ring.of(at.history(of.user, of.kind)), dayRow[of.day])
			seriesRow[of] = row
		}
		if of.kind == store.Rating {
			ratings.add(n+1, event.ProductID, strconv.FormatFloat(event.Value, 'g', -1, 64),
				ring.of(at.key("ratings:"+of.user)), ring.of(at.key("rated:"+of.user)))
		}
		if field := creditField(event); field != "" {
			credits.add(n+1, ring.of(at.credit(of.day)), field)
		}
		if back {
			places.add(stamp(event.Seq) + stamp(event.RecordedAt.UnixMicro()))
		}
		events = append(events, row, event.EventID, event.Time.UnixMicro(), countField(event.Type, event.ProductID), packBody(event))
	}
	args := []any{stamp(now.UnixMicro()), s.channel(), least, packUser(store.User{CreatedAt: now})}
	for _, r := range []rows{users, days, series, ratings, credits, places} {
		args = append(append(args, r.n), r.cells...)
	}
	args = append(args, events...)
	if back {
		return call{script: appendScript, keys: ring.keys, args: args}
	}
	return call{script: s.append, keys: ring.keys, args: args, gated: s.gated}
}

// rows are a table among the arguments of a script.
type rows struct {
	n     int
	cells []any
}

// add adds a row and returns its number, from 1.
func (r *rows) add(cells ...any) int {
	r.n++
	r.cells = append(r.cells, cells...)
	return r.n
}

// older is 1 for days before yesterday, whose change makes readers of counts
// start over.
func older(day store.Day, now time.Time) int {
	if day < store.DayOf(now)-1 {
		return 1
	}
	return 0
}
