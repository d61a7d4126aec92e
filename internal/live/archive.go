package live

import (
	"context"
	"slices"
	"sync"

	"valse/engine"
	"valse/internal/rulebook"
	"valse/store"
)

// stock is what lists are made of besides a model, as of one moment.
type stock struct {
	version    int64 // of the catalogue
	products   []store.Product
	popularity *engine.Popularity
	pairs      *engine.Pairs
	books      *rulebook.Books
}

// archive has models other than the published one ready to answer: those of an
// experiment, and those that were asked for last.
type archive struct {
	loader ModelLoader

	mu     sync.Mutex
	latest []*archived // used last first, at most maxArchived
}

// maxArchived bounds the models in memory besides the published one: two of an
// experiment and two that are compared.
const maxArchived = 4

// archived is one model, joined with the newest stock when it is asked for.
type archived struct {
	modelID string

	mu        sync.Mutex // held while loading and joining: others wait
	ranker    *engine.Ranker
	version   int64 // of the catalogue below
	catalogue *engine.Catalogue
	base      *state // that made was made for
	made      *state
}

// under returns a state that answers as st does, but from another model. It is
// store.ErrNotFound when that is not kept.
func (a *archive) under(ctx context.Context, st *state, modelID string) (*state, error) {
	if modelID == "" || modelID == st.recommender.ModelID() {
		return st, nil
	}
	made, err := a.find(modelID).under(ctx, a.loader, st)
	if err != nil {
		a.forget(modelID)
		return nil, err
	}
	return made, nil
}

// find returns the place of a model, which is then the one used last.
func (a *archive) find(modelID string) *archived {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := slices.IndexFunc(a.latest, func(m *archived) bool { return m.modelID == modelID })
	m := &archived{modelID: modelID}
	if at >= 0 {
		m = a.latest[at]
		a.latest = slices.Delete(a.latest, at, at+1)
	}
	a.latest = slices.Insert(a.latest, 0, m)
	a.latest = a.latest[:min(len(a.latest), maxArchived)]
	return m
}

func (a *archive) forget(modelID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.latest = slices.DeleteFunc(a.latest, func(m *archived) bool { return m.modelID == modelID })
}

func (m *archived) under(ctx context.Context, loader ModelLoader, st *state) (*state, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ranker == nil {
		model, err := loader.Model(ctx, m.modelID)
		if err != nil {
			return nil, err
		}
		if m.ranker, err = engine.NewRanker(model); err != nil {
			return nil, err
		}
	}
	if m.base == st {
		return m.made, nil
	}
	if m.catalogue == nil || m.version != st.stock.version {
		m.version, m.catalogue = st.stock.version, engine.NewCatalogue(st.stock.products, m.ranker.ProductIDs())
	}
	made := *st
	made.recommender = engine.NewRecommender(m.ranker, m.catalogue, st.stock.popularity, st.stock.pairs)
	made.library = newLibrary(st.stock.books, m.catalogue)
	made.rules = made.library.prepare(st.book)
	made.published = m.modelID
	m.base, m.made = st, &made
	return m.made, nil
}
