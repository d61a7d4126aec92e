package graph

import (
	"context"
	"strconv"
	"time"

	"valse/graph/generated"
	"valse/graph/model"
	"valse/store"
)

func (r *mutationResolver) SignIn(ctx context.Context, userID string) (*model.SignInPayload, error) {
	id := model.LocalID(model.KindUser, userID)
	user, err := r.Store.User(ctx, id)
	if err == nil && user.Persona == "" && !r.Demo {
		return nil, errForbidden
	}
	var i Identity
	if err == nil {
		i, err = r.signIn(ctx, id)
	}
	return r.signedIn(ctx, i, err)
}

func (r *mutationResolver) SignOut(ctx context.Context) (*model.SignInPayload, error) {
	i, err := r.Sessions.SignOut(ctx)
	return r.signedIn(ctx, i, err)
}

func (r *mutationResolver) AdminSignIn(ctx context.Context, token string) (*model.SignInPayload, error) {
	i, err := r.Sessions.AdminSignIn(ctx, token)
	r.auditSignIn(ctx, i, err)
	return r.signedIn(ctx, i, err)
}

func (r *mutationResolver) AdminSignOut(ctx context.Context) (*model.SignInPayload, error) {
	r.audit(ctx, "adminSignOut", nil, "done")
	i, err := r.Sessions.AdminSignOut(ctx)
	return r.signedIn(ctx, i, err)
}

func (r *mutationResolver) PutUsers(ctx context.Context, users []model.UserInput) (*model.PutUsersPayload, error) {
	payload := &model.PutUsersPayload{}
	decoded, err := decodeUsers(users)
	if err == nil {
		payload.Created, payload.Updated, err = r.Store.PutUsers(ctx, decoded)
	}
	payload.UserErrors, err = userErrors(err)
	return payload, err
}

func (r *mutationResolver) MergeUsers(ctx context.Context, from string, into string) (*model.MergeUsersPayload, error) {
	moved, err := store.Merge(ctx, r.Store, model.LocalID(model.KindUser, from), model.LocalID(model.KindUser, into))
	payload := &model.MergeUsersPayload{Moved: moved}
	payload.UserErrors, err = userErrors(err)
	return payload, err
}

func (r *mutationResolver) CreateViewerToken(ctx context.Context, userID string, hours int) (*model.ViewerTokenPayload, error) {
	id := model.LocalID(model.KindUser, userID)
	err := store.ValidateID("userId", id)
	if hours < 1 || hours > 24*90 {
		err = &store.Invalid{Field: "hours", Value: strconv.Itoa(hours), Want: "a number from 1 to 2160"}
	}
	payload := &model.ViewerTokenPayload{}
	if payload.UserErrors, err = userErrors(err); err != nil || payload.UserErrors != nil {
		return payload, err
	}
	token, expires, err := r.Sessions.ViewerToken(ctx, id, time.Duration(hours)*time.Hour)
	payload.Token, payload.ExpiresAt = &token, &expires
	return payload, err
}

func (r *mutationResolver) EraseUser(ctx context.Context, id string) (*model.EraseUserPayload, error) {
	erased, err := r.Pipeline.Erase(ctx, model.LocalID(model.KindUser, id))
	payload := &model.EraseUserPayload{Interactions: erased.Interactions, WarehouseRows: erased.WarehouseRows}
	if erased.Receipt != "" {
		payload.Receipt = &erased.Receipt
	}
	payload.UserErrors, err = userErrors(err)
	return payload, err
}

func (r *mutationResolver) ExportUser(ctx context.Context, id string) (*model.ExportUserPayload, error) {
	export, err := r.Pipeline.Export(ctx, model.LocalID(model.KindUser, id))
	payload := &model.ExportUserPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Data = export
	}
	return payload, err
}

func (r *queryResolver) Viewer(ctx context.Context) (*model.Viewer, error) {
	view, err := r.viewer(ctx, IdentityOf(ctx))
	return &view, err
}

func (r *queryResolver) User(ctx context.Context, id string) (*model.User, error) {
	id = model.LocalID(model.KindUser, id)
	if err := IdentityOf(ctx).speakFor(id); err != nil {
		return nil, err
	}
	return r.user(ctx, id)
}

func (r *queryResolver) Users(ctx context.Context, search *string, personas *bool, first int, after *string) (*model.UserConnection, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	page, err := r.Store.Users(ctx, store.UserQuery{Search: value(search), Personas: value(personas), After: value(after), Limit: first})
	if err != nil {
		return nil, err
	}
	return newUserConnection(page, after), nil
}

func (r *queryResolver) Personas(ctx context.Context) ([]model.Persona, error) {
	page, err := r.Store.Users(ctx, store.UserQuery{Personas: true, Limit: maxFirst})
	views := make([]model.Persona, len(page.Users))
	for i, u := range page.Users {
		views[i] = model.Persona{UserID: u.ID, Name: u.Name, Taste: u.Persona}
	}
	return views, err
}

func (r *userResolver) History(ctx context.Context, obj *model.User, types []store.EventType, first int, after *string) (*model.InteractionConnection, error) {
	return r.history(ctx, obj.UserID(), types, first, after)
}

func (r *userResolver) Ratings(ctx context.Context, obj *model.User, first int) ([]model.UserRating, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	ratings, err := r.Store.Ratings(ctx, obj.UserID(), nil)
	views := make([]model.UserRating, min(first, len(ratings)))
	for i := range views {
		views[i] = model.UserRating{UserRating: ratings[i]}
	}
	return views, err
}

func (r *userResolver) Recommendations(ctx context.Context, obj *model.User, first int, options *model.RecommendationOptions) (*model.RecommendationList, error) {
	return r.recommend(ctx, obj.UserID(), first, options)
}

func (r *userRatingResolver) Product(ctx context.Context, objs []*model.UserRating) ([]*model.Product, error) {
	ids := make([]string, len(objs))
	for i, rating := range objs {
		ids[i] = rating.ProductID
	}
	return r.products(ctx, ids)
}

func (r *Resolver) User() generated.UserResolver { return &userResolver{r} }

func (r *Resolver) UserRating() generated.UserRatingResolver { return &userRatingResolver{r} }

type (
	userResolver       struct{ *Resolver }
	userRatingResolver struct{ *Resolver }
)
