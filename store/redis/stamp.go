package redis

import (
	"context"
	"errors"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// Stamp returns the stamp of the catalogue and of a user, in one round trip. A
// user's is the number of their events, which only grows until they are erased.
// The epoch is that of the log; a shard that ends below where it was seen has
// lost something, and then nothing is known.
func (s *Store) Stamp(ctx context.Context, userID string) (store.Stamp, error) {
	at, least := s.user(userID), s.least(shardOf(userID))
	stamp := store.Stamp{Epoch: s.epoch.Load()}
	pipe := s.client.Pipeline()
	events := pipe.HLen(ctx, at.key("events:"+userID))
	erased := pipe.HExists(ctx, at.key("erased"), userID)
	end := pipe.Get(ctx, at.key("log:end"))
	catalog := pipe.Get(ctx, s.products().version())
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, goredis.Nil) {
		return store.Stamp{}, translate("stamp", err)
	}
	last, err := number(end)
	if err == nil && last < least {
		err = store.ErrRestarted
	}
	if err == nil {
		stamp.Catalog, err = number(catalog)
	}
	if stamp.User = events.Val(); erased.Val() {
		stamp.User = -1
	}
	return stamp, translate("stamp", errors.Join(err, events.Err(), erased.Err()))
}

// number reads an integer; 0 where there is none.
func number(answer *goredis.StringCmd) (int64, error) {
	n, err := answer.Int64()
	if errors.Is(err, goredis.Nil) {
		err = nil
	}
	return n, err
}
