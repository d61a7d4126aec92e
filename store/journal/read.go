package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"valse/store"
)

// read asks the backend, for a while, and answers by other means when it is
// away.
func read[T any](ctx context.Context, s *Store, ask func(context.Context) (T, error), otherwise func(why error) (T, error)) (T, error) {
	if why := s.away.Load(); why != nil {
		return otherwise(why)
	}
	asking, cancel := context.WithTimeout(ctx, s.o.ReadTimeout)
	defer cancel()
	v, err := ask(asking)
	if err == nil || isAnswer(err) || ctx.Err() != nil {
		return v, err
	}
	s.lost(err)
	return otherwise(err)
}

// isAnswer reports whether an error is the backend's answer and not its absence.
func isAnswer(err error) bool {
	for _, answer := range []error{store.ErrNotFound, store.ErrConflict, store.ErrInvalid, store.ErrErased, store.ErrFenced, store.ErrHeld} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// unavailable says that there is no other means.
func unavailable(error) error { return store.ErrUnavailable } // the reason was logged, and names addresses

// History returns a part of a user's history; of what passed through this
// process, newest first and without a cursor, while the backend is away.
func (s *Store) History(ctx context.Context, userID string, q store.HistoryQuery) (store.HistoryPage, error) {
	return read(ctx, s, func(ctx context.Context) (store.HistoryPage, error) { return s.Backend.History(ctx, userID, q) },
		func(why error) (store.HistoryPage, error) {
			if q.Before != "" {
				return store.HistoryPage{}, unavailable(why)
			}
			limit := q.Limit
			if limit <= 0 || limit > store.MaxHistory {
				limit = store.MaxHistory
			}
			page := store.HistoryPage{Interactions: s.tail.history(userID, q.Types, limit)}
			page.Cursors = make([]string, len(page.Interactions))
			return page, nil
		})
}

// Ratings returns a user's latest ratings; of what passed through this process
// while the backend is away.
func (s *Store) Ratings(ctx context.Context, userID string, productIDs []string) ([]store.UserRating, error) {
	return read(ctx, s, func(ctx context.Context) ([]store.UserRating, error) {
		return s.Backend.Ratings(ctx, userID, productIDs)
	},
		func(error) ([]store.UserRating, error) {
			wanted := map[string]bool{}
			for _, id := range productIDs {
				wanted[id] = true
			}
			var ratings []store.UserRating
			seen := map[string]bool{}
			for _, e := range s.tail.history(userID, []store.EventType{store.Rating}, tailLength) {
				if seen[e.ProductID] || productIDs != nil && !wanted[e.ProductID] {
					continue
				}
				if seen[e.ProductID] = true; e.Value > 0 {
					ratings = append(ratings, store.UserRating{ProductID: e.ProductID, Stars: e.Value, Time: e.Time})
				}
			}
			return ratings, nil
		})
}

// List returns a stored list; none while the backend is away, so that one is
// made from memory.
func (s *Store) List(ctx context.Context, modelID, userID string) (store.List, error) {
	return read(ctx, s, func(ctx context.Context) (store.List, error) { return s.Backend.List(ctx, modelID, userID) },
		func(why error) (store.List, error) {
			return store.List{}, fmt.Errorf("list of %q: %w: %w", userID, store.ErrNotFound, why)
		})
}

// User returns a user; one with nothing but the id while the backend is away,
// and nobody who was erased.
func (s *Store) User(ctx context.Context, id string) (store.User, error) {
	return read(ctx, s, func(ctx context.Context) (store.User, error) { return s.Backend.User(ctx, id) },
		func(error) (store.User, error) {
			if s.control.erased(id) {
				return store.User{}, fmt.Errorf("user %q: %w", id, store.ErrNotFound)
			}
			return store.User{ID: id}, nil
		})
}

// UsersByID is User for several.
func (s *Store) UsersByID(ctx context.Context, ids []string) ([]*store.User, error) {
	return read(ctx, s, func(ctx context.Context) ([]*store.User, error) { return s.Backend.UsersByID(ctx, ids) },
		func(error) ([]*store.User, error) {
			users := make([]*store.User, len(ids))
			for n, id := range ids {
				if !s.control.erased(id) {
					users[n] = &store.User{ID: id}
				}
			}
			return users, nil
		})
}

// Setting returns a setting, from the copy while the backend is away. What the
// copy lacks then is ErrNotFound and ErrUnavailable: another server may have
// made it since the copy was.
func (s *Store) Setting(ctx context.Context, name string) ([]byte, error) {
	return read(ctx, s, func(ctx context.Context) ([]byte, error) { return s.Backend.Setting(ctx, name) },
		func(why error) ([]byte, error) {
			value, err := s.control.setting(name)
			if err != nil {
				err = fmt.Errorf("%w: %w", err, unavailable(why))
			}
			return value, err
		})
}

// SettingNames lists settings, from the copy while the backend is away.
func (s *Store) SettingNames(ctx context.Context, prefix, after string) ([]string, error) {
	return read(ctx, s, func(ctx context.Context) ([]string, error) { return s.Backend.SettingNames(ctx, prefix, after) },
		func(error) ([]string, error) {
			names := s.control.names(prefix, after)
			return names[:min(store.MaxPage, len(names))], nil
		})
}

// Published returns the newest publication, from the copy while the backend is
// away.
func (s *Store) Published(ctx context.Context) (store.Publication, error) {
	return read(ctx, s, s.Backend.Published, func(error) (store.Publication, error) {
		if newest := s.control.publications(1); len(newest) > 0 {
			return newest[0], nil
		}
		return store.Publication{}, fmt.Errorf("publication: %w", store.ErrNotFound)
	})
}

// Publications returns the newest publications, from the copy while the backend
// is away.
func (s *Store) Publications(ctx context.Context, limit int) ([]store.Publication, error) {
	return read(ctx, s, func(ctx context.Context) ([]store.Publication, error) { return s.Backend.Publications(ctx, limit) },
		func(error) ([]store.Publication, error) { return s.control.publications(limit), nil })
}

// Stamp is the backend's; unknown while that is away.
func (s *Store) Stamp(ctx context.Context, userID string) (store.Stamp, error) {
	return read(ctx, s, func(ctx context.Context) (store.Stamp, error) { return s.Backend.Stamp(ctx, userID) },
		func(why error) (store.Stamp, error) { return store.Stamp{}, unavailable(why) })
}

// LogEpoch is the backend's; unknown while that is away.
func (s *Store) LogEpoch(ctx context.Context) (int64, error) {
	if why := s.away.Load(); why != nil {
		return 0, unavailable(why)
	}
	return s.Backend.LogEpoch(ctx)
}

// shelf remembers the catalogue as it was last read whole, without
// descriptions and attributes.
type shelf struct {
	mu       sync.RWMutex
	products map[string]*store.Product
}

// EachProduct calls f with every product and remembers them for when the
// backend is away.
func (s *Store) EachProduct(ctx context.Context, f func([]store.Product) error) error {
	products := map[string]*store.Product{}
	err := s.Backend.EachProduct(ctx, func(batch []store.Product) error {
		for n := range batch {
			p := batch[n]
			p.Description, p.Attributes = "", nil
			products[p.ID] = &p
		}
		return f(batch)
	})
	if err == nil {
		s.shelf.mu.Lock()
		s.shelf.products = products
		s.shelf.mu.Unlock()
	}
	return err
}

// ProductsByID returns products, as last read whole while the backend is away.
func (s *Store) ProductsByID(ctx context.Context, ids []string) ([]*store.Product, error) {
	return read(ctx, s, func(ctx context.Context) ([]*store.Product, error) { return s.Backend.ProductsByID(ctx, ids) },
		func(why error) ([]*store.Product, error) {
			s.shelf.mu.RLock()
			defer s.shelf.mu.RUnlock()
			if s.shelf.products == nil {
				return nil, unavailable(why)
			}
			found := make([]*store.Product, len(ids))
			for n, id := range ids {
				if p := s.shelf.products[id]; p != nil {
					copied := *p
					found[n] = &copied
				}
			}
			return found, nil
		})
}

// Product is ProductsByID for one.
func (s *Store) Product(ctx context.Context, id string) (store.Product, error) {
	return read(ctx, s, func(ctx context.Context) (store.Product, error) { return s.Backend.Product(ctx, id) },
		func(why error) (store.Product, error) {
			found, err := s.ProductsByID(ctx, []string{id})
			if err == nil && found[0] == nil {
				err = fmt.Errorf("product %q: %w", id, store.ErrNotFound)
			}
			if err != nil {
				return store.Product{}, err
			}
			return *found[0], nil
		})
}

// Products returns a page of products. It needs the backend.
func (s *Store) Products(ctx context.Context, q store.ProductQuery) (store.ProductPage, error) {
	return read(ctx, s, func(ctx context.Context) (store.ProductPage, error) { return s.Backend.Products(ctx, q) },
		func(why error) (store.ProductPage, error) { return store.ProductPage{}, unavailable(why) })
}
