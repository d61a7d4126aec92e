package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// Setting returns a named value. ErrNotFound.
func (s *Store) Setting(ctx context.Context, name string) ([]byte, error) {
	value, err := s.client.HGet(ctx, s.control.key("settings"), name).Bytes()
	return value, translate("setting "+name, err)
}

// PutSetting stores a named value; nil deletes it.
func (s *Store) PutSetting(ctx context.Context, name string, value []byte) error {
	_, err := s.client.TxPipelined(ctx, func(tx goredis.Pipeliner) error {
		if value == nil {
			tx.HDel(ctx, s.control.key("settings"), name)
			tx.ZRem(ctx, s.control.key("settings:names"), name)
			return nil
		}
		tx.HSet(ctx, s.control.key("settings"), name, value)
		tx.ZAdd(ctx, s.control.key("settings:names"), goredis.Z{Member: name})
		return nil
	})
	if err == nil {
		s.ring(ctx, store.NoticeSetting, name)
	}
	return translate("put setting "+name, err)
}

// InitSetting stores a value unless there is one, and returns what is stored.
func (s *Store) InitSetting(ctx context.Context, name string, value []byte) ([]byte, error) {
	var created *goredis.BoolCmd
	var stored *goredis.StringCmd
	_, err := s.client.TxPipelined(ctx, func(tx goredis.Pipeliner) error {
		created = tx.HSetNX(ctx, s.control.key("settings"), name, value)
		tx.ZAdd(ctx, s.control.key("settings:names"), goredis.Z{Member: name})
		stored = tx.HGet(ctx, s.control.key("settings"), name)
		return nil
	})
	if err != nil {
		return nil, translate("init setting "+name, err)
	}
	if created.Val() {
		s.ring(ctx, store.NoticeSetting, name)
	}
	return stored.Bytes()
}

// SettingNames returns the names that start with prefix and come after another,
// in order.
func (s *Store) SettingNames(ctx context.Context, prefix, after string) ([]string, error) {
	page := prefixRange(prefix, store.MaxPage)
	if after != "" && after >= prefix {
		page.Min = "(" + after
	}
	names, err := s.client.ZRangeByLex(ctx, s.control.key("settings:names"), page).Result()
	return names, translate("setting names", err)
}
