package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// eraseChunk is how many interactions one script removes.
const eraseChunk = 500

// eraseTakeover is the age at which an erasure that nobody finished is taken
// over by whoever next asks for tombstones.
const eraseTakeover = time.Minute

// EraseUser removes a user and leaves a tombstone. The tombstone in the shard
// comes first, so that nothing of theirs arrives meanwhile; the one that
// offline copies follow comes last, when there is nothing left to copy. A
// process that dies between leaves a note by which another finishes.
func (s *Store) EraseUser(ctx context.Context, id string) (interactions int, err error) {
	begun := goredis.Z{Score: float64(s.now().UnixMicro()), Member: id}
	if err := s.client.ZAddNX(ctx, s.control.key("erasing"), begun).Err(); err != nil {
		return 0, translate("erase", err)
	}
	return s.finishErasure(ctx, id)
}

// finishErasure does what is left to do of an erasure.
func (s *Store) finishErasure(ctx context.Context, id string) (interactions int, err error) {
	at, now := s.user(id), stamp(s.now().UnixMicro())
	if err := s.client.HSet(ctx, at.key("erased"), id, now).Err(); err != nil {
		return 0, translate("erase", err)
	}
	for _, t := range store.EventTypes() {
		n, err := s.eraseHistory(ctx, at, id, t)
		interactions += n
		if err != nil {
			return interactions, err
		}
	}
	if err := s.eraseRecord(ctx, at, id); err != nil {
		return interactions, err
	}
	keys := []string{s.control.key("erasing"), s.control.key("erasures")}
	if _, err := s.runOne(ctx, tombScript, keys, id, now); err != nil {
		return interactions, err
	}
	s.ring(ctx, store.NoticeUser, id)
	return interactions, nil
}

// eraseHistory removes a user's interactions of one type, with their places in
// the log and in the counts, and returns how many there were.
func (s *Store) eraseHistory(ctx context.Context, at slot, id string, t store.EventType) (gone int, err error) {
	events, history := at.key("events:"+id), at.history(id, t)
	for {
		entries, err := s.client.ZRange(ctx, history, 0, eraseChunk-1).Result()
		if err != nil || len(entries) == 0 {
			return gone, translate("erase", err)
		}
		eventIDs := make([]string, len(entries))
		for n, member := range entries {
			eventIDs[n] = member[16:]
		}
		packed, err := s.client.HMGet(ctx, events, eventIDs...).Result()
		if err != nil {
			return gone, translate("erase", err)
		}
		ring := newKeyring(events, history, at.key("log"), at.key("counts:version"))
		var args []any
		for n, value := range packed {
			text, there := value.(string)
			if !there {
				continue // removed by another process that does the same
			}
			event, err := unpackEvent(id, eventIDs[n], text)
			if err != nil {
				return gone, err
			}
			args = append(args, entries[n], eventIDs[n], fmt.Sprintf("%d-0", event.Seq),
				ring.of(at.count(store.DayOf(event.Time))), countField(t, event.ProductID))
		}
		answer, err := s.runOne(ctx, eraseScript, ring.keys, args...)
		if err != nil {
			return gone, err
		}
		n, _ := answer.(int64)
		gone += int(n)
	}
}

// eraseRecord removes a user's record, ratings and lists under every model.
func (s *Store) eraseRecord(ctx context.Context, at slot, id string) error {
	_, err := s.amend(ctx, usersOf(at), []amendment{{id, func(stored string) (string, []entry, []entry, error) {
		if stored == "" {
			return "", nil, nil, nil
		}
		was, err := unpackUser(id, stored)
		return "", userEntries(at, &was), nil, err
	}}})
	if err != nil {
		return err
	}
	models, err := s.client.SMembers(ctx, at.key("models")).Result()
	if err != nil {
		return translate("erase", err)
	}
	pipe := s.client.Pipeline()
	pipe.Unlink(ctx, at.key("events:"+id), at.key("ratings:"+id), at.key("rated:"+id))
	pipe.Incr(ctx, at.key("users:version"))
	for _, model := range models {
		pipe.HDel(ctx, at.key("lists:"+model), id)
	}
	_, err = pipe.Exec(ctx)
	return translate("erase", err)
}

// Erased lists tombstones with a sequence number above after. It first
// finishes erasures that a process began a minute ago and did not end.
func (s *Store) Erased(ctx context.Context, after int64) ([]store.Erasure, error) {
	stale := strconv.FormatInt(s.now().Add(-eraseTakeover).UnixMicro(), 10)
	left, err := s.client.ZRangeByScore(ctx, s.control.key("erasing"), &goredis.ZRangeBy{Min: "-inf", Max: stale}).Result()
	if err != nil {
		return nil, translate("erased", err)
	}
	for _, id := range left {
		if _, err := s.finishErasure(ctx, id); err != nil {
			return nil, err
		}
	}
	entries, err := s.client.XRange(ctx, s.control.key("erasures"), fmt.Sprintf("%d-0", max(after, 0)+1), "+").Result()
	if err != nil {
		return nil, translate("erased", err)
	}
	erasures := make([]store.Erasure, len(entries))
	for n, e := range entries {
		userID, _ := e.Values["user"].(string)
		erasures[n] = store.Erasure{Seq: streamSeq(e.ID), UserID: userID, Time: streamTime(e.Values["time"])}
	}
	return erasures, nil
}

// streamSeq is the sequence number in a stream id like "42-0".
func streamSeq(id string) int64 {
	digits, _, _ := strings.Cut(id, "-")
	seq, _ := strconv.ParseInt(digits, 10, 64)
	return seq
}

// streamTime reads a stream's field of microseconds.
func streamTime(value any) time.Time {
	digits, _ := value.(string)
	micros, _ := strconv.ParseInt(digits, 10, 64)
	return time.UnixMicro(micros).UTC()
}
