package redis

import (
	"context"
	"fmt"
	"strconv"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// Shards is the number of log shards.
func (s *Store) Shards() int { return numShards }

// ReadLog returns up to limit interactions of a shard with Seq > after.
func (s *Store) ReadLog(ctx context.Context, shard int, after int64, limit int) ([]store.Interaction, error) {
	if shard < 0 || shard >= numShards {
		return nil, &store.Invalid{Field: "shard", Value: strconv.Itoa(shard), Want: fmt.Sprintf("a number below %d", numShards)}
	}
	if limit <= 0 {
		return nil, nil
	}
	first := fmt.Sprintf("%d-0", max(after, 0)+1)
	entries, err := s.client.XRangeN(ctx, s.shards[shard].key("log"), first, "+", int64(limit)).Result()
	if err != nil {
		return nil, translate("read log", err)
	}
	events := make([]store.Interaction, len(entries))
	for n, entry := range entries {
		userID, _ := entry.Values["u"].(string)
		eventID, _ := entry.Values["e"].(string)
		packed, _ := entry.Values["b"].(string)
		if events[n], err = unpackEvent(userID, eventID, packed); err != nil {
			return nil, fmt.Errorf("log shard %d entry %s: %w", shard, entry.ID, err)
		}
	}
	return events, nil
}

// LogEnd returns the last sequence number of each shard.
func (s *Store) LogEnd(ctx context.Context) ([]int64, error) { return s.perShard(ctx, "log:end") }

// perShard reads an integer key of every shard; 0 where there is none.
func (s *Store) perShard(ctx context.Context, name string) ([]int64, error) {
	pipe := s.client.Pipeline()
	commands := make([]*goredis.StringCmd, numShards)
	for n, at := range s.shards {
		commands[n] = pipe.Get(ctx, at.key(name))
	}
	// Each command keeps its own error, the pipeline repeats the first.
	pipe.Exec(ctx)
	values := make([]int64, numShards)
	for n, command := range commands {
		value, err := number(command)
		if err != nil {
			return nil, translate(name, err)
		}
		values[n] = value
	}
	return values, nil
}

// total adds up an integer key of every shard.
func (s *Store) total(ctx context.Context, name string) (int64, error) {
	values, err := s.perShard(ctx, name)
	sum := int64(0)
	for _, value := range values {
		sum += value
	}
	return sum, err
}
