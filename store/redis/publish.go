package redis

import (
	"context"
	"fmt"
	"strconv"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// Publish flips the pointer, unless the token is stale or the model published
// already. A publication without a time gets the present one.
func (s *Store) Publish(ctx context.Context, p store.Publication) (store.Publication, error) {
	if p.Time.IsZero() {
		p.Time = s.now()
	}
	p.Time = p.Time.UTC()
	keys := []string{s.control.key("lease:" + store.PublishLease), s.control.key("publications")}
	answer, err := s.runOne(ctx, publishScript, keys, p.ModelID, p.Token, p.Time.UnixMicro(), p.Note)
	if err != nil {
		return store.Publication{}, err
	}
	list, _ := answer.([]any)
	if len(list) != 2 {
		return store.Publication{}, fmt.Errorf("redis: publish answered %v", answer)
	}
	p.Seq, _ = list[0].(int64)
	p.Previous, _ = list[1].(string)
	switch p.Seq {
	case 0:
		return store.Publication{}, fmt.Errorf("publish %q with token %d: %w", p.ModelID, p.Token, store.ErrFenced)
	case -1:
		return store.Publication{}, fmt.Errorf("publish %q, which is published: %w", p.ModelID, store.ErrConflict)
	}
	s.ring(ctx, store.NoticeModel, "")
	return p, nil
}

// Published returns the newest publication. ErrNotFound before the first.
func (s *Store) Published(ctx context.Context) (store.Publication, error) {
	newest, err := s.Publications(ctx, 1)
	if err != nil {
		return store.Publication{}, err
	}
	if len(newest) == 0 {
		return store.Publication{}, translate("published", goredis.Nil)
	}
	return newest[0], nil
}

// Publications returns the newest publications first.
func (s *Store) Publications(ctx context.Context, limit int) ([]store.Publication, error) {
	if limit <= 0 {
		return nil, nil
	}
	entries, err := s.client.XRevRangeN(ctx, s.control.key("publications"), "+", "-", int64(limit)).Result()
	if err != nil {
		return nil, translate("publications", err)
	}
	publications := make([]store.Publication, len(entries))
	for n, e := range entries {
		text := func(field string) string { value, _ := e.Values[field].(string); return value }
		token, err := strconv.ParseInt(text("token"), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("publication %s: %w", e.ID, errPacked)
		}
		publications[n] = store.Publication{
			Seq: streamSeq(e.ID), ModelID: text("model"), Previous: text("previous"),
			Token: token, Time: streamTime(e.Values["time"]), Note: text("note"),
		}
	}
	return publications, nil
}
