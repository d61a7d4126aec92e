package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// persistence is the server's settings that decide what a write survives. An
// empty field is unknown: managed servers often refuse CONFIG.
type persistence struct {
	appendOnly  string // "yes" or "no"
	appendFsync string // "always", "everysec" or "no"
	maxMemory   string // bytes, "0" for no limit
	eviction    string // maxmemory-policy
}

// readPersistence asks the server.
func readPersistence(ctx context.Context, client goredis.UniversalClient) persistence {
	setting := func(name string) string { return client.ConfigGet(ctx, name).Val()[name] }
	return persistence{
		appendOnly:  setting("appendonly"),
		appendFsync: setting("appendfsync"),
		maxMemory:   setting("maxmemory"),
		eviction:    setting("maxmemory-policy"),
	}
}

// evicts reports whether the server may drop keys to make room.
func (p persistence) evicts() bool {
	return p.maxMemory != "0" && p.eviction != "" && p.eviction != "noeviction"
}

// durable reports whether every acknowledged write is on disk.
func (p persistence) durable() bool {
	return p.appendOnly == "yes" && p.appendFsync == "always" && !p.evicts()
}

// String says in a few words what an acknowledged write survives.
func (p persistence) String() string {
	switch {
	case p.evicts():
		return "may be evicted at any time (maxmemory-policy " + p.eviction + ")"
	case p.appendOnly == "":
		return "unknown: the server does not show its settings"
	case p.appendOnly != "yes":
		return "lost when the server stops (append-only file off)"
	case p.appendFsync == "always":
		return "on the server's disk when acknowledged (append-only file, fsync always)"
	case p.appendFsync == "everysec":
		return "the last second is lost when the server is killed (append-only file, fsync everysec)"
	}
	return "what the server's system had not written is lost when it is killed (append-only file, fsync " + p.appendFsync + ")"
}
