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
func countField(t store.EventType, name string) string {
	return strconv.Itoa(int(t)) + "|" + name
}

// creditField names what an event is credited to within its day; empty for
// nothing.
func creditField(i *store.Interaction) string {
	if i.Credit == "" {
		return ""
	}
	return countField(i.Type, i.Credit)
}

// Counts calls f with the counts of every day from the given one on.
func (s *Store) Counts(ctx context.Context, from store.Day, f func(store.Count) error) error {
	return s.eachCount(ctx, strconv.Itoa(int(from)), "+inf", slot.count, func(c count) error {
		return f(store.Count{Day: c.day, ProductID: c.name, Type: c.kind, N: c.n})
	})
}

// Credits calls f with the counts of credited events of some days.
func (s *Store) Credits(ctx context.Context, from, to store.Day, f func(store.CreditCount) error) error {
	return s.eachCount(ctx, strconv.Itoa(int(from)), strconv.Itoa(int(to)), slot.credit, func(c count) error {
		return f(store.CreditCount{Day: c.day, Credit: c.name, Type: c.kind, N: c.n})
	})
}

// count is one field of a day's counts.
type count struct {
	day  store.Day
	kind store.EventType
	name string
	n    int64
}

// eachCount reads the hashes that key names for the days of a range, of every
// shard.
func (s *Store) eachCount(ctx context.Context, from, to string, key func(slot, store.Day) string, f func(count) error) error {
	for _, at := range s.shards {
		known, err := s.client.ZRangeByScore(ctx, at.key("days"), &goredis.ZRangeBy{Min: from, Max: to}).Result()
		if err != nil {
			return translate("days", err)
		}
		for len(known) > 0 {
			part := known[:min(countsPerPipeline, len(known))]
			known = known[len(part):]
			if err := s.countsOf(ctx, at, part, key, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// countsOf reads some days of one shard.
func (s *Store) countsOf(ctx context.Context, at slot, known []string, key func(slot, store.Day) string, f func(count) error) error {
	days := make([]store.Day, len(known))
	commands := make([]*goredis.MapStringStringCmd, len(known))
	pipe := s.client.Pipeline()
	for n, text := range known {
		day, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return fmt.Errorf("redis: day %q: %w", text, errPacked)
		}
		days[n] = store.Day(day)
		commands[n] = pipe.HGetAll(ctx, key(at, days[n]))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return translate("counts", err)
	}
	for n, command := range commands {
		for field, text := range command.Val() {
			c, err := parseCount(days[n], field, text)
			if err != nil {
				return err
			}
			if err := f(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseCount reads one field of a day's counts.
func parseCount(day store.Day, field, text string) (count, error) {
	digits, name, found := strings.Cut(field, "|")
	t, errType := strconv.ParseUint(digits, 10, 8)
	n, errCount := strconv.ParseInt(text, 10, 64)
	if !found || errType != nil || errCount != nil {
		return count{}, fmt.Errorf("redis: count %q of day %d: %w", field, day, errPacked)
	}
	return count{day: day, kind: store.EventType(t), name: name, n: n}, nil
}

// CountsVersion grows with every change to a count older than yesterday.
func (s *Store) CountsVersion(ctx context.Context) (int64, error) {
	return s.total(ctx, "counts:version")
}
