package live

import (
	"context"
	"errors"
	"fmt"
	"time"

	"valse/engine"
	"valse/store"
)

// renewKey loads the key of list ids once.
func (k *keeper) renewKey(ctx context.Context) (changed bool, err error) {
	known := k.seal.Load() != nil
	_, err = k.sealer(ctx)
	return !known && err == nil, err
}

// modelPart is the published model, prepared.
type modelPart struct {
	published string
	ranker    *engine.Ranker
}

// renewModel loads what is published unless it serves already. When it cannot
// be loaded, the model before it keeps serving.
func (k *keeper) renewModel(ctx context.Context) (changed bool, err error) {
	p, err := k.store.Published(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	changed = k.model.published != p.ModelID
	k.model.published = p.ModelID
	if k.model.ranker.ModelID() == p.ModelID {
		return changed, nil
	}
	m, err := k.loader.Model(ctx, p.ModelID)
	if err != nil {
		return changed, fmt.Errorf("load model %s: %w", p.ModelID, err)
	}
	ranker, err := engine.NewRanker(m)
	if err != nil {
		return changed, err
	}
	k.model.ranker = ranker
	return true, nil
}

// cataloguePart is every product as last read.
type cataloguePart struct {
	version  int64
	read     bool
	products []store.Product
	took     time.Duration // to read them

	joined *engine.Catalogue // of the products and the ranker below
	ranker *engine.Ranker
}

// renewCatalogue reads all products if any changed.
func (k *keeper) renewCatalogue(ctx context.Context) (changed bool, err error) {
	version, err := k.store.CatalogVersion(ctx)
	if err != nil || k.catalogue.read && version == k.catalogue.version {
		return false, err
	}
	begin := time.Now()
	var products []store.Product
	err = k.store.EachProduct(ctx, func(batch []store.Product) error {
		for _, p := range batch {
			p = engine.Slim(p)
			products = append(products, p)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	k.catalogue = cataloguePart{version: version, read: true, products: products, took: time.Since(begin)}
	return true, nil
}

// view numbers the products for a ranker, anew only when either changed.
func (c *cataloguePart) view(r *engine.Ranker) *engine.Catalogue {
	if c.joined == nil || c.ranker != r {
		c.joined, c.ranker = engine.NewCatalogue(c.products, r.ProductIDs()), r
	}
	return c.joined
}

// popularityPart adds up day counts in two halves: those from before yesterday,
// read seldom, and those since, read often.
type popularityPart struct {
	version       int64
	today         store.Day
	older, recent *engine.Popularity
}

func (p *popularityPart) sum() *engine.Popularity { return p.older.Plus(p.recent) }

// renewPopularity reads the last two days if there were interactions, and
// everything when older counts or the day changed.
func (k *keeper) renewPopularity(ctx context.Context) (changed bool, err error) {
	p := &k.popularity
	version, err := k.store.CountsVersion(ctx)
	if err != nil {
		return false, err
	}
	today := store.DayOf(k.o.Clock())
	all := p.older == nil || version != p.version || today != p.today
	if news := k.countsChanged.Swap(false); !news && !all {
		return false, nil
	}
	from, yesterday := today-1, today-1
	if all {
		from = 0
	}
	options := engine.PopularityOptions{Today: today, HalfLife: k.o.HalfLife}
	older, recent := engine.NewPopularity(nil, options), engine.NewPopularity(nil, options)
	err = k.store.Counts(ctx, from, func(c store.Count) error {
		if c.Day < yesterday {
			older.Add(c)
		} else {
			recent.Add(c)
		}
		return nil
	})
	if err != nil {
		k.countsChanged.Store(true)
		return false, err
	}
	p.recent = recent
	if all {
		p.older, p.version, p.today = older, version, today
	}
	return true, nil
}
