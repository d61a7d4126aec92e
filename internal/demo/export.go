package demo

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"valse/store"
)

// Export writes products.csv, users.csv and interactions.csv into a directory,
// which it creates.
func (s *Shop) Export(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("create %s: %w", dir, err)
	}
	for _, file := range []struct {
		name  string
		write func(context.Context, io.Writer) error
	}{
		{"products.csv", s.WriteProducts},
		{"users.csv", s.WriteUsers},
		{"interactions.csv", s.WriteInteractions},
	} {
		if err := writeFile(ctx, filepath.Join(dir, file.name), file.write); err != nil {
			return fmt.Errorf("write %s: %w", file.name, err)
		}
	}
	return nil
}

func writeFile(ctx context.Context, path string, write func(context.Context, io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	err = write(ctx, b)
	if err == nil {
		err = b.Flush()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// WriteProducts writes the catalogue as CSV. Prices are in units of the
// currency ("24.90"), stock is 0 or 1; the columns after it are attributes.
func (s *Shop) WriteProducts(ctx context.Context, w io.Writer) error {
	var attributes []string
	for i := range s.products {
		for name := range s.products[i].Attributes {
			if at, found := slices.BinarySearch(attributes, name); !found {
				attributes = slices.Insert(attributes, at, name)
			}
		}
	}
	header := []string{"item_id", "title", "description", "category", "vendor", "price", "currency", "image_url", "published_at", "stock"}
	return writeRows(ctx, w, append(header, attributes...), func(yield func([]string) bool) {
		for i := range s.products {
			if !yield(productRow(&s.products[i], attributes)) {
				return
			}
		}
	})
}

func productRow(p *store.Product, attributes []string) []string {
	stock := "1"
	if p.OutOfStock {
		stock = "0"
	}
	row := []string{
		p.ID, p.Title, p.Description, p.Category, p.Vendor,
		fmt.Sprintf("%d.%02d", p.Price/100, p.Price%100), p.Currency, p.ImageURL,
		p.PublishedAt.Format(time.RFC3339), stock,
	}
	for _, name := range attributes {
		row = append(row, p.Attributes[name])
	}
	return row
}

// WriteUsers writes the users as CSV.
func (s *Shop) WriteUsers(ctx context.Context, w io.Writer) error {
	return writeRows(ctx, w, []string{"user_id", "name", "persona", "created_at"}, func(yield func([]string) bool) {
		for u := range s.Users() {
			if !yield([]string{u.ID, u.Name, u.Persona, u.CreatedAt.Format(time.RFC3339)}) {
				return
			}
		}
	})
}

// WriteInteractions writes the interactions as CSV, in the order of
// [Shop.Interactions].
func (s *Shop) WriteInteractions(ctx context.Context, w io.Writer) error {
	header := []string{"user_id", "item_id", "type", "value", "timestamp", "event_id", "basket", "recommendation_id"}
	return writeRows(ctx, w, header, func(yield func([]string) bool) {
		for i := range s.Interactions() {
			row := []string{
				i.UserID, i.ProductID, i.Type.String(), strconv.FormatFloat(i.Value, 'g', -1, 64),
				i.Time.Format(time.RFC3339), i.EventID, i.Basket, i.RecommendationID,
			}
			if !yield(row) {
				return
			}
		}
	})
}

// writeRows writes a header and rows until they end, ctx does or w fails.
func writeRows(ctx context.Context, w io.Writer, header []string, rows func(yield func([]string) bool)) error {
	c := csv.NewWriter(w)
	if err := c.Write(header); err != nil {
		return err
	}
	n := 0
	for row := range rows {
		if err := c.Write(row); err != nil {
			return err
		}
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	c.Flush()
	return c.Error()
}
