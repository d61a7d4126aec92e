package sqlite

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"valse/store"
)

const userColumns = "id, name, persona, attributes, created"

func scanUser(row scanner) (store.User, error) {
	var u store.User
	err := scanUserAnd(row, &u)
	return u, err
}

// scanUserAnd reads further columns before those of the user.
func scanUserAnd(row scanner, u *store.User, before ...any) error {
	var created int64
	var attributes string
	if err := row.Scan(append(before, &u.ID, &u.Name, &u.Persona, &attributes, &created)...); err != nil {
		return err
	}
	u.CreatedAt = timeOf(created)
	var err error
	u.Attributes, err = parseAttributes(attributes)
	return err
}

// sameUser compares users both of which have a creation time.
func sameUser(a, b store.User) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Persona == b.Persona &&
		micros(a.CreatedAt) == micros(b.CreatedAt) && maps.Equal(a.Attributes, b.Attributes)
}

// PutUsers inserts or replaces users by id; see [store.Users].
func (s *Store) PutUsers(ctx context.Context, users []store.User) (created, updated int, err error) {
	for chunk := range slices.Chunk(users, putChunk) {
		var c, u int
		err := s.write(ctx, func(t *tx) (err error) {
			c, u, err = t.putUsers(chunk)
			return err
		})
		if err != nil {
			return created, updated, fmt.Errorf("put users: %w", err)
		}
		created, updated = created+c, updated+u
	}
	return created, updated, nil
}

func (t *tx) putUsers(users []store.User) (created, updated int, err error) {
	ids := make([]string, len(users))
	for n, u := range users {
		ids[n] = u.ID
	}
	erased, err := t.erasedAmong(ids)
	if err != nil {
		return 0, 0, err
	}
	stored := map[string]store.User{}
	err = t.each(func(row scanner) error {
		u, err := scanUser(row)
		stored[u.ID] = u
		return err
	}, "SELECT "+userColumns+" FROM users WHERE id IN (SELECT value FROM json_each(?))", jsonArray(ids))
	if err != nil {
		return 0, 0, err
	}
	for _, u := range users {
		if erased[u.ID] {
			continue
		}
		old, known := stored[u.ID]
		switch {
		case !u.CreatedAt.IsZero():
		case known:
			u.CreatedAt = old.CreatedAt
		default:
			u.CreatedAt = t.now
		}
		if known && sameUser(old, u) {
			continue
		}
		if err := t.putUser(u); err != nil {
			return 0, 0, fmt.Errorf("user %q: %w", u.ID, err)
		}
		stored[u.ID] = u
		if known {
			updated++
		} else {
			created++
		}
	}
	return created, updated, t.usersChanged(created, created+updated)
}

func (t *tx) putUser(u store.User) error {
	attributes, err := formatAttributes(u.Attributes)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO users ("+userColumns+`) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, persona = excluded.persona,
			attributes = excluded.attributes, created = excluded.created`,
		u.ID, u.Name, u.Persona, attributes, micros(u.CreatedAt))
	return err
}

// usersChanged tells readers that users changed, more (or fewer) of them now.
func (t *tx) usersChanged(more, changed int) error {
	if changed == 0 {
		return nil
	}
	if err := t.add("user_total", int64(more)); err != nil {
		return err
	}
	return t.add("users", 1)
}

// User returns one user.
func (s *Store) User(ctx context.Context, id string) (store.User, error) {
	found, err := s.UsersByID(ctx, []string{id})
	if err != nil {
		return store.User{}, err
	}
	if found[0] == nil {
		return store.User{}, fmt.Errorf("user %q: %w", id, store.ErrNotFound)
	}
	return *found[0], nil
}

// UsersByID returns users in the order asked, nil where there is none.
func (s *Store) UsersByID(ctx context.Context, ids []string) ([]*store.User, error) {
	found := make([]*store.User, len(ids))
	err := s.read.each(ctx, func(row scanner) error {
		var at int
		u := new(store.User)
		if err := scanUserAnd(row, u, &at); err != nil {
			return err
		}
		found[at] = u
		return nil
	}, "SELECT j.at, "+userColumns+" FROM (SELECT key AS at, value FROM json_each(?)) j CROSS JOIN users ON id = j.value", jsonArray(ids))
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	return found, nil
}

// Users returns one page of users, by id.
func (s *Store) Users(ctx context.Context, q store.UserQuery) (store.UserPage, error) {
	limit, err := pageLimit(q.Limit, 20, store.MaxPage)
	if err != nil {
		return store.UserPage{}, err
	}
	f := &filter{}
	if q.Personas {
		f.and("persona <> ''")
	}
	if q.Search != "" {
		end := prefixEnd(q.Search)
		f.and("(id >= ? AND id < ? OR name <> '' AND name >= ? AND name < ?)", q.Search, end, q.Search, end)
	}
	var page store.UserPage
	if len(f.parts) == 0 {
		err = s.read.get(ctx, []any{&page.Total}, "SELECT n FROM counters WHERE name = 'user_total'")
	} else {
		err = s.read.get(ctx, []any{&page.Total}, "SELECT count(*) FROM users WHERE "+f.where(), f.args...)
	}
	if err != nil {
		return store.UserPage{}, fmt.Errorf("count users: %w", err)
	}

	query := queryHash("users", q.Search, q.Personas)
	if q.After != "" {
		c, err := decodeCursor("after", q.After, query)
		if err != nil {
			return store.UserPage{}, err
		}
		f.and("id > ?", c.id)
	}
	users, err := list(ctx, s.read, scanUser,
		"SELECT "+userColumns+" FROM users WHERE "+f.where()+" ORDER BY id LIMIT ?", append(f.args, limit+1)...)
	if err != nil {
		return store.UserPage{}, fmt.Errorf("list users: %w", err)
	}
	page.HasNext = len(users) > limit
	page.Users = users[:min(limit, len(users))]
	for _, u := range page.Users {
		page.Cursors = append(page.Cursors, cursor{id: u.ID}.encode(query))
	}
	return page, nil
}

// EachUser calls f with every user in batches.
func (s *Store) EachUser(ctx context.Context, f func([]store.User) error) error {
	after := ""
	for {
		batch, err := list(ctx, s.read, scanUser,
			"SELECT "+userColumns+" FROM users WHERE id > ? ORDER BY id LIMIT ?", after, putChunk)
		if err != nil {
			return fmt.Errorf("read all users: %w", err)
		}
		if len(batch) == 0 {
			return nil
		}
		if err := f(batch); err != nil {
			return err
		}
		after = batch[len(batch)-1].ID
	}
}
