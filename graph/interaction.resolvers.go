package graph

import (
	"context"
	"time"

	"valse/graph/generated"
	"valse/graph/model"
	"valse/store"
)

func (r *interactionResolver) Product(ctx context.Context, objs []*model.Interaction) ([]*model.Product, error) {
	ids := make([]string, len(objs))
	for i, event := range objs {
		ids[i] = event.ProductID
	}
	return r.products(ctx, ids)
}

func (r *mutationResolver) RecordInteractions(ctx context.Context, interactions []model.InteractionInput) (*model.RecordInteractionsPayload, error) {
	now := r.Clock().UTC().Truncate(time.Microsecond)
	events, err := decodeInteractions(interactions, IdentityOf(ctx), now)
	payload := &model.RecordInteractionsPayload{}
	if payload.UserErrors, err = userErrors(err); err != nil || payload.UserErrors != nil {
		return payload, err
	}
	if err := r.Live.Credit(ctx, events); err != nil {
		return nil, err
	}
	outcomes, err := r.Store.Append(ctx, events)
	if err != nil {
		return nil, err
	}
	if err := r.decideRetries(ctx, interactions, events, outcomes); err != nil {
		return nil, err
	}
	payload.Results = make([]model.InteractionResult, len(events))
	for i, outcome := range outcomes {
		payload.Results[i] = model.InteractionResult{EventID: events[i].EventID, Outcome: outcome}
	}
	return payload, nil
}

func (r *queryResolver) Interactions(ctx context.Context, userID *string, types []store.EventType, first int, after *string) (*model.InteractionConnection, error) {
	user, err := subject(ctx, userID)
	if err != nil {
		return nil, err
	}
	return r.history(ctx, user, types, first, after)
}

func (r *Resolver) Interaction() generated.InteractionResolver { return &interactionResolver{r} }

type interactionResolver struct{ *Resolver }
