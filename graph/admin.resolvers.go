package graph

import (
	"context"
	"errors"

	"valse/graph/generated"
	"valse/graph/model"
	"valse/store"
)

func (r *mutationResolver) StartImport(ctx context.Context, input model.ImportInput) (*model.RunPayload, error) {
	request, err := r.decodeImport(ctx, input)
	var run store.Run
	if err == nil {
		run, err = r.Pipeline.Queue(ctx, store.RunImport, importTitle(request), request)
	}
	return newRunPayload(run, err)
}

func (r *mutationResolver) Transport(ctx context.Context) (*model.WarehouseStatus, error) {
	if _, err := r.Pipeline.Transport(ctx); err != nil {
		return nil, err
	}
	return r.warehouseStatus(ctx)
}

func (r *mutationResolver) CreateAPIKey(ctx context.Context, name string, scopes []model.Scope) (*model.CreateAPIKeyPayload, error) {
	key, secret, err := r.Sessions.CreateKey(ctx, name, scopes)
	payload := &model.CreateAPIKeyPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Secret, payload.APIKey = &secret, newKey(key)
	}
	return payload, err
}

func (r *mutationResolver) RevokeAPIKey(ctx context.Context, id string) (*model.APIKeyPayload, error) {
	key, err := r.Sessions.RevokeKey(ctx, model.LocalID(model.KindAPIKey, id))
	payload := &model.APIKeyPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.APIKey = newKey(key)
	}
	return payload, err
}

func (r *overviewResolver) Activity(ctx context.Context, obj *model.Overview, days int) ([]model.DayActivity, error) {
	return r.activity(ctx, days)
}

func (r *overviewResolver) Warehouse(ctx context.Context, obj *model.Overview) (*model.WarehouseStatus, error) {
	return r.warehouseStatus(ctx)
}

func (r *overviewResolver) PublishedModel(ctx context.Context, obj *model.Overview) (*model.Model, error) {
	id, err := r.publishedID(ctx)
	if err != nil || id == "" {
		return nil, err
	}
	info, err := r.Pipeline.Info(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &model.Model{Info: info, Published: true}, err
}

func (r *queryResolver) Overview(ctx context.Context) (*model.Overview, error) {
	return r.overview(ctx)
}

func (r *queryResolver) ImportSources(ctx context.Context) ([]model.ImportSource, error) {
	return importSources(), nil
}

func (r *queryResolver) APIKeys(ctx context.Context) ([]model.APIKey, error) {
	keys, err := r.Sessions.Keys(ctx)
	views := make([]model.APIKey, len(keys))
	for i, k := range keys {
		views[i] = *newKey(k)
	}
	return views, err
}

func (r *Resolver) Overview() generated.OverviewResolver { return &overviewResolver{r} }

type overviewResolver struct{ *Resolver }
