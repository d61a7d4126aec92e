package graph

import (
	"context"
	"sync"
	"time"

	"github.com/vikstrous/dataloadgen"

	"valse/store"
)

// loadWait is how long a batch waits for further keys.
const loadWait = 500 * time.Microsecond

// loaders gather what the fields of one response ask for, so that a page costs
// one call of the store and not one per entry. They remember what they loaded
// and so live no longer than a response.
type loaders struct {
	products *dataloadgen.Loader[string, *store.Product]
	users    *dataloadgen.Loader[string, *store.User]
	ratings  *overlay
	// categories and vendors list those with visible products.
	categories, vendors func() (facets, error)
}

// facets are the categories or the vendors with visible products.
type facets struct {
	list     []store.Facet
	products map[string]int // by name
}

func newLoaders(ctx context.Context, st store.Store) *loaders {
	wait := dataloadgen.WithWait(loadWait)
	batch := dataloadgen.WithBatchCapacity(store.MaxPage)
	return &loaders{
		products:   dataloadgen.NewLoader(inOrder(st.ProductsByID), wait, batch),
		users:      dataloadgen.NewLoader(inOrder(st.UsersByID), wait, batch),
		ratings:    &overlay{store: st, userID: IdentityOf(ctx).UserID, stars: map[string]*float64{}},
		categories: sync.OnceValues(func() (facets, error) { return newFacets(st.Categories(ctx)) }),
		vendors:    sync.OnceValues(func() (facets, error) { return newFacets(st.Vendors(ctx)) }),
	}
}

type loadersKey struct{}

// withLoaders returns a context with loaders for one response, which are made
// when the first of its fields needs any.
func withLoaders(ctx context.Context, st store.Store) context.Context {
	return context.WithValue(ctx, loadersKey{}, sync.OnceValue(func() *loaders { return newLoaders(ctx, st) }))
}

// loadersOf returns the response's loaders; fresh ones outside a response, as
// between two events of a subscription.
func loadersOf(ctx context.Context, st store.Store) *loaders {
	if l, ok := ctx.Value(loadersKey{}).(func() *loaders); ok {
		return l()
	}
	return newLoaders(ctx, st)
}

// inOrder adapts a call that answers in the order asked to a loader.
func inOrder[V any](load func(context.Context, []string) ([]V, error)) func(context.Context, []string) ([]V, []error) {
	return func(ctx context.Context, keys []string) ([]V, []error) {
		values, err := load(ctx, keys)
		if err != nil {
			return nil, []error{err}
		}
		return values, nil
	}
}

func newFacets(list []store.Facet, err error) (facets, error) {
	f := facets{list: list, products: make(map[string]int, len(list))}
	for _, facet := range list {
		f.products[facet.Name] = facet.Products
	}
	return f, err
}

// below counts the products of a category and all below it.
func (f facets) below(category string) int {
	n := 0
	for _, facet := range f.list {
		if p := (store.Product{Category: facet.Name}); p.InCategory(category) {
			n += facet.Products
		}
	}
	return n
}
