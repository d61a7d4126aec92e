package redis

import (
	"context"
	"fmt"

	"valse/store"
)

// listsChunk bounds how many lists one script stores.
const listsChunk = 256

// PutLists stores lists under a model. Lists of erased users are left out.
func (s *Store) PutLists(ctx context.Context, modelID string, lists []store.List) error {
	var shards [numShards][]*store.List
	for n := range lists {
		at := shardOf(lists[n].UserID)
		shards[at] = append(shards[at], &lists[n])
	}
	for {
		var calls []call
		for n, waiting := range shards {
			if len(waiting) == 0 {
				continue
			}
			chunk := waiting[:min(listsChunk, len(waiting))]
			shards[n] = waiting[len(chunk):]
			at := s.shards[n]
			args := []any{modelID}
			for _, list := range chunk {
				args = append(args, list.UserID, packList(list.Items))
			}
			calls = append(calls, call{script: listsScript, keys: []string{at.key("models"), at.key("lists:" + modelID), at.key("erased")}, args: args})
		}
		if len(calls) == 0 {
			return nil
		}
		if _, err := s.run(ctx, calls...); err != nil {
			return err
		}
	}
}

// List returns a user's list under a model. ErrNotFound.
func (s *Store) List(ctx context.Context, modelID, userID string) (store.List, error) {
	packed, err := s.client.HGet(ctx, s.user(userID).key("lists:"+modelID), userID).Result()
	if err != nil {
		return store.List{}, translate(fmt.Sprintf("list of %q under %q", userID, modelID), err)
	}
	items, err := unpackList(packed)
	return store.List{UserID: userID, Items: items}, err
}

// DropLists removes every list of a model. It is forgotten only after they are
// gone, so that an erasure beside it misses none.
func (s *Store) DropLists(ctx context.Context, modelID string) error {
	pipe := s.client.Pipeline()
	for _, at := range s.shards {
		pipe.Unlink(ctx, at.key("lists:"+modelID))
		pipe.SRem(ctx, at.key("models"), modelID)
	}
	_, err := pipe.Exec(ctx)
	return translate("drop lists", err)
}
