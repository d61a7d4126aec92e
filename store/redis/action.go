package redis

import (
	"context"
	"regexp"
	"strconv"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// actionID is an id of the stream.
var actionID = regexp.MustCompile(`^\d{1,20}-\d{1,20}$`)

// RecordAction appends to the audit log.
func (s *Store) RecordAction(ctx context.Context, a store.Action) error {
	if a.Time.IsZero() {
		a.Time = s.now()
	}
	err := s.client.XAdd(ctx, &goredis.XAddArgs{Stream: s.control.key("actions"), Values: []string{
		"time", strconv.FormatInt(a.Time.UnixMicro(), 10), "actor", a.Actor, "address", a.Address,
		"name", a.Name, "detail", a.Detail, "outcome", a.Outcome,
	}}).Err()
	return translate("record action "+a.Name, err)
}

// ActionList returns the newest actions before one; see [store.Actions].
func (s *Store) ActionList(ctx context.Context, before string, limit int) ([]store.Action, error) {
	if limit <= 0 {
		return nil, nil
	}
	newest := "+"
	if before != "" {
		if !actionID.MatchString(before) {
			return nil, &store.Invalid{Field: "after", Value: before, Want: "the id of an action"}
		}
		newest = "(" + before
	}
	entries, err := s.client.XRevRangeN(ctx, s.control.key("actions"), newest, "-", int64(min(limit, store.MaxPage))).Result()
	if err != nil {
		return nil, translate("actions", err)
	}
	actions := make([]store.Action, len(entries))
	for n, e := range entries {
		text := func(field string) string { value, _ := e.Values[field].(string); return value }
		actions[n] = store.Action{
			ID: e.ID, Time: streamTime(e.Values["time"]), Actor: text("actor"), Address: text("address"),
			Name: text("name"), Detail: text("detail"), Outcome: text("outcome"),
		}
	}
	return actions, nil
}
