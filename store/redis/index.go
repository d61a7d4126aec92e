package redis

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"valse/store"
)

// The catalogue's indexes come in two families, one for visible products and
// one for hidden ones, so that a listing meets none it must leave out; a
// listing for admins merges both. A family has, for each order, a sorted set
// of all products and one for each category and vendor, and sets of ids by
// category, by vendor, by word and by word of the title.

// families names the two families, as keys have them.
var families = [2]string{"visible", "hidden"}

// orderNames names the orders, as keys have them. By match is by title, part by
// part.
var orderNames = [...]string{store.ByTitle: "by-title", store.ByNewest: "by-newest", store.ByPrice: "by-price", store.ByMatch: "by-title"}

// sortKey is what a product is sorted by, as bytes: the title, or 16
// hexadecimal digits. An unknown date comes last, an unknown price too.
func sortKey(p *store.Product, order store.ProductOrder) string {
	switch order {
	case store.ByNewest:
		ascending := uint64(p.PublishedAt.UnixMicro()) ^ 1<<63
		return fmt.Sprintf("%016x", ^ascending)
	case store.ByPrice:
		return fmt.Sprintf("%016x", uint64(p.Price))
	}
	return strings.ReplaceAll(p.Title, "\x00", " ")
}

// orderEntry is a product's member of the sorted sets of an order.
func orderEntry(p *store.Product, order store.ProductOrder) string {
	return sortKey(p, order) + "\x00" + p.ID
}

// productEntries is every index entry of a product.
func productEntries(at slot, p *store.Product) []entry {
	family := families[0]
	if p.Hidden {
		family = families[1]
	}
	own := at + slot(family+":")
	facets := facetsOf(p)
	var entries []entry
	for _, order := range []store.ProductOrder{store.ByTitle, store.ByNewest, store.ByPrice} {
		member := orderEntry(p, order)
		for _, facet := range append(facets, "all") {
			entries = append(entries, entry{kind: "z", key: own.key(orderNames[order] + ":" + facet), member: member})
		}
	}
	for _, facet := range facets {
		entries = append(entries, entry{kind: "s", key: own.key(facet), member: p.ID})
	}
	words, prefixes := wordsOf(p.Title, p.Vendor, p.Category, p.Description)
	for word := range words {
		entries = append(entries,
			entry{kind: "s", key: own.key(anywhere.word + word), member: p.ID},
			entry{kind: "n", key: own.key("words"), member: word, roster: own.key("words:names")})
	}
	for prefix := range prefixes {
		entries = append(entries, entry{kind: "s", key: own.key(anywhere.prefix + prefix), member: p.ID})
	}
	words, prefixes = wordsOf(p.Title)
	for word := range words {
		entries = append(entries, entry{kind: "s", key: own.key(inTitle.word + word), member: p.ID})
	}
	for prefix := range prefixes {
		entries = append(entries, entry{kind: "s", key: own.key(inTitle.prefix + prefix), member: p.ID})
	}
	if !p.Hidden && p.Category != "" {
		entries = append(entries, entry{kind: "n", key: at.key("categories"), member: p.Category})
	}
	if !p.Hidden && p.Vendor != "" {
		entries = append(entries, entry{kind: "n", key: at.key("vendors"), member: p.Vendor})
	}
	return entries
}

// facetsOf names what a product can be filtered by: each category it lies in,
// from the department down, and its vendor.
func facetsOf(p *store.Product) []string {
	var facets []string
	for end := 0; p.Category != "" && end < len(p.Category); {
		if next := strings.Index(p.Category[end:], store.CategorySeparator); next < 0 {
			end = len(p.Category)
		} else {
			end += next
		}
		facets = append(facets, "category:"+p.Category[:end])
		end += len(store.CategorySeparator)
	}
	if p.Vendor != "" {
		facets = append(facets, "vendor:"+p.Vendor)
	}
	return facets
}

// shortPrefix is up to how many runes a prefix has a set of its own: too many
// words begin with it to be looked up one by one.
const shortPrefix = 3

// place is where words of a product stand, and how the keys of their sets begin.
type place struct{ word, prefix string }

var (
	anywhere = place{"word:", "prefix:"}
	inTitle  = place{"title-word:", "title-prefix:"}
)

// wordsOf is the words of some texts, and their short prefixes.
func wordsOf(texts ...string) (words, prefixes map[string]bool) {
	words, prefixes = map[string]bool{}, map[string]bool{}
	for _, text := range texts {
		for _, word := range tokens(text) {
			words[word] = true
			for runes, end := 0, 0; runes < shortPrefix && end < len(word); runes++ {
				_, size := utf8.DecodeRuneInString(word[end:])
				end += size
				prefixes[word[:end]] = true
			}
		}
	}
	return words, prefixes
}

// tokens takes a text apart into words: runs of letters, digits and marks, in
// lower case.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// searchWords is the words of a search: each once, and at the end the one that
// is taken as a prefix.
func searchWords(search string) []string {
	words := tokens(search)
	if len(words) == 0 {
		return nil
	}
	last := len(words) - 1
	prefix := words[last]
	return append(slices.Compact(slices.Sorted(slices.Values(words[:last]))), prefix)
}
