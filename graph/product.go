package graph

import (
	"context"

	"valse/graph/model"
	"valse/internal/live"
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
	product *model.Product
}

// products loads those that may be shown, nil where one may not. They are shared
// with other responses: only to be read.
func (r *Resolver) products(ctx context.Context, ids []string) ([]*model.Product, error) {
	products, err := r.loadProducts(ctx, ids)
	if err != nil {
		return nil, err
	}
	loadersOf(ctx, r.Store).ratings.expect(ids...)
	if IdentityOf(ctx).Role != model.RoleAdmin {
		for i, p := range products {
			if p != nil && p.Hidden {
				products[i] = nil
			}
		}
	}
	return products, nil
}

// loadProducts returns products as remembered, where the response is made as of
// a moment at which they are all known, or else as they are stored.
func (r *Resolver) loadProducts(ctx context.Context, ids []string) ([]*model.Product, error) {
	views := make([]*model.Product, len(ids))
	m, dated := live.MomentOf(ctx)
	m = m.Catalogue()
	if dated && r.remembered(m, ids, views) {
		return views, nil
	}
	products, err := loadersOf(ctx, r.Store).products(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, p := range products {
		if p == nil {
			views[i] = nil
			continue
		}
		views[i] = &model.Product{Product: *p}
		if dated {
			r.seen.Put(p.ID, seenProduct{m, views[i]}, 400+len(p.Title)+len(p.Description))
		}
	}
	return views, nil
}

// remembered finds products as of a moment; false when one is not remembered.
func (r *Resolver) remembered(m live.Moment, ids []string, views []*model.Product) bool {
	for i, id := range ids {
		seen, ok := r.seen.Get(id)
		if !ok || seen.moment != m {
			return false
		}
		views[i] = seen.product
	}
	return true
}
