package graph

import (
	"context"

	"valse/graph/model"
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

// products loads those that may be shown, nil where one may not.
func (r *Resolver) products(ctx context.Context, ids []string) ([]*model.Product, error) {
	loaders := loadersOf(ctx, r.Store)
	products, err := loaders.products.LoadAll(ctx, ids)
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
