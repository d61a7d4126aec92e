package redis

import (
	"fmt"
	"hash/fnv"
	"regexp"

	"valse/store"
)

// formatVersion heads every key and names the layout in KEYS.md.
//
//	v1: first layout
const formatVersion = "v1"

// numShards is how many slots users, and with them the log, are spread on. It
// is part of the format.
const numShards = 16

// partitionName is what a partition may be called: it goes into hash tags.
var partitionName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// slot is the prefix that keys of one cluster slot share, hash tag included.
type slot string

// key names a key of the slot.
func (s slot) key(name string) string { return string(s) + name }

// keyspace is the slots of one partition.
type keyspace struct {
	partition string
	shards    [numShards]slot
	catalog   slot
	control   slot
}

// newKeyspace lays out a partition; the error is a [store.Invalid].
func newKeyspace(partition string) (keyspace, error) {
	if !partitionName.MatchString(partition) {
		return keyspace{}, &store.Invalid{Field: "partition", Value: partition, Want: "1 to 64 letters, digits, dots, dashes and underscores"}
	}
	named := func(name string) slot { return slot(fmt.Sprintf("%s:{%s/%s}:", formatVersion, partition, name)) }
	k := keyspace{partition: partition, catalog: named("catalog"), control: named("ctl")}
	for n := range k.shards {
		k.shards[n] = named(fmt.Sprintf("s%02d", n))
	}
	return k, nil
}

// pattern matches every key of the partition and none of another.
func (k *keyspace) pattern() string { return fmt.Sprintf("%s:{%s/*", formatVersion, k.partition) }

// shardOf is the shard of a user: FNV-1a, its halves folded together.
func shardOf(userID string) int {
	h := fnv.New32a()
	h.Write([]byte(userID))
	sum := h.Sum32()
	return int((sum ^ sum>>16) % numShards)
}

// user is the slot of a user's data.
func (k *keyspace) user(userID string) slot { return k.shards[shardOf(userID)] }

// history names a user's interactions of one type.
func (s slot) history(userID string, t store.EventType) string {
	return s.key(fmt.Sprintf("history:%d:%s", t, userID))
}

// count names the counts of one day.
func (s slot) count(day store.Day) string { return s.key(fmt.Sprintf("count:%d", day)) }

// credit names the credits of one day.
func (s slot) credit(day store.Day) string { return s.key(fmt.Sprintf("credit:%d", day)) }

// keyring collects the keys of one script call and numbers them as the script
// sees them, from 1.
type keyring struct {
	keys  []string
	index map[string]int
}

// newKeyring starts with the keys that a script knows by position.
func newKeyring(fixed ...string) *keyring {
	r := &keyring{index: make(map[string]int, len(fixed))}
	for _, key := range fixed {
		r.of(key)
	}
	return r
}

// of returns the key's number, which is new when the key is.
func (r *keyring) of(key string) int {
	n, known := r.index[key]
	if !known {
		r.keys = append(r.keys, key)
		n = len(r.keys)
		r.index[key] = n
	}
	return n
}
