package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// countsPerPipeline bounds how many days travel at once in a bulk read.
const countsPerPipeline = 64

// countField names a count within its day, like "3|p1".
func countField(t store.EventType, productID string) string {
	return strconv.Itoa(int(t)) + "|" + productID
}

// Counts calls f with the counts of every day from the given one on.
func (s *Store) Counts(ctx context.Context, from store.Day, f func(store.Count) error) error {
	for _, at := range s.shards {
		known, err := s.client.ZRangeByScore(ctx, at.key("days"), &goredis.ZRangeBy{Min: strconv.Itoa(int(from)), Max: "+inf"}).Result()
		if err != nil {
			return translate("days", err)
		}
		for len(known) > 0 {
			part := known[:min(countsPerPipeline, len(known))]
			known = known[len(part):]
			if err := s.countsOf(ctx, at, part, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// countsOf reads some days of one shard.
func (s *Store) countsOf(ctx context.Context, at slot, known []string, f func(store.Count) error) error {
	days := make([]store.Day, len(known))
	commands := make([]*goredis.MapStringStringCmd, len(known))
	pipe := s.client.Pipeline()
	for n, text := range known {
		day, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return fmt.Errorf("redis: day %q: %w", text, errPacked)
		}
		days[n] = store.Day(day)
		commands[n] = pipe.HGetAll(ctx, at.count(days[n]))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return translate("counts", err)
	}
	for n, command := range commands {
		for field, text := range command.Val() {
			count, err := parseCount(days[n], field, text)
			if err != nil {
				return err
			}
			if err := f(count); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseCount reads one field of a day's counts.
func parseCount(day store.Day, field, text string) (store.Count, error) {
	digits, productID, found := strings.Cut(field, "|")
	t, errType := strconv.ParseUint(digits, 10, 8)
	n, errCount := strconv.ParseInt(text, 10, 64)
	if !found || errType != nil || errCount != nil {
		return store.Count{}, fmt.Errorf("redis: count %q of day %d: %w", field, day, errPacked)
	}
	return store.Count{Day: day, ProductID: productID, Type: store.EventType(t), N: n}, nil
}

// CountsVersion grows with every change to a count older than yesterday.
func (s *Store) CountsVersion(ctx context.Context) (int64, error) {
	return s.total(ctx, "counts:version")
}
