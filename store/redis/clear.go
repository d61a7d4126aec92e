package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// Clear removes everything of the partition, a key at a time, while nobody
// writes to it: what a writer stores meanwhile may stay. It may be called again
// where it ended with an error.
func (s *Store) Clear(ctx context.Context) error {
	clear := func(ctx context.Context, node *goredis.Client) error {
		for cursor := uint64(0); ; {
			// No character of a partition's name means anything to MATCH.
			keys, next, err := node.Scan(ctx, cursor, s.pattern(), 1000).Result()
			if err != nil {
				return err
			}
			if _, err = node.Pipelined(ctx, func(p goredis.Pipeliner) error {
				for _, key := range keys {
					p.Unlink(ctx, key)
				}
				return nil
			}); err != nil {
				return err
			}
			if cursor = next; cursor == 0 {
				return nil
			}
		}
	}
	if cluster, ok := s.client.(*goredis.ClusterClient); ok {
		return translate("clear", cluster.ForEachMaster(ctx, clear))
	}
	return translate("clear", clear(ctx, s.client.(*goredis.Client)))
}
