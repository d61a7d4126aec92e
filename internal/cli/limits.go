package cli

import (
	"time"

	"valse/graph"
)

// limitFlags are what one caller and one operation may cost.
type limitFlags struct {
	Body          int64         `help:"Bytes of a request or WebSocket message." default:"262144" env:"VALSE_LIMIT_BODY"`
	Document      int           `help:"Bytes of a GraphQL document." default:"15000" env:"VALSE_LIMIT_DOCUMENT"`
	Tokens        int           `help:"Tokens of a document." default:"1000" env:"VALSE_LIMIT_TOKENS"`
	Depth         int           `help:"Depth of nested selections." default:"8" env:"VALSE_LIMIT_DEPTH"`
	Fields        int           `help:"Fields of a document, fragments expanded." default:"200" env:"VALSE_LIMIT_FIELDS"`
	Roots         int           `help:"Fields at an operation's top." default:"10" env:"VALSE_LIMIT_ROOTS"`
	Aliases       int           `help:"Aliases of a document." default:"15" env:"VALSE_LIMIT_ALIASES"`
	Directives    int           `help:"Directives of a document." default:"20" env:"VALSE_LIMIT_DIRECTIVES"`
	Fragments     int           `help:"Fragments of a document." default:"20" env:"VALSE_LIMIT_FRAGMENTS"`
	Lists         int           `help:"Entries of an input list." default:"250" env:"VALSE_LIMIT_LISTS"`
	Cost          int           `help:"Cost of an operation: objects times list lengths, and entries to write." default:"1000" env:"VALSE_LIMIT_COST"`
	Points        int           `help:"Points (cost) that a visitor or user may spend a minute." default:"1000000" env:"VALSE_LIMIT_POINTS"`
	KeyPoints     int           `help:"Points that an API key or admin may spend a minute." default:"10000000" env:"VALSE_LIMIT_KEY_POINTS"`
	Streams       int           `help:"Open streams of a visitor or user; a hundred times as many of a key." default:"100" env:"VALSE_LIMIT_STREAMS"`
	Requests      int           `help:"Queries and mutations that run at a time, 0 for 32 a processor; as many again wait for a place." default:"0" env:"VALSE_LIMIT_REQUESTS"`
	Subscriptions int           `help:"Subscriptions of one WebSocket." default:"100" env:"VALSE_LIMIT_SUBSCRIPTIONS"`
	Time          time.Duration `help:"Time of a query or mutation." default:"15s" env:"VALSE_LIMIT_TIME"`
	Init          time.Duration `help:"Time for a WebSocket to say who it is." default:"10s" env:"VALSE_LIMIT_INIT"`
	Write         time.Duration `help:"Time for a stream to read what it is sent." default:"10s" env:"VALSE_LIMIT_WRITE"`
	Ping          time.Duration `help:"Pause between signs of life on an open stream." default:"10s" env:"VALSE_LIMIT_PING"`
}

func (l limitFlags) limits() graph.Limits { return graph.Limits(l) }
