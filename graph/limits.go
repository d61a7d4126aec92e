package graph

import (
	"cmp"
	"runtime"
	"time"
)

// Limits bound what one caller and one operation may cost. Zero means the
// default.
type Limits struct {
	// Body is the size of a request or WebSocket message in bytes; 256 KiB.
	Body int64
	// Document is the size of a GraphQL document in bytes; 15,000.
	Document int
	// Tokens of a document; 1,000.
	Tokens int
	// Depth of nested selections, fragments expanded, introspection not
	// counted; 8.
	Depth int
	// Fields of a document after expanding its fragments, introspection not
	// counted; 200.
	Fields int
	// Roots are the fields at the top of an operation after expanding its
	// fragments; 10.
	Roots int
	// Aliases of a document after expanding its fragments; 15.
	Aliases int
	// Directives of a document after expanding its fragments; 20.
	Directives int
	// Fragments that a document defines; 20.
	Fragments int
	// Lists of a document or its variables have at most so many entries; 250.
	Lists int
	// Cost of an operation: each object costs 1, as often as the lists around
	// it are long, and each entry of a mutation's lists; scalars are free; 1,000.
	Cost int
	// Points that a visitor or a user may spend a minute, a point per unit of
	// cost; 1,000,000.
	Points int
	// KeyPoints are those of an API key or an admin; 10,000,000.
	KeyPoints int
	// Streams that a visitor or a user may hold open; 100. An API key or an
	// admin may hold a hundred times as many.
	Streams int
	// Requests that run at a time; 32 a processor. As many again wait for a
	// place, for half a second at most; the rest is answered 503 at once.
	Requests int
	// Subscriptions of one WebSocket; 100.
	Subscriptions int
	// Time that a query or mutation may take; 15 s.
	Time time.Duration
	// Init is how long a WebSocket may take to say who it is; 10 s.
	Init time.Duration
	// Write is how long a stream may take to read what it is sent; 10 s.
	Write time.Duration
	// Ping is the pause between signs of life on an open stream; 10 s.
	Ping time.Duration
}

// Introspection has a budget of its own, since the query that every tool sends
// is deeper and wider than any other: it fits with room to spare.
const (
	introspectionDepth  = 20
	introspectionFields = 500
)

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Body:          cmp.Or(l.Body, 256<<10),
		Document:      cmp.Or(l.Document, 15_000),
		Tokens:        cmp.Or(l.Tokens, 1_000),
		Depth:         cmp.Or(l.Depth, 8),
		Fields:        cmp.Or(l.Fields, 200),
		Roots:         cmp.Or(l.Roots, 10),
		Aliases:       cmp.Or(l.Aliases, 15),
		Directives:    cmp.Or(l.Directives, 20),
		Fragments:     cmp.Or(l.Fragments, 20),
		Lists:         cmp.Or(l.Lists, 250),
		Cost:          cmp.Or(l.Cost, 1_000),
		Points:        cmp.Or(l.Points, 1_000_000),
		KeyPoints:     cmp.Or(l.KeyPoints, 10_000_000),
		Streams:       cmp.Or(l.Streams, 100),
		Requests:      cmp.Or(l.Requests, 32*runtime.GOMAXPROCS(0)),
		Subscriptions: cmp.Or(l.Subscriptions, 100),
		Init:          cmp.Or(l.Init, 10*time.Second),
		Write:         cmp.Or(l.Write, 10*time.Second),
		Time:          cmp.Or(l.Time, 15*time.Second),
		Ping:          cmp.Or(l.Ping, 10*time.Second),
	}
}
