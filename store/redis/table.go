package redis

import (
	"context"
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

// putChunk bounds how many records one script replaces.
const putChunk = 128

// walkChunk is how many records a bulk read takes at a time.
const walkChunk = 1000

// table is records of one kind in one slot: a hash of records by id, a sorted
// set of ids, a version that grows with every change, and whatever indexes the
// records' entries name.
type table struct {
	slot slot
	name string
}

func (t table) records() string { return t.slot.key(t.name) }
func (t table) ids() string     { return t.slot.key(t.name + ":ids") }
func (t table) version() string { return t.slot.key(t.name + ":version") }

// entry is one place where an index holds a record. Which entries a record has
// follows from the record alone, so the difference of two records' entries is
// what a change has to do.
type entry struct {
	kind   string // "z", "s" or "n", see scripts/put.lua
	key    string
	member string
	roster string // only "n": the sorted set of names that count, or empty
}

// amendment changes one record. Given what is stored (empty: nothing), next
// answers what to store instead (empty: nothing) and the entries of both.
type amendment struct {
	id   string
	next func(stored string) (record string, before, after []entry, err error)
}

// effect is what became of an amendment.
type effect int

const (
	unchanged effect = iota
	created
	updated
	deleted
	refused // the id was erased
)

// amend applies amendments in order and returns the effect of each; with an
// error, of those before the chunk it met. Where another process changed a
// record meanwhile, the amendment is computed again from that.
func (s *Store) amend(ctx context.Context, t table, amendments []amendment) ([]effect, error) {
	effects := make([]effect, 0, len(amendments))
	for len(amendments) > 0 {
		chunk := amendments[:distinct(amendments)]
		amendments = amendments[len(chunk):]
		done := make([]effect, len(chunk))
		waiting := make([]int, len(chunk))
		for n := range waiting {
			waiting[n] = n
		}
		for len(waiting) > 0 {
			var err error
			if waiting, err = s.amendOnce(ctx, t, chunk, waiting, done); err != nil {
				return effects, err
			}
		}
		effects = append(effects, done...)
	}
	return effects, nil
}

// distinct is how many amendments from the front concern different records, at
// most putChunk.
func distinct(amendments []amendment) int {
	seen := make(map[string]bool, putChunk)
	for n, a := range amendments[:min(putChunk, len(amendments))] {
		if seen[a.id] {
			return n
		}
		seen[a.id] = true
	}
	return len(seen)
}

// tally is how many amendments had an effect.
func tally(effects []effect, want effect) int {
	n := 0
	for _, e := range effects {
		if e == want {
			n++
		}
	}
	return n
}

// amendOnce tries the waiting amendments of a chunk and returns those that met
// another record than they were computed from.
func (s *Store) amendOnce(ctx context.Context, t table, chunk []amendment, waiting []int, done []effect) (stale []int, err error) {
	ids := make([]string, len(waiting))
	for n, w := range waiting {
		ids[n] = chunk[w].id
	}
	stored, err := s.records(ctx, t, ids)
	if err != nil {
		return nil, err
	}
	ring := newKeyring(t.records(), t.ids(), t.version(), t.slot.key("erased"))
	var args []any
	var sent []int
	for n, w := range waiting {
		record, before, after, err := chunk[w].next(stored[n])
		if err != nil {
			return nil, err
		}
		if record == stored[n] {
			continue
		}
		operations := difference(ring, before, after)
		args = append(args, ids[n], stored[n], record, len(operations)/4)
		args = append(args, operations...)
		sent = append(sent, w)
		done[w] = effectOf(stored[n], record)
	}
	if len(sent) == 0 {
		return nil, nil
	}
	answer, err := s.runOne(ctx, putScript, ring.keys, args...)
	if err != nil {
		return nil, err
	}
	codes, err := numbers(answer)
	if err != nil || len(codes) != len(sent) {
		return nil, fmt.Errorf("redis: put answered %v for %d records", answer, len(sent))
	}
	for n, w := range sent {
		switch codes[n] {
		case 2:
			done[w], stale = unchanged, append(stale, w)
		case 3:
			done[w] = refused
		}
	}
	return stale, nil
}

// effectOf is what replacing one record by another amounts to.
func effectOf(stored, record string) effect {
	switch {
	case stored == "":
		return created
	case record == "":
		return deleted
	}
	return updated
}

// difference is the index operations that lead from one record's entries to
// another's, as script arguments.
func difference(ring *keyring, before, after []entry) []any {
	var operations []any
	add := func(e entry, sign string) {
		roster := 0
		if e.roster != "" {
			roster = ring.of(e.roster)
		}
		operations = append(operations, e.kind+sign, ring.of(e.key), e.member, roster)
	}
	kept := make(map[entry]bool, len(after))
	for _, e := range after {
		kept[e] = true
	}
	was := make(map[entry]bool, len(before))
	for _, e := range before {
		was[e] = true
		if !kept[e] {
			add(e, "-")
		}
	}
	for _, e := range after {
		if !was[e] {
			add(e, "+")
		}
	}
	return operations
}

// records reads records by id in one round trip, empty where there is none.
func (s *Store) records(ctx context.Context, t table, ids []string) ([]string, error) {
	records := make([]string, len(ids))
	if len(ids) == 0 {
		return records, nil
	}
	values, err := s.client.HMGet(ctx, t.records(), ids...).Result()
	if err != nil {
		return nil, translate("read "+t.name, err)
	}
	for n, value := range values {
		records[n], _ = value.(string)
	}
	return records, nil
}

// record reads one record. ErrNotFound.
func (s *Store) record(ctx context.Context, t table, id string) (string, error) {
	record, err := s.client.HGet(ctx, t.records(), id).Result()
	return record, translate(fmt.Sprintf("%s %q", t.name, id), err)
}

// walk calls f with all records in batches, by id. What is put or deleted
// meanwhile may or may not be met; nothing is met twice.
func (s *Store) walk(ctx context.Context, t table, f func(ids, records []string) error) error {
	for from := "-"; ; {
		ids, err := s.client.ZRangeByLex(ctx, t.ids(), &goredis.ZRangeBy{Min: from, Max: "+", Count: walkChunk}).Result()
		if err != nil {
			return translate("walk "+t.name, err)
		}
		if len(ids) == 0 {
			return nil
		}
		from = "(" + ids[len(ids)-1]
		records, err := s.records(ctx, t, ids)
		if err != nil {
			return err
		}
		if err := f(ids, records); err != nil {
			return err
		}
	}
}

// versionOf reads a table's version; 0 before the first change.
func (s *Store) versionOf(ctx context.Context, t table) (int64, error) {
	version, err := s.client.Get(ctx, t.version()).Int64()
	if err == goredis.Nil {
		return 0, nil
	}
	return version, translate(t.name+" version", err)
}
