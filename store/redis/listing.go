package redis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
)

// maxSearchWords bounds the words of one search.
const maxSearchWords = 64

// maxExpansions bounds how many words a prefix that is not short stands for:
// the first ones, by bytes.
const maxExpansions = 256

// row is one product of a listing, still packed.
type row struct{ entry, record string }

// Products returns one page of a listing. Filtered by category or by vendor
// alone it costs what the page costs. With both, or with words, the server
// intersects their products first, which costs what the rarest of them has;
// the matches are then sorted, or the order is walked until the page is full,
// whichever is expected to touch less. A last word of more than three letters
// stands for at most 256 words.
func (s *Store) Products(ctx context.Context, q store.ProductQuery) (store.ProductPage, error) {
	page := store.ProductPage{}
	limit, err := pageLimit(q.Limit, 20, store.MaxPage)
	if err != nil {
		return page, err
	}
	if int(q.Order) >= len(orderNames) {
		return page, &store.Invalid{Field: "order", Value: fmt.Sprint(q.Order), Want: "a known order"}
	}
	query := fmt.Sprintf("products %q %q %q %v %d", q.Category, q.Vendor, q.Search, q.IncludeHidden, q.Order)
	after, err := decodeCursor(query, q.After)
	if err != nil {
		return page, err
	}
	calls, err := s.listingCalls(ctx, q, after, limit+1)
	if err != nil || len(calls) == 0 {
		return page, err
	}
	answers, err := s.run(ctx, calls...)
	if err != nil {
		return page, err
	}
	rows, total, err := mergeRows(answers)
	if err != nil {
		return page, err
	}
	if page.Total, page.HasNext = total, len(rows) > limit; page.HasNext {
		rows = rows[:limit]
	}
	for _, r := range rows {
		p, err := unpackProduct(r.entry[strings.LastIndexByte(r.entry, 0)+1:], r.record)
		if err != nil {
			return store.ProductPage{}, err
		}
		page.Products = append(page.Products, p)
		page.Cursors = append(page.Cursors, encodeCursor(query, r.entry))
	}
	return page, nil
}

// listingCalls is one script call for each family the query asks for, less
// those where nothing can match.
func (s *Store) listingCalls(ctx context.Context, q store.ProductQuery, after string, rows int) ([]call, error) {
	asked := families[:1]
	if q.IncludeHidden {
		asked = families[:]
	}
	words := searchWords(q.Search)
	if len(words) > maxSearchWords {
		return nil, &store.Invalid{Field: "search", Value: q.Search, Want: fmt.Sprintf("at most %d words", maxSearchWords)}
	}
	expansions, err := s.expand(ctx, asked, words)
	if err != nil {
		return nil, err
	}
	scratch := s.catalog.key("scratch:")
	var calls []call
	for n, family := range asked {
		if long(words) && len(expansions[n]) == 0 {
			continue
		}
		own := s.catalog + slot(family+":")
		terms, narrow := listingTerms(own, q, words)
		keys := []string{own.key(orderNames[q.Order] + ":" + narrow), s.products().records(),
			scratch + "matches", scratch + "union", scratch + "sorted"}
		keys = append(keys, terms...)
		for _, word := range expansions[n] {
			keys = append(keys, own.key("word:"+word))
		}
		calls = append(calls, call{script: listingScript, keys: keys, args: []any{after, rows, int(q.Order), len(terms)}})
	}
	return calls, nil
}

// listingTerms is the sets that a query intersects, a long prefix apart, and the
// facet whose order is walked. A single facet needs no intersection: its order
// holds what matches.
func listingTerms(own slot, q store.ProductQuery, words []string) (terms []string, narrow string) {
	narrow = "all"
	for _, facet := range []struct{ kind, name string }{{"vendor:", q.Vendor}, {"category:", q.Category}} {
		if facet.name != "" {
			narrow = facet.kind + facet.name
			terms = append(terms, own.key(narrow))
		}
	}
	if len(words) == 0 {
		if len(terms) == 1 {
			terms = nil
		}
		return terms, narrow
	}
	last := len(words) - 1
	for _, word := range words[:last] {
		terms = append(terms, own.key("word:"+word))
	}
	if !long(words) {
		terms = append(terms, own.key("prefix:"+words[last]))
	}
	return terms, narrow
}

// long reports whether a search ends in a prefix that has no set of its own.
func long(words []string) bool {
	return len(words) > 0 && utf8.RuneCountInString(words[len(words)-1]) > shortPrefix
}

// expand finds, for each family, the words that a long last word begins.
func (s *Store) expand(ctx context.Context, asked, words []string) ([][]string, error) {
	expansions := make([][]string, len(asked))
	if !long(words) {
		return expansions, nil
	}
	prefix := words[len(words)-1]
	pipe := s.client.Pipeline()
	commands := make([]*goredis.StringSliceCmd, len(asked))
	for n, family := range asked {
		commands[n] = pipe.ZRangeByLex(ctx, s.catalog.key(family+":words:names"), prefixRange(prefix, maxExpansions))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, translate("search", err)
	}
	for n, command := range commands {
		expansions[n] = command.Val()
	}
	return expansions, nil
}

// prefixRange is the range of what starts with a prefix. No UTF-8 text has a
// byte 255.
func prefixRange(prefix string, most int) *goredis.ZRangeBy {
	if prefix == "" {
		return &goredis.ZRangeBy{Min: "-", Max: "+", Count: int64(most)}
	}
	return &goredis.ZRangeBy{Min: "[" + prefix, Max: "(" + prefix + "\xff", Count: int64(most)}
}

// mergeRows brings the families' rows into one order and adds up their totals.
func mergeRows(answers []any) (rows []row, total int, err error) {
	for _, answer := range answers {
		list, _ := answer.([]any)
		if len(list) == 0 {
			return nil, 0, fmt.Errorf("redis: a page answered %v", answer)
		}
		matches, _ := list[0].(int64)
		pairs, err := texts(list[1:])
		if err != nil {
			return nil, 0, err
		}
		total += int(matches)
		for n := 0; n+1 < len(pairs); n += 2 {
			rows = append(rows, row{pairs[n], pairs[n+1]})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.entry, b.entry) })
	return rows, total, nil
}
