package sqlite

import (
	"context"
	"fmt"

	"valse/store"
)

// Setting returns a value.
func (s *Store) Setting(ctx context.Context, name string) (value []byte, err error) {
	if err := s.read.get(ctx, []any{&value}, "SELECT value FROM settings WHERE name = ?", name); err != nil {
		return nil, fmt.Errorf("setting %q: %w", name, err)
	}
	return value, nil
}

// PutSetting stores a value; nil deletes it.
func (s *Store) PutSetting(ctx context.Context, name string, value []byte) error {
	err := s.write(ctx, func(t *tx) (err error) {
		if value == nil {
			_, err = t.exec("DELETE FROM settings WHERE name = ?", name)
		} else {
			_, err = t.exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
		}
		t.ring(store.NoticeSetting, name)
		return err
	})
	if err != nil {
		return fmt.Errorf("put setting %q: %w", name, err)
	}
	return nil
}

// InitSetting stores a value unless there is one, and returns what is stored
// then.
func (s *Store) InitSetting(ctx context.Context, name string, value []byte) (stored []byte, err error) {
	err = s.write(ctx, func(t *tx) error {
		created, err := t.exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, value)
		if err != nil {
			return err
		}
		if created > 0 {
			t.ring(store.NoticeSetting, name)
		}
		return t.get([]any{&stored}, "SELECT value FROM settings WHERE name = ?", name)
	})
	if err != nil {
		return nil, fmt.Errorf("initialise setting %q: %w", name, err)
	}
	return stored, nil
}

// SettingNames returns the names that start with prefix and come after another,
// in order.
func (s *Store) SettingNames(ctx context.Context, prefix, after string) ([]string, error) {
	f := &filter{}
	f.and("name > ?", after)
	if prefix != "" {
		f.and("name >= ? AND name < ?", prefix, prefixEnd(prefix))
	}
	names, err := list(ctx, s.read, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, "SELECT name FROM settings WHERE "+f.where()+" ORDER BY name LIMIT ?", append(f.args, store.MaxPage)...)
	if err != nil {
		return nil, fmt.Errorf("read setting names: %w", err)
	}
	return names, nil
}
