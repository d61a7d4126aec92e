package redis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// maxNameMatches bounds how many users of one shard a search by name looks at.
const maxNameMatches = 2000

// userRecord is the JSON of a user's record. The id is the field it is stored
// under.
type userRecord struct {
	Name       string            `json:"n,omitempty"`
	Persona    string            `json:"p,omitempty"`
	Attributes map[string]string `json:"a,omitempty"`
	Created    int64             `json:"c"` // microseconds
}

// packUser makes a user's record.
func packUser(v store.User) string {
	// Strings and an integer always marshal.
	record, _ := json.Marshal(userRecord{Name: v.Name, Persona: v.Persona, Attributes: v.Attributes, Created: v.CreatedAt.UnixMicro()})
	return string(record)
}

// unpackUser reads a user's record.
func unpackUser(id, record string) (store.User, error) {
	var r userRecord
	if err := json.Unmarshal([]byte(record), &r); err != nil {
		return store.User{}, fmt.Errorf("user %q: %w", id, errPacked)
	}
	return store.User{ID: id, Name: r.Name, Persona: r.Persona, Attributes: r.Attributes, CreatedAt: time.UnixMicro(r.Created).UTC()}, nil
}

// userEntries is every index entry of a user.
func userEntries(at slot, v *store.User) []entry {
	var entries []entry
	if v.Name != "" {
		entries = append(entries, entry{kind: "z", key: at.key("users:names"), member: v.Name + "\x00" + v.ID})
	}
	if v.Persona != "" {
		entries = append(entries, entry{kind: "z", key: at.key("users:personas"), member: v.ID})
	}
	return entries
}

// usersOf is the table of users of a shard.
func usersOf(at slot) table { return table{at, "users"} }

// PutUsers inserts or replaces users by id. Erased users are left out and
// count as neither.
func (s *Store) PutUsers(ctx context.Context, users []store.User) (inserted, changed int, err error) {
	var shards [numShards][]amendment
	for n := range users {
		v := &users[n]
		if err := store.ValidateID(fmt.Sprintf("users[%d].id", n), v.ID); err != nil {
			return 0, 0, err
		}
		at := shardOf(v.ID)
		shards[at] = append(shards[at], amendment{v.ID, func(stored string) (string, []entry, []entry, error) {
			return s.replaceUser(s.shards[at], stored, *v)
		}})
	}
	for n, amendments := range shards {
		effects, err := s.amend(ctx, usersOf(s.shards[n]), amendments)
		inserted += tally(effects, created)
		changed += tally(effects, updated)
		if err != nil {
			return inserted, changed, err
		}
	}
	return inserted, changed, nil
}

// replaceUser computes what replacing a stored user takes. A creation time
// that is not given stays as it was, or is now.
func (s *Store) replaceUser(at slot, stored string, v store.User) (record string, before, after []entry, err error) {
	if stored != "" {
		was, err := unpackUser(v.ID, stored)
		if err != nil {
			return "", nil, nil, err
		}
		before = userEntries(at, &was)
		if v.CreatedAt.IsZero() {
			v.CreatedAt = was.CreatedAt
		}
	}
	if v.CreatedAt.IsZero() {
		v.CreatedAt = s.now()
	}
	return packUser(v), before, userEntries(at, &v), nil
}

// User returns one user. ErrNotFound.
func (s *Store) User(ctx context.Context, id string) (store.User, error) {
	record, err := s.record(ctx, usersOf(s.user(id)), id)
	if err != nil {
		return store.User{}, err
	}
	return unpackUser(id, record)
}

// UsersByID returns users in the order asked, nil where there is none, in one
// round trip.
func (s *Store) UsersByID(ctx context.Context, ids []string) ([]*store.User, error) {
	users := make([]*store.User, len(ids))
	if len(ids) == 0 {
		return users, nil
	}
	pipe := s.client.Pipeline()
	commands := make([]*goredis.StringCmd, len(ids))
	for n, id := range ids {
		commands[n] = pipe.HGet(ctx, usersOf(s.user(id)).records(), id)
	}
	// Each command keeps its own error, the pipeline repeats the first.
	pipe.Exec(ctx)
	for n, command := range commands {
		record, err := command.Result()
		if errors.Is(err, goredis.Nil) {
			continue
		}
		if err != nil {
			return nil, translate("users", err)
		}
		v, err := unpackUser(ids[n], record)
		if err != nil {
			return nil, err
		}
		users[n] = &v
	}
	return users, nil
}

// Users returns one page, put together from all shards. A search looks at no
// more than 2,000 matches by name in each shard; matches by id have no bound.
func (s *Store) Users(ctx context.Context, q store.UserQuery) (store.UserPage, error) {
	page := store.UserPage{}
	limit, err := pageLimit(q.Limit, 20, store.MaxPage)
	if err != nil {
		return page, err
	}
	query := fmt.Sprintf("users %q %v", q.Search, q.Personas)
	after, err := decodeCursor(query, q.After)
	if err != nil {
		return page, err
	}
	from := "-"
	if q.Search != "" {
		from = "[" + q.Search
	}
	if after != "" && after >= q.Search {
		from = "(" + after
	}
	calls := make([]call, numShards)
	for n, at := range s.shards {
		choose := at.key("users:ids")
		if q.Personas {
			choose = at.key("users:personas")
		}
		keys := []string{at.key("users"), choose, at.key("users:names"), at.key("scratch:names")}
		calls[n] = call{script: usersScript, keys: keys, args: []any{after, limit + 1, q.Search, maxNameMatches, from}}
	}
	answers, err := s.run(ctx, calls...)
	if err != nil {
		return page, err
	}
	rows, total, err := mergeRows(make([]part, len(answers)), answers)
	if err != nil {
		return page, err
	}
	if page.Total, page.HasNext = total, len(rows) > limit; page.HasNext {
		rows = rows[:limit]
	}
	for _, r := range rows {
		v, err := unpackUser(r.entry, r.record)
		if err != nil {
			return store.UserPage{}, err
		}
		page.Users = append(page.Users, v)
		page.Cursors = append(page.Cursors, encodeCursor(query, v.ID))
	}
	return page, nil
}

// EachUser calls f with every user in batches, shard by shard.
func (s *Store) EachUser(ctx context.Context, f func([]store.User) error) error {
	for _, at := range s.shards {
		err := s.walk(ctx, usersOf(at), func(ids, records []string) error {
			batch := make([]store.User, 0, len(ids))
			for n, record := range records {
				if record == "" {
					continue // erased since the id was read
				}
				v, err := unpackUser(ids[n], record)
				if err != nil {
					return err
				}
				batch = append(batch, v)
			}
			return f(batch)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// UsersVersion grows whenever a user is put, created or erased.
func (s *Store) UsersVersion(ctx context.Context) (int64, error) {
	return s.total(ctx, "users:version")
}
