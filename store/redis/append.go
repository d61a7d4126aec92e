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
	var users, days, events []any
	userRow, dayRow := map[string]int{}, map[store.Day]int{}
	for _, i := range chunk {
		event := &batch[i]
		if _, known := userRow[event.UserID]; !known {
			userRow[event.UserID] = len(userRow) + 1
			users = append(users, event.UserID, packUser(store.User{CreatedAt: now}),
				encodeNotice(store.NoticeUser, event.UserID, now), ring.of(at.key("events:"+event.UserID)),
				ring.of(at.key("ratings:"+event.UserID)), ring.of(at.key("rated:"+event.UserID)))
		}
		day := store.DayOf(event.Time)
		if _, known := dayRow[day]; !known {
			dayRow[day] = len(dayRow) + 1
			days = append(days, int(day), ring.of(at.count(day)), older(day, now), ring.of(at.credit(day)))
		}
		stars := ""
		if event.Type == store.Rating {
			stars = strconv.FormatFloat(event.Value, 'g', -1, 64)
		}
		place := ""
		if back {
			place = stamp(event.Seq) + stamp(event.RecordedAt.UnixMicro())
		}
		events = append(events, userRow[event.UserID], event.EventID, ring.of(at.history(event.UserID, event.Type)),
			event.Time.UnixMicro(), dayRow[day], countField(event.Type, event.ProductID), event.ProductID, stars, packBody(event), creditField(event), place)
	}
	args := append(make([]any, 0, 5+len(users)+len(days)+len(events)),
		stamp(now.UnixMicro()), s.channel(), least, len(userRow))
	args = append(append(args, users...), len(dayRow))
	args = append(append(args, days...), events...)
	if back {
		return call{script: appendScript, keys: ring.keys, args: args}
	}
	return call{script: s.append, keys: ring.keys, args: args, gated: s.gated}
}

// older is 1 for days before yesterday, whose change makes readers of counts
// start over.
func older(day store.Day, now time.Time) int {
	if day < store.DayOf(now)-1 {
		return 1
	}
	return 0
}
