package graph

import (
	"context"
	"strings"

	"valse/engine"
	"valse/graph/generated"
	"valse/graph/model"
	"valse/store"
)

func (r *categoryResolver) ProductCount(ctx context.Context, obj *model.Category) (int, error) {
	categories, err := loadersOf(ctx, r.Store).categories()
	return categories.below(obj.Path), err
}

func (r *categoryResolver) BestSellers(ctx context.Context, obj *model.Category, first int, window engine.Window) (*model.RecommendationList, error) {
	return r.bestSellers(ctx, "", obj.Path, first, window)
}

func (r *mutationResolver) PutProducts(ctx context.Context, products []model.ProductInput) (*model.PutProductsPayload, error) {
	payload := &model.PutProductsPayload{}
	decoded, err := decodeProducts(products)
	if err == nil {
		payload.Created, payload.Updated, err = r.Store.PutProducts(ctx, decoded)
	}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Products = model.NewProducts(decoded)
	}
	return payload, err
}

func (r *mutationResolver) DeleteProduct(ctx context.Context, id string) (payload *model.ProductPayload, err error) {
	payload = &model.ProductPayload{}
	payload.UserErrors, err = userErrors(r.Store.DeleteProduct(ctx, model.LocalID(model.KindProduct, id)))
	return payload, err
}

func (r *mutationResolver) HideProduct(ctx context.Context, id string, hidden bool) (*model.ProductPayload, error) {
	id = model.LocalID(model.KindProduct, id)
	err := r.Store.HideProduct(ctx, id, hidden)
	payload := &model.ProductPayload{}
	if payload.UserErrors, err = userErrors(err); err != nil || payload.UserErrors != nil {
		return payload, err
	}
	product, err := r.Store.Product(ctx, id)
	payload.Product = &model.Product{Product: product}
	return payload, err
}

func (r *productResolver) ViewerRating(ctx context.Context, obj *model.Product) (*float64, error) {
	return loadersOf(ctx, r.Store).ratings.load(ctx, obj.ProductID())
}

func (r *productResolver) Similar(ctx context.Context, obj *model.Product, first int) (*model.RecommendationList, error) {
	return r.orEmpty(r.similar(ctx, obj.ProductID(), first))
}

func (r *productResolver) Together(ctx context.Context, obj *model.Product, first int) (*model.RecommendationList, error) {
	return r.orEmpty(r.together(ctx, obj.ProductID(), first))
}

func (r *queryResolver) Product(ctx context.Context, id string) (*model.Product, error) {
	return r.product(ctx, model.LocalID(model.KindProduct, id))
}

func (r *queryResolver) Products(ctx context.Context, filter *model.ProductFilter, orderBy store.ProductOrder, first int, after *string) (*model.ProductConnection, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	q := store.ProductQuery{Order: orderBy, Limit: first, After: value(after)}
	if f := filter; f != nil {
		q.Category, q.Vendor, q.Search = value(f.Category), value(f.Vendor), value(f.Search)
		q.IncludeHidden = value(f.IncludeHidden)
	}
	if q.IncludeHidden {
		if err := IdentityOf(ctx).require(model.RoleAdmin); err != nil {
			return nil, err
		}
	}
	page, err := r.Store.Products(ctx, q)
	if err != nil {
		return nil, err
	}
	return r.newProductConnection(ctx, page, after), nil
}

func (r *queryResolver) Categories(ctx context.Context) ([]model.Category, error) {
	categories, err := loadersOf(ctx, r.Store).categories()
	views := make([]model.Category, len(categories.list))
	for i, c := range categories.list {
		views[i] = model.Category{Path: c.Name}
	}
	return views, err
}

func (r *queryResolver) Category(ctx context.Context, path string) (*model.Category, error) {
	categories, err := loadersOf(ctx, r.Store).categories()
	if err != nil || categories.below(path) == 0 {
		return nil, err
	}
	return &model.Category{Path: path}, nil
}

func (r *queryResolver) Vendors(ctx context.Context, search *string, first int) ([]model.Vendor, error) {
	if err := checkFirst(first, longestList); err != nil {
		return nil, err
	}
	vendors, err := loadersOf(ctx, r.Store).vendors()
	wanted := strings.ToLower(value(search))
	views := []model.Vendor{}
	for _, v := range vendors.list {
		if len(views) < first && strings.Contains(strings.ToLower(v.Name), wanted) {
			views = append(views, model.Vendor{Name: v.Name})
		}
	}
	return views, err
}

func (r *queryResolver) BestSellers(ctx context.Context, category *string, first int, window engine.Window) (*model.RecommendationList, error) {
	return r.bestSellers(ctx, IdentityOf(ctx).UserID, value(category), first, window)
}

func (r *vendorResolver) ProductCount(ctx context.Context, obj *model.Vendor) (int, error) {
	vendors, err := loadersOf(ctx, r.Store).vendors()
	return vendors.products[obj.Name], err
}

func (r *Resolver) Category() generated.CategoryResolver { return &categoryResolver{r} }

func (r *Resolver) Product() generated.ProductResolver { return &productResolver{r} }

func (r *Resolver) Vendor() generated.VendorResolver { return &vendorResolver{r} }

type (
	categoryResolver struct{ *Resolver }
	productResolver  struct{ *Resolver }
	vendorResolver   struct{ *Resolver }
)
