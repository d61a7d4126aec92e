package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"valse/store"
)

// maxWords bounds how many different words a search may have.
const maxWords = 64

// Products returns one page of a listing; see [store.Catalog].
func (s *Store) Products(ctx context.Context, q store.ProductQuery) (store.ProductPage, error) {
	limit, err := pageLimit(q.Limit, 20, store.MaxPage)
	if err != nil {
		return store.ProductPage{}, err
	}
	f, err := filterOf(q)
	if err != nil {
		return store.ProductPage{}, err
	}
	var page store.ProductPage
	err = s.read.get(ctx, []any{&page.Total}, "SELECT count(*) FROM products WHERE "+f.where(), f.args...)
	if err != nil {
		return store.ProductPage{}, fmt.Errorf("count products: %w", err)
	}

	order := orderOf(q.Order)
	query := queryHash("products", q.Category, q.Vendor, q.Search, q.IncludeHidden, q.Order)
	var after cursor
	if q.After != "" {
		if after, err = decodeCursor("after", q.After, query); err != nil {
			return store.ProductPage{}, err
		}
	}
	parts, first := partsOf(q, f), order.part(after)
	if first < 0 || first >= len(parts) {
		return store.ProductPage{}, foreignCursor("after", q.After)
	}
	for n := first; n < len(parts) && !page.HasNext; n++ {
		if q.After != "" && n == first {
			parts[n].and("("+order.column+", id) > (?, ?)", order.place(after), after.id)
		}
		left := limit - len(page.Products)
		products, err := list(ctx, s.read, scanProduct, "SELECT "+productColumns+" FROM products WHERE "+parts[n].where()+
			" ORDER BY "+order.column+", id LIMIT ?", append(parts[n].args, left+1)...)
		if err != nil {
			return store.ProductPage{}, fmt.Errorf("list products: %w", err)
		}
		page.HasNext = len(products) > left
		for i := range products[:min(left, len(products))] {
			c := order.cursor(&products[i])
			if order.parted {
				c.number = int64(n)
			}
			page.Products, page.Cursors = append(page.Products, products[i]), append(page.Cursors, c.encode(query))
		}
	}
	return page, nil
}

// partsOf are the parts of a listing that follow each other: by match first
// what has all words in its title.
func partsOf(q store.ProductQuery, f *filter) []*filter {
	words := searchWords(q.Search)
	if q.Order != store.ByMatch || len(words) == 0 {
		return []*filter{f}
	}
	inTitle := "{title} : (" + matchAll(words) + ")"
	parts := []*filter{f.clone(), f.clone()}
	parts[0].and("key IN (SELECT rowid FROM product_words WHERE product_words MATCH ?)", inTitle)
	parts[1].and("key NOT IN (SELECT rowid FROM product_words WHERE product_words MATCH ?)", inTitle)
	return parts
}

// filter is the WHERE of a listing, in parts that must all hold.
type filter struct {
	parts []string
	args  []any
}

func (f *filter) and(part string, args ...any) {
	f.parts = append(f.parts, part)
	f.args = append(f.args, args...)
}

func (f *filter) clone() *filter {
	return &filter{slices.Clone(f.parts), slices.Clone(f.args)}
}

func (f *filter) where() string {
	if len(f.parts) == 0 {
		return "true"
	}
	return strings.Join(f.parts, " AND ")
}

func filterOf(q store.ProductQuery) (*filter, error) {
	f := &filter{}
	if !q.IncludeHidden {
		f.and("hidden = 0")
	}
	if q.Category != "" {
		below := q.Category + store.CategorySeparator
		f.and("(category = ? OR category >= ? AND category < ?)", q.Category, below, prefixEnd(below))
	}
	if q.Vendor != "" {
		f.and("vendor = ?", q.Vendor)
	}
	words := searchWords(q.Search)
	if len(words) > maxWords {
		return nil, &store.Invalid{Field: "search", Value: fmt.Sprintf("%d words", len(words)), Want: fmt.Sprintf("at most %d words", maxWords)}
	}
	if len(words) > 0 {
		f.and("key IN (SELECT rowid FROM product_words WHERE product_words MATCH ?)", matchAll(words))
	}
	return f, nil
}

// prefixEnd is the first text above all that begin with the prefix, which is
// not empty.
func prefixEnd(prefix string) string {
	b := []byte(prefix)
	b[len(b)-1]++ // never overflows: no byte of UTF-8 is 255
	return string(b)
}

// searchWords parts a search into different words; the last one stays last.
func searchWords(search string) []string {
	fields := strings.FieldsFunc(search, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	var words []string
	seen := map[string]bool{}
	for n, word := range fields {
		if n == len(fields)-1 || !seen[word] {
			words = append(words, word)
		}
		seen[word] = true
	}
	return words
}

// matchAll asks the word index for all words, the last as a prefix. Quoted,
// none is taken for an operator.
func matchAll(words []string) string {
	return `"` + strings.Join(words, `" "`) + `"*`
}

// listOrder is an order of products by one column, ties by id.
type listOrder struct {
	column string
	text   bool // else the column is a number
	parted bool // the listing may have parts, and a cursor's number is its part
	cursor func(p *store.Product) cursor
}

func orderOf(order store.ProductOrder) listOrder {
	switch order {
	case store.ByNewest:
		return listOrder{column: "age", cursor: func(p *store.Product) cursor {
			return cursor{number: -micros(p.PublishedAt), id: p.ID}
		}}
	case store.ByPrice:
		return listOrder{column: "cost", cursor: func(p *store.Product) cursor {
			if p.Price < 0 {
				return cursor{number: 1<<63 - 1, id: p.ID}
			}
			return cursor{number: p.Price, id: p.ID}
		}}
	default:
		return listOrder{column: "title", text: true, parted: order == store.ByMatch, cursor: func(p *store.Product) cursor {
			return cursor{text: p.Title, id: p.ID}
		}}
	}
}

// part is the part of a listing that the cursor stands in.
func (o listOrder) part(c cursor) int {
	if o.parted {
		return int(c.number)
	}
	return 0
}

// place is the cursor's sort key.
func (o listOrder) place(c cursor) any {
	if o.text {
		return c.text
	}
	return c.number
}
