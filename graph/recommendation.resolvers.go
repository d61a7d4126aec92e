package graph

import (
	"context"

	"valse/engine"
	"valse/graph/generated"
	"valse/graph/model"
	"valse/internal/live"
)

func (r *queryResolver) Recommendations(ctx context.Context, userID *string, first int, options *model.RecommendationOptions) (*model.RecommendationList, error) {
	user, err := subject(ctx, userID)
	if err != nil {
		return nil, err
	}
	return r.recommend(ctx, user, first, options)
}

func (r *queryResolver) Explanation(ctx context.Context, productID string, userID *string, without []string) (*model.Explanation, error) {
	user, err := subject(ctx, userID)
	if err != nil {
		return nil, err
	}
	return r.explain(model.LocalID(model.KindProduct, productID), r.why(ctx, user, "", without...))
}

func (r *queryResolver) Similar(ctx context.Context, productID string, first int) (*model.RecommendationList, error) {
	return r.similar(ctx, model.LocalID(model.KindProduct, productID), first)
}

func (r *queryResolver) Shelves(ctx context.Context, page live.Page, productID *string, category *string, first int) ([]model.Shelf, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	return r.shelves(ctx, live.ShelfRequest{
		Page: page, UserID: IdentityOf(ctx).UserID, N: first,
		ProductID: model.LocalID(model.KindProduct, value(productID)), Category: value(category),
	})
}

func (r *recommendationResolver) Uncertainty(ctx context.Context, obj *model.Recommendation) (*float64, error) {
	return ask(obj.Why, obj.Product.ProductID(), (*engine.State).Uncertainty)
}

func (r *recommendationResolver) Explanation(ctx context.Context, obj *model.Recommendation) (*model.Explanation, error) {
	return r.explain(obj.Product.ProductID(), obj.Why)
}

func (r *subscriptionResolver) Recommendations(ctx context.Context, userID *string, first int, options *model.RecommendationOptions) (<-chan *model.RecommendationList, error) {
	user, err := subject(ctx, userID)
	if err != nil {
		return nil, err
	}
	request, err := decodeRequest(ctx, first, options)
	if err != nil {
		return nil, err
	}
	return r.subscribe(ctx, user, request)
}

func (r *Resolver) Recommendation() generated.RecommendationResolver {
	return &recommendationResolver{r}
}

type recommendationResolver struct{ *Resolver }
