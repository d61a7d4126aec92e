package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"valse/store"
)

// putChunk is how many products, users or lists one transaction writes, so that
// a long import does not hold up who else waits for the writer.
const putChunk = 1_000

const productColumns = "id, title, description, category, vendor, price, currency, image_url, published, out_of_stock, hidden, attributes, updated"

// scanProduct reads productColumns.
func scanProduct(row scanner) (store.Product, error) {
	var p store.Product
	err := scanProductAnd(row, &p)
	return p, err
}

// scanProductAnd reads further columns before those of the product.
func scanProductAnd(row scanner, p *store.Product, before ...any) error {
	var published, updated int64
	var attributes string
	err := row.Scan(append(before, &p.ID, &p.Title, &p.Description, &p.Category, &p.Vendor, &p.Price, &p.Currency,
		&p.ImageURL, &published, &p.OutOfStock, &p.Hidden, &attributes, &updated)...)
	if err != nil {
		return err
	}
	p.PublishedAt, p.UpdatedAt = timeOf(published), timeOf(updated)
	p.Attributes, err = parseAttributes(attributes)
	return err
}

// formatAttributes and parseAttributes keep no attributes as an empty object.
func formatAttributes(attributes map[string]string) (string, error) {
	if len(attributes) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}

func parseAttributes(text string) (map[string]string, error) {
	if text == "{}" {
		return nil, nil
	}
	var attributes map[string]string
	if err := json.Unmarshal([]byte(text), &attributes); err != nil {
		return nil, fmt.Errorf("read attributes: %w", err)
	}
	return attributes, nil
}

// sameProduct compares but for what the store sets.
func sameProduct(a, b store.Product) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Description == b.Description && a.Category == b.Category &&
		a.Vendor == b.Vendor && a.Price == b.Price && a.Currency == b.Currency && a.ImageURL == b.ImageURL &&
		micros(a.PublishedAt) == micros(b.PublishedAt) && a.OutOfStock == b.OutOfStock && a.Hidden == b.Hidden &&
		maps.Equal(a.Attributes, b.Attributes)
}

// PutProducts inserts or replaces products by id; see [store.Catalog].
func (s *Store) PutProducts(ctx context.Context, products []store.Product) (created, updated int, err error) {
	for chunk := range slices.Chunk(products, putChunk) {
		var c, u int
		err := s.write(ctx, func(t *tx) (err error) {
			c, u, err = t.putProducts(chunk)
			return err
		})
		if err != nil {
			return created, updated, fmt.Errorf("put products: %w", err)
		}
		created, updated = created+c, updated+u
	}
	return created, updated, nil
}

func (t *tx) putProducts(products []store.Product) (created, updated int, err error) {
	ids := make([]string, len(products))
	for n, p := range products {
		ids[n] = p.ID
	}
	stored := map[string]store.Product{}
	err = t.each(func(row scanner) error {
		p, err := scanProduct(row)
		stored[p.ID] = p
		return err
	}, "SELECT "+productColumns+" FROM products WHERE id IN (SELECT value FROM json_each(?))", jsonArray(ids))
	if err != nil {
		return 0, 0, err
	}
	var changed []store.Product
	for _, p := range products {
		old, known := stored[p.ID]
		if known && sameProduct(old, p) {
			continue
		}
		changed = append(changed, p)
		stored[p.ID] = p
		if known {
			updated++
		} else {
			created++
		}
	}
	if len(changed) == 0 {
		return 0, 0, nil
	}
	if err := t.replaceProducts(changed); err != nil {
		return 0, 0, err
	}
	return created, updated, t.catalogChanged()
}

// replaceProducts inserts or replaces products and their words.
func (t *tx) replaceProducts(products []store.Product) error {
	ids := make([]string, len(products))
	for n, p := range products {
		ids[n] = p.ID
	}
	if err := t.dropWords(ids); err != nil {
		return err
	}
	rows := t.into("products ("+productColumns+")", 13, ` ON CONFLICT (id) DO UPDATE SET title = excluded.title,
		description = excluded.description, category = excluded.category, vendor = excluded.vendor, price = excluded.price,
		currency = excluded.currency, image_url = excluded.image_url, published = excluded.published,
		out_of_stock = excluded.out_of_stock, hidden = excluded.hidden, attributes = excluded.attributes, updated = excluded.updated`)
	for _, p := range products {
		attributes, err := formatAttributes(p.Attributes)
		if err != nil {
			return fmt.Errorf("attributes of product %q: %w", p.ID, err)
		}
		err = rows.add(p.ID, p.Title, p.Description, p.Category, p.Vendor, p.Price, p.Currency,
			p.ImageURL, micros(p.PublishedAt), p.OutOfStock, p.Hidden, attributes, micros(t.now))
		if err != nil {
			return err
		}
	}
	if err := rows.flush(); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO product_words (rowid, title, vendor, category, description)
		SELECT key, title, vendor, category, description FROM products WHERE id IN (SELECT value FROM json_each(?))`, jsonArray(ids))
	return err
}

// dropWords takes products, as they are stored, out of the word index.
func (t *tx) dropWords(ids []string) error {
	_, err := t.exec(`INSERT INTO product_words (product_words, rowid, title, vendor, category, description)
		SELECT 'delete', key, title, vendor, category, description FROM products WHERE id IN (SELECT value FROM json_each(?))`, jsonArray(ids))
	return err
}

// catalogChanged tells readers that products changed.
func (t *tx) catalogChanged() error {
	t.ring(store.NoticeCatalog, "")
	return t.add("catalog", 1)
}

// DeleteProduct removes a product; its interactions stay.
func (s *Store) DeleteProduct(ctx context.Context, id string) error {
	return s.changeProduct(ctx, "delete", id, func(t *tx) (int64, error) {
		if err := t.dropWords([]string{id}); err != nil {
			return 0, err
		}
		return t.exec("DELETE FROM products WHERE id = ?", id)
	})
}

// HideProduct hides or shows a product.
func (s *Store) HideProduct(ctx context.Context, id string, hidden bool) error {
	return s.changeProduct(ctx, "hide", id, func(t *tx) (int64, error) {
		return t.exec("UPDATE products SET hidden = ?, updated = ? WHERE id = ?", hidden, micros(t.now), id)
	})
}

// changeProduct runs a statement on one product. ErrNotFound when it met none.
func (s *Store) changeProduct(ctx context.Context, verb, id string, change func(t *tx) (int64, error)) error {
	err := s.write(ctx, func(t *tx) error {
		n, err := change(t)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return t.catalogChanged()
	})
	if err != nil {
		return fmt.Errorf("%s product %q: %w", verb, id, err)
	}
	return nil
}

// Product returns one product, hidden or not.
func (s *Store) Product(ctx context.Context, id string) (store.Product, error) {
	found, err := s.ProductsByID(ctx, []string{id})
	if err != nil {
		return store.Product{}, err
	}
	if found[0] == nil {
		return store.Product{}, fmt.Errorf("product %q: %w", id, store.ErrNotFound)
	}
	return *found[0], nil
}

// ProductsByID returns products in the order asked, nil where there is none.
func (s *Store) ProductsByID(ctx context.Context, ids []string) ([]*store.Product, error) {
	found := make([]*store.Product, len(ids))
	err := s.read.each(ctx, func(row scanner) error {
		var at int
		p := new(store.Product)
		if err := scanProductAnd(row, p, &at); err != nil {
			return err
		}
		found[at] = p
		return nil
	}, "SELECT j.at, "+productColumns+" FROM (SELECT key AS at, value FROM json_each(?)) j CROSS JOIN products ON id = j.value", jsonArray(ids))
	if err != nil {
		return nil, fmt.Errorf("read products: %w", err)
	}
	return found, nil
}

// EachProduct calls f with every product in batches.
func (s *Store) EachProduct(ctx context.Context, f func([]store.Product) error) error {
	after := ""
	for {
		batch, err := list(ctx, s.read, scanProduct,
			"SELECT "+productColumns+" FROM products WHERE id > ? ORDER BY id LIMIT ?", after, putChunk)
		if err != nil {
			return fmt.Errorf("read all products: %w", err)
		}
		if len(batch) == 0 {
			return nil
		}
		if err := f(batch); err != nil {
			return err
		}
		after = batch[len(batch)-1].ID
	}
}

// Categories returns every category path of visible products, by name.
func (s *Store) Categories(ctx context.Context) ([]store.Facet, error) {
	return s.facets(ctx, "category")
}

// Vendors returns every vendor of visible products, by name.
func (s *Store) Vendors(ctx context.Context) ([]store.Facet, error) {
	return s.facets(ctx, "vendor")
}

func (s *Store) facets(ctx context.Context, column string) ([]store.Facet, error) {
	facets, err := list(ctx, s.read, func(row scanner) (f store.Facet, err error) {
		err = row.Scan(&f.Name, &f.Products)
		return f, err
	}, "SELECT "+column+", count(*) FROM products WHERE hidden = 0 AND "+column+" <> '' GROUP BY "+column+" ORDER BY "+column)
	if err != nil {
		return nil, fmt.Errorf("read %s facets: %w", column, err)
	}
	return facets, nil
}
