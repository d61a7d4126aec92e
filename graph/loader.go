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
// and so live no longer than a response. Each is made when it is first asked for.
type loaders struct {
	ctx     context.Context // of the response
	store   store.Store
	ratings overlay

	productsByID         lazily[*dataloadgen.Loader[string, *store.Product]]
	usersByID            lazily[*dataloadgen.Loader[string, *store.User]]
	byCategory, byVendor lazily[facets]
}

// lazily is a value, or why there is none, found when it is first asked for.
type lazily[V any] struct {
	once  sync.Once
	value V
	err   error
}

func (l *lazily[V]) get(find func() (V, error)) (V, error) {
	l.once.Do(func() { l.value, l.err = find() })
	return l.value, l.err
}

// facets are the categories or the vendors with visible products.
type facets struct {
	list     []store.Facet
	products map[string]int // by name
}

func newLoaders(ctx context.Context, st store.Store) *loaders {
	return &loaders{ctx: ctx, store: st, ratings: overlay{store: st, userID: IdentityOf(ctx).UserID}}
}

// products loads by id.
func (l *loaders) products(ctx context.Context, ids []string) ([]*store.Product, error) {
	loader, _ := l.productsByID.get(newLoader(l.store.ProductsByID))
	return loader.LoadAll(ctx, ids)
}

// user loads by id.
func (l *loaders) user(ctx context.Context, id string) (*store.User, error) {
	loader, _ := l.usersByID.get(newLoader(l.store.UsersByID))
	return loader.Load(ctx, id)
}

// categories lists those with visible products.
func (l *loaders) categories() (facets, error) {
	return l.byCategory.get(func() (facets, error) { return newFacets(l.store.Categories(l.ctx)) })
}

// vendors lists those with visible products.
func (l *loaders) vendors() (facets, error) {
	return l.byVendor.get(func() (facets, error) { return newFacets(l.store.Vendors(l.ctx)) })
}

type loadersKey struct{}

// withLoaders returns a context with loaders for one response.
func withLoaders(ctx context.Context, st store.Store) context.Context {
	return context.WithValue(ctx, loadersKey{}, newLoaders(ctx, st))
}

// loadersOf returns the response's loaders; fresh ones outside a response, as
// between two events of a subscription.
func loadersOf(ctx context.Context, st store.Store) *loaders {
	if l, ok := ctx.Value(loadersKey{}).(*loaders); ok {
		return l
	}
	return newLoaders(ctx, st)
}

// newLoader makes a loader of what a call finds in the order asked.
func newLoader[V any](load func(context.Context, []string) ([]V, error)) func() (*dataloadgen.Loader[string, V], error) {
	return func() (*dataloadgen.Loader[string, V], error) {
		return dataloadgen.NewLoader(inOrder(load), dataloadgen.WithWait(loadWait), dataloadgen.WithBatchCapacity(store.MaxPage)), nil
	}
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
