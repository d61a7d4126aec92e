package graph

import (
	"context"
	"strconv"

	"valse/graph/model"
	"valse/store"
)

// node fetches what a global id names: nil when there is nothing of the name,
// an error when the viewer may not know.
func (r *Resolver) node(ctx context.Context, globalID string) (model.Node, error) {
	kind, id, ok := model.SplitID(globalID)
	if !ok {
		return nil, nil
	}
	query := &queryResolver{r}
	switch kind {
	case model.KindProduct:
		return found(query.Product(ctx, globalID))
	case model.KindCategory:
		return found(query.Category(ctx, id))
	case model.KindVendor:
		return found(r.vendor(ctx, id))
	case model.KindUser, model.KindInteraction:
		if err := IdentityOf(ctx).may(model.ScopeRead); err != nil {
			return nil, err
		}
		if kind == model.KindUser {
			return found(query.User(ctx, id))
		}
		return found(r.interaction(ctx, id))
	}
	if err := IdentityOf(ctx).require(model.RoleAdmin); err != nil {
		return nil, err
	}
	switch kind {
	case model.KindRun:
		return found(query.Run(ctx, id))
	case model.KindModel:
		return found(query.Model(ctx, id))
	case model.KindAPIKey:
		return found(r.apiKey(ctx, id))
	}
	return nil, nil
}

// found makes a nil view a nil node.
func found[T any, V interface {
	*T
	model.Node
}](view V, err error) (model.Node, error) {
	if view == nil || err != nil {
		return nil, err
	}
	return view, nil
}

func checkNodes(n int) error {
	if n > maxFirst {
		return &store.Invalid{Field: "ids", Value: strconv.Itoa(n) + " entries", Want: "at most " + strconv.Itoa(maxFirst)}
	}
	return nil
}

func (r *Resolver) vendor(ctx context.Context, name string) (*model.Vendor, error) {
	vendors, err := loadersOf(ctx, r.Store).vendors()
	if err != nil || vendors.products[name] == 0 {
		return nil, err
	}
	return &model.Vendor{Name: name}, nil
}

func (r *Resolver) user(ctx context.Context, id string) (*model.User, error) {
	user, err := loadersOf(ctx, r.Store).user(ctx, id)
	if err != nil || user == nil {
		return nil, err
	}
	return &model.User{User: *user}, nil
}

func (r *Resolver) interaction(ctx context.Context, id string) (*model.Interaction, error) {
	userID, eventID, ok := model.SplitInteractionID(id)
	if !ok {
		return nil, nil
	}
	if err := IdentityOf(ctx).speakFor(userID); err != nil {
		return nil, err
	}
	event, err := r.event(ctx, userID, eventID)
	if err != nil || event == nil {
		return nil, err
	}
	return &model.Interaction{Interaction: *event}, nil
}

func (r *Resolver) apiKey(ctx context.Context, id string) (*model.APIKey, error) {
	keys, err := r.Sessions.Keys(ctx)
	for _, k := range keys {
		if k.ID == id {
			return newKey(k), err
		}
	}
	return nil, err
}
