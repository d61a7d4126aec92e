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
// whichever is expected to touch less; by match that is done for both parts. A
// last word of more than three letters stands for at most 256 words.
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
	calls, parts, err := s.listingCalls(ctx, q, after, limit+1)
	if err != nil || len(calls) == 0 {
		return page, err
	}
	answers, err := s.run(ctx, calls...)
	if err != nil {
		return page, err
	}
	rows, total, err := mergeRows(parts, answers)
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

// part is a part of a listing: by match, first comes what has all words in its
// title. Every other listing is one part.
type part struct {
	name   string // begins the entries of the part, and so its cursors
	words  place
	except bool   // what has all words in its title is left out
	after  string // entry to start after
	within bool   // its total is within that of the next part
}

// partsOf are the parts of a listing from a cursor's place on.
func partsOf(q store.ProductQuery, words []string, after string) []part {
	if q.Order != store.ByMatch || len(words) == 0 {
		return []part{{words: anywhere, after: after}}
	}
	parts := []part{{name: "0", words: inTitle, within: true}, {name: "1", words: anywhere, except: true}}
	if strings.HasPrefix(after, parts[1].name) {
		parts = parts[1:]
	}
	if after != "" {
		parts[0].after = after[1:]
	}
	return parts
}

// listingCalls is one script call for each part and each family the query asks
// for, less those where nothing can match, and the part that each is for.
func (s *Store) listingCalls(ctx context.Context, q store.ProductQuery, after string, rows int) (calls []call, parts []part, err error) {
	asked := families[:1]
	if q.IncludeHidden {
		asked = families[:]
	}
	words := searchWords(q.Search)
	if len(words) > maxSearchWords {
		return nil, nil, &store.Invalid{Field: "search", Value: q.Search, Want: fmt.Sprintf("at most %d words", maxSearchWords)}
	}
	expansions, err := s.expand(ctx, asked, words)
	if err != nil {
		return nil, nil, err
	}
	for n, family := range asked {
		if long(words) && len(expansions[n]) == 0 {
			continue
		}
		for _, p := range partsOf(q, words, after) {
			calls = append(calls, s.listingCall(s.catalog+slot(family+":"), q, p, words, expansions[n], rows))
			parts = append(parts, p)
		}
	}
	return calls, parts, nil
}

// listingCall is the call for one part of one family.
func (s *Store) listingCall(own slot, q store.ProductQuery, p part, words, expansions []string, rows int) call {
	terms, narrow := facetTerms(own, q)
	terms = append(terms, wordTerms(own, p.words, words)...)
	if len(words) == 0 && len(terms) == 1 {
		terms = nil // the order of a single facet holds what matches
	}
	scratch := s.catalog.key("scratch:")
	keys := []string{own.key(orderNames[q.Order] + ":" + narrow), s.products().records(),
		scratch + "matches", scratch + "union", scratch + "sorted"}
	keys = append(keys, terms...)
	expand := func(at place) {
		for _, word := range expansions {
			keys = append(keys, own.key(at.word+word))
		}
	}
	expand(p.words)
	excepted := 0
	if p.except {
		left := wordTerms(own, inTitle, words)
		keys, excepted = append(keys, left...), len(left)
		expand(inTitle)
	}
	order := q.Order
	if order == store.ByMatch {
		order = store.ByTitle
	}
	return call{script: listingScript, keys: keys, args: []any{p.after, rows, int(order), len(terms), len(expansions), excepted}}
}

// facetTerms is the sets of a query's facets, and the facet whose order is
// walked.
func facetTerms(own slot, q store.ProductQuery) (terms []string, narrow string) {
	narrow = "all"
	for _, facet := range []struct{ kind, name string }{{"vendor:", q.Vendor}, {"category:", q.Category}} {
		if facet.name != "" {
			narrow = facet.kind + facet.name
			terms = append(terms, own.key(narrow))
		}
	}
	return terms, narrow
}

// wordTerms is the sets of what has all words in a place, a long prefix apart.
func wordTerms(own slot, at place, words []string) (terms []string) {
	for n, word := range words {
		if n < len(words)-1 {
			terms = append(terms, own.key(at.word+word))
		} else if !long(words) {
			terms = append(terms, own.key(at.prefix+word))
		}
	}
	return terms
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

// mergeRows brings the rows of all parts and families into one order and adds up
// their totals.
func mergeRows(parts []part, answers []any) (rows []row, total int, err error) {
	for n, answer := range answers {
		list, _ := answer.([]any)
		if len(list) == 0 {
			return nil, 0, fmt.Errorf("redis: a page answered %v", answer)
		}
		matches, _ := list[0].(int64)
		pairs, err := texts(list[1:])
		if err != nil {
			return nil, 0, err
		}
		if !parts[n].within {
			total += int(matches)
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			rows = append(rows, row{parts[n].name + pairs[i], pairs[i+1]})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.entry, b.entry) })
	return rows, total, nil
}
