package graph

import (
	"context"

	"valse/graph/model"
	"valse/internal/live"
	"valse/store"
)

// product loads a product that may be shown; nil when it is gone or hidden
// from the viewer.
func (r *Resolver) product(ctx context.Context, id string) (*model.Product, error) {
	products, err := r.products(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return products[0], nil
}

// productsKept bounds the products that are remembered, in bytes of text.
const productsKept = 16 << 20

// seenProduct is a product with the moment before it was read.
type seenProduct struct {
	moment  live.Moment
	product *store.Product
}

// products loads those that may be shown, nil where one may not.
func (r *Resolver) products(ctx context.Context, ids []string) ([]*model.Product, error) {
	loaders := loadersOf(ctx, r.Store)
	products, err := r.loadProducts(ctx, loaders, ids)
	if err != nil {
		return nil, err
	}
	loaders.ratings.expect(ids...)
	admin := IdentityOf(ctx).Role == model.RoleAdmin
	views := make([]*model.Product, len(products))
	for i, p := range products {
		if p != nil && (admin || !p.Hidden) {
			views[i] = &model.Product{Product: *p}
		}
	}
	return views, nil
}

// loadProducts returns products as remembered, where the response is made as of
// a moment at which they are all known, or else as they are stored.
func (r *Resolver) loadProducts(ctx context.Context, loaders *loaders, ids []string) ([]*store.Product, error) {
	m, dated := live.MomentOf(ctx)
	if !dated {
		return loaders.products.LoadAll(ctx, ids)
	}
	m = m.Catalogue()
	known := make([]*store.Product, len(ids))
	all := true
	for i, id := range ids {
		if seen, ok := r.seen.Get(id); ok && seen.moment == m {
			known[i] = seen.product
		} else {
			all = false
			break
		}
	}
	if all {
		return known, nil
	}
	products, err := loaders.products.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		if p != nil {
			r.seen.Put(p.ID, seenProduct{m, p}, 400+len(p.Title)+len(p.Description))
		}
	}
	return products, nil
}
