package redis

import (
	"context"
	"strconv"

	"valse/store"
)

// A server that starts anew knows no scripts. So the append script of a store
// with a gate is one of its own, sent only by Arm: a server that does not know
// it has not been armed since it started, and the very call that would append
// to it finds that out. Data that goes in another way (FLUSHALL, a failover) is
// noticed by the shard's last sequence number, which never falls.

// gateScript is the append script under a name of its own.
func gateScript(gate string) *script {
	return newScript(appendScript.name, appendScript.source+"\n-- gate "+strconv.Quote(gate)+"\n")
}

// saw remembers the last sequence number of a shard.
func (s *Store) saw(shard int, end int64) {
	for s.gated {
		seen := s.ends[shard].Load()
		if end <= seen || s.ends[shard].CompareAndSwap(seen, end) {
			return
		}
	}
}

// least is the last sequence number that the shard cannot be below.
func (s *Store) least(shard int) int64 { return s.ends[shard].Load() }

// Armed reports whether the server is the one that Arm was called for, as far
// as its memory goes back.
func (s *Store) Armed(ctx context.Context) (bool, error) {
	var least [numShards]int64 // as they were before it was asked: appends go on meanwhile
	for shard := range least {
		least[shard] = s.least(shard)
	}
	known, err := s.client.ScriptExists(ctx, s.append.digest).Result()
	if err != nil {
		return false, translate("look for a restart", err)
	}
	ends, err := s.LogEnd(ctx)
	if err != nil {
		return false, err
	}
	for shard, end := range ends {
		if end < least[shard] {
			return false, nil
		}
	}
	return known[0], nil
}

// LogEpoch counts the calls of Arm; without a gate nobody knows and it is 0.
func (s *Store) LogEpoch(ctx context.Context) (int64, error) {
	if !s.gated {
		return 0, nil
	}
	epoch := s.epoch.Load()
	armed, err := s.Armed(ctx)
	if err == nil && !armed {
		err = store.ErrRestarted
	}
	return epoch, err
}

// Arm lets this store append to the server as it is. The caller has put back
// what the server may have lost.
func (s *Store) Arm(ctx context.Context) error {
	s.epoch.Add(1)
	for shard := range s.ends {
		s.ends[shard].Store(0)
	}
	return translate("arm", s.client.ScriptLoad(ctx, s.append.source).Err())
}

// PutBack stores interactions of one shard at the places in the log that they
// have, which must be above its end and in order, and makes the shard end at
// least at end. What is there already is left alone.
func (s *Store) PutBack(ctx context.Context, shard int, rows []store.Interaction, end int64) error {
	for len(rows) > 0 {
		chunk := make([]int, min(appendChunk, len(rows)))
		for n := range chunk {
			chunk[n] = n
		}
		if _, err := s.run(ctx, s.appendCall(shard, rows, chunk, true)); err != nil {
			return err
		}
		rows = rows[len(chunk):]
	}
	_, err := s.runOne(ctx, raiseScript, []string{s.shards[shard].key("log:end")}, end)
	return err
}

// RaiseVersions makes the versions of catalogue and users at least these.
func (s *Store) RaiseVersions(ctx context.Context, catalog, users int64) error {
	if _, err := s.runOne(ctx, raiseScript, []string{s.catalog.key("products:version")}, catalog); err != nil {
		return err
	}
	// The version of the users is the sum over the shards.
	now, err := s.UsersVersion(ctx)
	if err != nil || now >= users {
		return err
	}
	return translate("raise versions", s.client.IncrBy(ctx, s.shards[0].key("users:version"), users-now).Err())
}
