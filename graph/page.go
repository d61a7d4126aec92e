package graph

import (
	"context"
	"strconv"

	"valse/graph/model"
	"valse/store"
)

// maxFirst bounds `first` of most lists.
const maxFirst = 100

// checkFirst refuses a page length that is not 1 to limit.
func checkFirst(first, limit int) error {
	if first < 1 || first > limit {
		return &store.Invalid{Field: "first", Value: strconv.Itoa(first), Want: "a number from 1 to " + strconv.Itoa(limit)}
	}
	return nil
}

// newPageInfo tells where a page stands, from its cursors.
func newPageInfo(cursors []string, hasNext bool, after *string) model.PageInfo {
	info := model.PageInfo{HasNextPage: hasNext, HasPreviousPage: value(after) != ""}
	if n := len(cursors); n > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[n-1]
	}
	return info
}

func (r *Resolver) newProductConnection(ctx context.Context, p store.ProductPage, after *string) *model.ProductConnection {
	c := &model.ProductConnection{
		Nodes:      model.NewProducts(p.Products),
		Edges:      make([]model.ProductEdge, len(p.Products)),
		PageInfo:   newPageInfo(p.Cursors, p.HasNext, after),
		TotalCount: &p.Total,
	}
	ratings := &loadersOf(ctx, r.Store).ratings
	for i, node := range c.Nodes {
		ratings.expect(node.ProductID())
		c.Edges[i] = model.ProductEdge{Cursor: p.Cursors[i], Node: node}
	}
	return c
}

func newUserConnection(p store.UserPage, after *string) *model.UserConnection {
	c := &model.UserConnection{
		Nodes:      make([]model.User, len(p.Users)),
		Edges:      make([]model.UserEdge, len(p.Users)),
		PageInfo:   newPageInfo(p.Cursors, p.HasNext, after),
		TotalCount: &p.Total,
	}
	for i, u := range p.Users {
		c.Nodes[i] = model.User{User: u}
		c.Edges[i] = model.UserEdge{Cursor: p.Cursors[i], Node: c.Nodes[i]}
	}
	return c
}

func newInteractionConnection(p store.HistoryPage, after *string) *model.InteractionConnection {
	c := &model.InteractionConnection{
		Nodes:    make([]model.Interaction, len(p.Interactions)),
		Edges:    make([]model.InteractionEdge, len(p.Interactions)),
		PageInfo: newPageInfo(p.Cursors, p.HasNext, after),
	}
	for i, e := range p.Interactions {
		c.Nodes[i] = model.Interaction{Interaction: e}
		c.Edges[i] = model.InteractionEdge{Cursor: p.Cursors[i], Node: c.Nodes[i]}
	}
	return c
}

// value is what a nullable argument holds, or the zero value.
func value[T any](argument *T) T {
	if argument == nil {
		var zero T
		return zero
	}
	return *argument
}
