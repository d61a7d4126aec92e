package graph

import (
	"cmp"
	"time"
)

// Limits bound what one operation may cost. Zero means the default.
type Limits struct {
	// Body is the size of a request or WebSocket message in bytes; 256 KiB.
	Body int64
	// Document is the size of a GraphQL document in bytes; 15,000.
	Document int
	// Tokens of a document; 1,000.
	Tokens int
	// Depth of nested selections, fragments expanded, introspection not
	// counted; 10.
	Depth int
	// Fields of a document after expanding its fragments; 1,000.
	Fields int
	// Roots are the fields at an operation's top; 10.
	Roots int
	// Cost of an operation: each field costs 1 and what is below a list costs
	// as often as the list is long; 10,000.
	Cost int
	// Time that a query or mutation may take; 15 s.
	Time time.Duration
	// Ping is the pause between signs of life on an open stream; 10 s.
	Ping time.Duration
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Body:     cmp.Or(l.Body, 256<<10),
		Document: cmp.Or(l.Document, 15_000),
		Tokens:   cmp.Or(l.Tokens, 1_000),
		Depth:    cmp.Or(l.Depth, 10),
		Fields:   cmp.Or(l.Fields, 1_000),
		Roots:    cmp.Or(l.Roots, 10),
		Cost:     cmp.Or(l.Cost, 10_000),
		Time:     cmp.Or(l.Time, 15*time.Second),
		Ping:     cmp.Or(l.Ping, 10*time.Second),
	}
}
