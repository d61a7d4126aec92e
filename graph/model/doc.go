// Package model holds the schema's types in Go: views of the domain's types
// with the methods a resolver would otherwise need, and, in models_gen.go,
// what the generator makes of the rest (payloads, inputs, edges).
//
// A view embeds the domain value it shows and overrides what the schema shows
// differently: global ids, null for what is empty or zero, maps as sorted lists.
// A view never asks a store; fields that have to are resolvers.
package model

import (
	"slices"
	"strings"
)

// optional returns nil for the zero value: null in the schema.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// attributes lists a map by name.
func attributes(m map[string]string) []Attribute {
	list := make([]Attribute, 0, len(m))
	for name, value := range m {
		list = append(list, Attribute{Name: name, Value: value})
	}
	slices.SortFunc(list, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	return list
}
