package graph

import (
	"context"
	"slices"
	"sync"

	"valse/store"
)

// overlay lays the viewer's own ratings over the products of a response.
// Whoever shows products announces them, so that the first rating asked for
// fetches those of all, in whatever order the fields are resolved.
type overlay struct {
	store  store.Interactions
	userID string

	mu       sync.Mutex
	expected []string            // announced and not fetched
	stars    map[string]*float64 // of what was fetched; nil without a rating
}

// expect announces products whose rating may be asked for.
func (o *overlay) expect(productIDs ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.expected = append(o.expected, productIDs...)
}

// load returns the viewer's stars of a product; nil when they gave none.
func (o *overlay) load(ctx context.Context, productID string) (*float64, error) {
	if o.userID == "" {
		return nil, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if stars, fetched := o.stars[productID]; fetched {
		return stars, nil
	}
	ids := append(o.expected, productID)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ratings, err := o.store.Ratings(ctx, o.userID, ids)
	if err != nil {
		return nil, err
	}
	o.expected = nil
	if o.stars == nil {
		o.stars = make(map[string]*float64, len(ids))
	}
	for _, id := range ids {
		o.stars[id] = nil
	}
	for i := range ratings {
		o.stars[ratings[i].ProductID] = &ratings[i].Stars
	}
	return o.stars[productID], nil
}
