package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"valse/store"
)

// Append stores a batch; see [store.Interactions].
func (s *Store) Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	r := &request{ctx: ctx, batch: batch, outcomes: make([]store.Outcome, len(batch))}
	if err := s.writer.submit(r); err != nil {
		return nil, fmt.Errorf("append %d interactions: %w", len(batch), err)
	}
	return r.outcomes, nil
}

// userEvent is what an interaction is known by.
type userEvent struct {
	user  int64
	event string
}

// entry is an interaction to be stored, with the keys of its user and item.
type entry struct {
	*store.Interaction
	user, item int64
}

// appendAll stores the interactions of several requests, in their order, as one
// batch, so that each question to the file is asked once for all. It takes all
// of them for new, as they nearly always are; only when the index of event ids
// refuses one is it undone and decided one by one.
func (t *tx) appendAll(requests []*request) error {
	var all []*store.Interaction
	for _, r := range requests {
		for n := range r.batch {
			all = append(all, &r.batch[n])
		}
	}
	users, err := t.userKeys(all)
	if err != nil {
		return fmt.Errorf("look up users: %w", err)
	}
	err = t.try(func() error { return t.record(allNew(requests, users)) })
	if !isTaken(err) {
		return err
	}
	known, err := t.knownEvents(all, users)
	if err != nil {
		return fmt.Errorf("look up events: %w", err)
	}
	return t.record(decide(requests, users, known))
}

// allNew gives every interaction of a user who was not erased the outcome
// Created and returns it.
func allNew(requests []*request, users map[string]userKey) (entries []entry) {
	for _, r := range requests {
		for n := range r.batch {
			i := &r.batch[n]
			r.outcomes[n] = store.Erased
			if user, exists := users[i.UserID]; exists {
				r.outcomes[n] = store.Created
				entries = append(entries, entry{Interaction: i, user: user.key})
			}
		}
	}
	return entries
}

// decide gives every interaction its outcome, by what is known, and returns
// those that are new. It adds them to what is known.
func decide(requests []*request, users map[string]userKey, known map[userEvent]*store.Interaction) (entries []entry) {
	for _, r := range requests {
		for n := range r.batch {
			i := &r.batch[n]
			user, exists := users[i.UserID]
			if !exists {
				r.outcomes[n] = store.Erased
				continue
			}
			id := userEvent{user.key, i.EventID}
			switch old := known[id]; {
			case old == nil:
				known[id] = i
				entries = append(entries, entry{Interaction: i, user: user.key})
				r.outcomes[n] = store.Created
			case old.Same(i):
				r.outcomes[n] = store.Exists
			default:
				r.outcomes[n] = store.Conflict
			}
		}
	}
	return entries
}

// record writes new interactions and what follows from them.
func (t *tx) record(entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	items, err := t.itemKeys(entries)
	if err != nil {
		return fmt.Errorf("look up items: %w", err)
	}
	counts := dayCounts{}
	for n := range entries {
		e := &entries[n]
		e.item = items[e.ProductID]
		counts[dayCount{store.DayOf(e.Time), e.item, e.Type}]++
	}
	// Each user's events keep their order and lie together: neighbours in
	// every index, and one notice each.
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.user, b.user) })
	if err := t.insertEntries(entries); err != nil {
		return fmt.Errorf("insert interactions: %w", err)
	}
	if err := t.addCounts(counts); err != nil {
		return fmt.Errorf("add counts: %w", err)
	}
	if err := t.addCredits(entries); err != nil {
		return fmt.Errorf("add credits: %w", err)
	}
	for n, e := range entries {
		if n == 0 || e.user != entries[n-1].user {
			t.ring(store.NoticeUser, e.UserID)
		}
	}
	return nil
}

// insertEntries gives sequence numbers to entries, inserts them and notes them as
// the log has them.
func (t *tx) insertEntries(entries []entry) error {
	last, err := t.counter("log")
	if err != nil {
		return err
	}
	recorded := micros(t.now)
	rows := t.into("interactions (seq, user, item, type, value, time, event, basket, recommendation, recorded)", 10, "")
	t.log = slices.Grow(t.log, len(entries))
	for n, e := range entries {
		i := *e.Interaction
		i.Seq, i.Time, i.RecordedAt, i.Credit = last+int64(n)+1, timeOf(micros(i.Time)), timeOf(recorded), ""
		err := rows.add(i.Seq, e.user, e.item, int64(i.Type), i.Value, micros(i.Time), i.EventID, i.Basket, i.RecommendationID, recorded)
		if err != nil {
			return err
		}
		t.log = append(t.log, i)
	}
	if err := rows.flush(); err != nil {
		return err
	}
	return t.add("log", int64(len(entries)))
}

// userKey is the key of a user, who may be new and have no events yet.
type userKey struct {
	key int64
	new bool
}

// userKeys returns the keys of the batch's users, creating those that are not
// known. Erased users have none.
func (t *tx) userKeys(batch []*store.Interaction) (map[string]userKey, error) {
	keys := map[string]userKey{}
	var ids []string
	for _, i := range batch {
		if _, seen := keys[i.UserID]; !seen {
			keys[i.UserID] = userKey{}
			ids = append(ids, i.UserID)
		}
	}
	read := func(ids []string, isNew bool) error {
		return t.each(func(row scanner) error {
			var id string
			k := userKey{new: isNew}
			if err := row.Scan(&id, &k.key); err != nil {
				return err
			}
			keys[id] = k
			return nil
		}, "SELECT id, key FROM (SELECT value FROM json_each(?)) j CROSS JOIN users ON id = j.value", jsonArray(ids))
	}
	if err := read(ids, false); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(ids, func(id string) bool { return keys[id].key != 0 })
	if len(missing) == 0 {
		return keys, nil
	}
	erased, err := t.erasedAmong(missing)
	if err != nil {
		return nil, err
	}
	for id := range erased {
		delete(keys, id)
	}
	missing = slices.DeleteFunc(missing, func(id string) bool { return erased[id] })
	if _, err := t.exec("INSERT INTO users (id, created) SELECT value, ? FROM json_each(?)", micros(t.now), jsonArray(missing)); err != nil {
		return nil, err
	}
	if err := t.usersChanged(len(missing), len(missing)); err != nil {
		return nil, err
	}
	return keys, read(missing, true)
}

// itemKeys returns the keys of the entries' products, giving one to those that
// have none.
func (t *tx) itemKeys(entries []entry) (map[string]int64, error) {
	keys := map[string]int64{}
	var ids []string
	for _, e := range entries {
		if _, seen := keys[e.ProductID]; !seen {
			keys[e.ProductID] = 0
			ids = append(ids, e.ProductID)
		}
	}
	read := func(ids []string) error {
		return t.each(func(row scanner) error {
			var id string
			var key int64
			if err := row.Scan(&id, &key); err != nil {
				return err
			}
			keys[id] = key
			return nil
		}, "SELECT id, key FROM (SELECT value FROM json_each(?)) j CROSS JOIN items ON id = j.value", jsonArray(ids))
	}
	if err := read(ids); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(ids, func(id string) bool { return keys[id] != 0 })
	if len(missing) == 0 {
		return keys, nil
	}
	if _, err := t.exec("INSERT INTO items (id) SELECT value FROM json_each(?)", jsonArray(missing)); err != nil {
		return nil, err
	}
	return keys, read(missing)
}

// knownEvents returns what is stored under the batch's event ids. New users
// have nothing to look up.
func (t *tx) knownEvents(batch []*store.Interaction, users map[string]userKey) (map[userEvent]*store.Interaction, error) {
	known := make(map[userEvent]*store.Interaction, len(batch))
	var asked [][2]any
	for _, i := range batch {
		if user, exists := users[i.UserID]; exists && !user.new {
			asked = append(asked, [2]any{user.key, i.EventID})
		}
	}
	if len(asked) == 0 {
		return known, nil
	}
	question, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	err = t.each(func(row scanner) error {
		var user int64
		i, err := scanInteraction(row, &user)
		known[userEvent{user, i.EventID}] = &i
		return err
	}, "SELECT i.user, "+interactionColumns+` FROM json_each(?) j
		CROSS JOIN interactions i ON i.user = j.value ->> 0 AND i.event = j.value ->> 1
		CROSS JOIN users u ON u.key = i.user
		CROSS JOIN items p ON p.key = i.item`, string(question))
	return known, err
}
