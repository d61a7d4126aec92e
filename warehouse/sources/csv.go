package sources

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"valse/store"
)

// CSV reads tables with a header: interactions, products and users.
type CSV struct{}

// Name implements [Source].
func (CSV) Name() string { return "csv" }

// Describe implements [Source].
func (CSV) Describe() string {
	return "interactions.csv (user_id,item_id,type,value,timestamp), products.csv (item_id,title,…), users.csv (user_id,name,…)"
}

// Open implements [Source].
func (CSV) Open(in Input) (Reader, error) {
	in, err := layout{
		interactions: []string{"interactions.csv"}, products: []string{"products.csv", "items.csv"}, users: []string{"users.csv"},
	}.place(in)
	return csvReader{in}, err
}

type csvReader struct{ in Input }

func (r csvReader) Files() []string { return r.in.files() }

func (r csvReader) Read(ctx context.Context, pass *Pass) error {
	return readTables(ctx, pass, r.in, func(name string, required []string, f func(Place, record) error) error {
		return pass.eachCSV(ctx, name, func(header []string) error {
			return checkHeader(name, header, required)
		}, func(at Place, header, values []string) error {
			row := make(record, len(header))
			for i, value := range values {
				row[header[i]] = value
			}
			return f(at, row)
		})
	})
}

// tableReader calls f with each row of a file that has at least the required
// fields.
type tableReader func(name string, required []string, f func(Place, record) error) error

// readTables reads the tables of an input, products and users first.
func readTables(ctx context.Context, pass *Pass, in Input, read tableReader) error {
	if in.Products != "" {
		if err := read(in.Products, []string{"item_id|product_id|id"}, func(at Place, row record) error {
			product, err := row.product()
			if err != nil {
				return pass.rejectInvalid(ctx, at, err)
			}
			return pass.Product(ctx, at, product)
		}); err != nil {
			return err
		}
	}
	if in.Users != "" {
		if err := read(in.Users, []string{"user_id|id"}, func(at Place, row record) error {
			user, err := row.user()
			if err != nil {
				return pass.rejectInvalid(ctx, at, err)
			}
			return pass.User(ctx, at, user)
		}); err != nil {
			return err
		}
	}
	if in.Interactions == "" {
		return nil
	}
	return read(in.Interactions, []string{"user_id", "item_id|product_id", "type", "timestamp|time"}, func(at Place, row record) error {
		interaction, err := row.interaction()
		for _, field := range slices.Sorted(maps.Keys(row)) {
			pass.Note(fmt.Sprintf("%s: column %s is not used", at.File, field))
		}
		if err != nil {
			return pass.rejectInvalid(ctx, at, err)
		}
		return pass.Interaction(ctx, at, interaction)
	})
}

// checkHeader checks that the header names each field once and all that are
// required; "a|b" requires one of the two.
func checkHeader(name string, header, required []string) error {
	refuse := func(want string) error {
		return fmt.Errorf("%s:1: %w", filepath.Base(name), &store.Invalid{Field: "header", Value: shorten(strings.Join(header, ",")), Want: want})
	}
	if len(header) > maxColumns {
		return refuse(fmt.Sprintf("at most %d columns", maxColumns))
	}
	for i, field := range header {
		if field == "" || slices.Contains(header[:i], field) {
			return refuse("a name for each column, each once")
		}
	}
	for _, names := range required {
		if !slices.ContainsFunc(strings.Split(names, "|"), func(n string) bool { return slices.Contains(header, n) }) {
			return refuse("complete: the column " + strings.ReplaceAll(names, "|", " or ") + " is missing")
		}
	}
	return nil
}

// maxColumns bounds the columns of a table.
const maxColumns = 1000

// eachCSV calls onHeader with the header of a CSV file, lower case, and then f
// with each row that has as many values; others are rejected. The slices are
// good until f returns.
func (p *Pass) eachCSV(ctx context.Context, name string, onHeader func([]string) error, f func(at Place, header, values []string) error) error {
	file, err := p.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	row := &bounded{file, maxLine}
	rows := csv.NewReader(row)
	rows.ReuseRecord = true
	rows.FieldsPerRecord = -1
	at := Place{File: filepath.Base(name), Line: 1}
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", at.File, &store.Invalid{Field: "file", Want: "a table: it is empty"})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at.File, err)
	}
	header = slices.Clone(header)
	for i, field := range header {
		header[i] = strings.ToLower(strings.TrimSpace(field))
	}
	if err := onHeader(header); err != nil {
		return err
	}
	for {
		row.left = maxLine
		values, err := rows.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return ctx.Err()
		case errors.As(err, &syntax):
			at.Line = syntax.StartLine
			err = p.Reject(ctx, Reject{Place: at, Reason: "not CSV: " + syntax.Err.Error()})
		case err != nil:
			return fmt.Errorf("%s:%d: %w", at.File, at.Line+1, err)
		case len(values) != len(header):
			at.Line, _ = rows.FieldPos(0)
			err = p.Reject(ctx, Reject{Place: at, Field: "row", Value: strings.Join(values, ","), Reason: fmt.Sprintf("not %d values", len(header))})
		default:
			at.Line, _ = rows.FieldPos(0)
			err = f(at, header, values)
		}
		if err != nil {
			return err
		}
	}
}
