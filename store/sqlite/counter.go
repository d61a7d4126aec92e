package sqlite

import "context"

func (s *Store) counter(ctx context.Context, name string) (n int64, err error) {
	err = s.read.get(ctx, []any{&n}, "SELECT n FROM counters WHERE name = ?", name)
	return n, err
}

func (t *tx) counter(name string) (n int64, err error) {
	err = t.get([]any{&n}, "SELECT n FROM counters WHERE name = ?", name)
	return n, err
}

// add moves a counter on.
func (t *tx) add(name string, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := t.exec("UPDATE counters SET n = n + ? WHERE name = ?", n, name)
	return err
}

// CatalogVersion grows whenever a product is changed, hidden or deleted.
func (s *Store) CatalogVersion(ctx context.Context) (int64, error) { return s.counter(ctx, "catalog") }

// UsersVersion grows whenever a user is changed, created or erased.
func (s *Store) UsersVersion(ctx context.Context) (int64, error) { return s.counter(ctx, "users") }

// CountsVersion grows whenever a count older than yesterday changes.
func (s *Store) CountsVersion(ctx context.Context) (int64, error) { return s.counter(ctx, "counts") }
