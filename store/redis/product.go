package redis

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// productHeader is the length of a product's record before its title: time of
// change in 16 digits of microseconds, sort keys by newest and by price in 16
// hexadecimal digits each.
const productHeader = 48

// productRecord is the JSON that ends a product's record. The id is the field
// it is stored under, the title stands before it, up to a NUL.
type productRecord struct {
	Title       string            `json:"t,omitempty"`
	Description string            `json:"d,omitempty"`
	Category    string            `json:"c,omitempty"`
	Vendor      string            `json:"v,omitempty"`
	Price       int64             `json:"p,omitempty"`
	Currency    string            `json:"u,omitempty"`
	ImageURL    string            `json:"i,omitempty"`
	PublishedAt time.Time         `json:"a,omitzero"`
	OutOfStock  bool              `json:"o,omitempty"`
	Hidden      bool              `json:"h,omitempty"`
	Attributes  map[string]string `json:"x,omitempty"`
}

// packProduct makes a product's record, without its time of change.
func packProduct(p *store.Product) (string, error) {
	body, err := json.Marshal(productRecord{
		Title: p.Title, Description: p.Description, Category: p.Category, Vendor: p.Vendor,
		Price: p.Price, Currency: p.Currency, ImageURL: p.ImageURL, PublishedAt: p.PublishedAt.UTC(),
		OutOfStock: p.OutOfStock, Hidden: p.Hidden, Attributes: p.Attributes,
	})
	if err != nil {
		return "", fmt.Errorf("product %q: %w", p.ID, err)
	}
	return sortKey(p, store.ByNewest) + sortKey(p, store.ByPrice) + sortKey(p, store.ByTitle) + "\x00" + string(body), nil
}

// unpackProduct reads a product's record.
func unpackProduct(id, record string) (store.Product, error) {
	damaged := fmt.Errorf("product %q: %w", id, errPacked)
	if len(record) < productHeader {
		return store.Product{}, damaged
	}
	changed, err := strconv.ParseInt(record[:16], 10, 64)
	_, body, found := strings.Cut(record[productHeader:], "\x00")
	var r productRecord
	if err != nil || !found || json.Unmarshal([]byte(body), &r) != nil {
		return store.Product{}, damaged
	}
	return store.Product{
		ID: id, Title: r.Title, Description: r.Description, Category: r.Category, Vendor: r.Vendor,
		Price: r.Price, Currency: r.Currency, ImageURL: r.ImageURL, PublishedAt: r.PublishedAt,
		OutOfStock: r.OutOfStock, Hidden: r.Hidden, Attributes: r.Attributes,
		UpdatedAt: time.UnixMicro(changed).UTC(),
	}, nil
}

// products is the catalogue's table.
func (s *Store) products() table { return table{s.catalog, "products"} }

// PutProducts inserts or replaces products by id.
func (s *Store) PutProducts(ctx context.Context, products []store.Product) (inserted, changed int, err error) {
	amendments := make([]amendment, len(products))
	for n := range products {
		p := &products[n]
		if err := store.ValidateID(fmt.Sprintf("products[%d].id", n), p.ID); err != nil {
			return 0, 0, err
		}
		amendments[n] = amendment{p.ID, func(stored string) (string, []entry, []entry, error) {
			return s.replaceProduct(stored, p)
		}}
	}
	effects, err := s.amend(ctx, s.products(), amendments)
	inserted, changed = tally(effects, created), tally(effects, updated)
	if inserted+changed > 0 {
		s.ring(ctx, store.NoticeCatalog, "")
	}
	return inserted, changed, err
}

// replaceProduct computes what replacing a stored product takes: nothing when
// it is equal but for its time of change.
func (s *Store) replaceProduct(stored string, p *store.Product) (record string, before, after []entry, err error) {
	if record, err = packProduct(p); err != nil {
		return "", nil, nil, err
	}
	if stored != "" {
		if stored[16:] == record {
			return stored, nil, nil, nil
		}
		was, err := unpackProduct(p.ID, stored)
		if err != nil {
			return "", nil, nil, err
		}
		before = productEntries(s.catalog, &was)
	}
	return stamp(s.now().UnixMicro()) + record, before, productEntries(s.catalog, p), nil
}

// DeleteProduct removes a product. ErrNotFound.
func (s *Store) DeleteProduct(ctx context.Context, id string) error {
	return s.amendProduct(ctx, id, func(stored string, was *store.Product) (string, []entry, []entry, error) {
		return "", productEntries(s.catalog, was), nil, nil
	})
}

// HideProduct hides or shows a product. ErrNotFound.
func (s *Store) HideProduct(ctx context.Context, id string, hidden bool) error {
	return s.amendProduct(ctx, id, func(stored string, was *store.Product) (string, []entry, []entry, error) {
		p := *was
		p.Hidden = hidden
		return s.replaceProduct(stored, &p)
	})
}

// amendProduct changes a product that must be there.
func (s *Store) amendProduct(ctx context.Context, id string, next func(stored string, was *store.Product) (string, []entry, []entry, error)) error {
	effects, err := s.amend(ctx, s.products(), []amendment{{id, func(stored string) (string, []entry, []entry, error) {
		if stored == "" {
			return "", nil, nil, fmt.Errorf("product %q: %w", id, store.ErrNotFound)
		}
		was, err := unpackProduct(id, stored)
		if err != nil {
			return "", nil, nil, err
		}
		return next(stored, &was)
	}}})
	if err == nil && effects[0] != unchanged {
		s.ring(ctx, store.NoticeCatalog, "")
	}
	return err
}

// Product returns one product, hidden or not. ErrNotFound.
func (s *Store) Product(ctx context.Context, id string) (store.Product, error) {
	record, err := s.record(ctx, s.products(), id)
	if err != nil {
		return store.Product{}, err
	}
	return unpackProduct(id, record)
}

// ProductsByID returns products in the order asked, nil where there is none.
func (s *Store) ProductsByID(ctx context.Context, ids []string) ([]*store.Product, error) {
	records, err := s.records(ctx, s.products(), ids)
	if err != nil {
		return nil, err
	}
	products := make([]*store.Product, len(ids))
	for n, record := range records {
		if record == "" {
			continue
		}
		p, err := unpackProduct(ids[n], record)
		if err != nil {
			return nil, err
		}
		products[n] = &p
	}
	return products, nil
}

// EachProduct calls f with every product in batches, by id.
func (s *Store) EachProduct(ctx context.Context, f func([]store.Product) error) error {
	return s.walk(ctx, s.products(), func(ids, records []string) error {
		batch := make([]store.Product, 0, len(ids))
		for n, record := range records {
			if record == "" {
				continue // deleted since its id was read
			}
			p, err := unpackProduct(ids[n], record)
			if err != nil {
				return err
			}
			batch = append(batch, p)
		}
		return f(batch)
	})
}

// CatalogVersion grows whenever a product is put, hidden or deleted.
func (s *Store) CatalogVersion(ctx context.Context) (int64, error) {
	return s.versionOf(ctx, s.products())
}

// Categories returns every category path of visible products, by name.
func (s *Store) Categories(ctx context.Context) ([]store.Facet, error) {
	return s.facets(ctx, "categories")
}

// Vendors returns every vendor of visible products, by name.
func (s *Store) Vendors(ctx context.Context) ([]store.Facet, error) {
	return s.facets(ctx, "vendors")
}

// facets reads a hash of counts by name.
func (s *Store) facets(ctx context.Context, name string) ([]store.Facet, error) {
	counts, err := s.client.HGetAll(ctx, s.catalog.key(name)).Result()
	if err != nil {
		return nil, translate(name, err)
	}
	facets := make([]store.Facet, 0, len(counts))
	for _, facet := range slices.Sorted(maps.Keys(counts)) {
		n, err := strconv.Atoi(counts[facet])
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", name, facet, errPacked)
		}
		facets = append(facets, store.Facet{Name: facet, Products: n})
	}
	return facets, nil
}
