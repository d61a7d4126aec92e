package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valse/graph/generated"
	"valse/graph/model"
)

func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	return r.node(ctx, id)
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if err := checkNodes(len(ids)); err != nil {
		return nil, err
	}
	nodes := make([]model.Node, len(ids))
	for i, id := range ids {
		node, err := r.node(ctx, id)
		if err != nil {
			graphql.AddError(ctx, err) // one missing does not hide the others
		}
		nodes[i] = node
	}
	return nodes, nil
}

func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)
