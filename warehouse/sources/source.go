package sources

import (
	"context"
	"fmt"
)

// Source reads one outside format.
type Source interface {
	// Name is what people call it by: a lower-case word.
	Name() string
	// Describe says in one line what it reads.
	Describe() string
	// Open finds the files of the input. It reads none of their rows. The
	// error is store.ErrInvalid when the input is not what Describe says.
	Open(in Input) (Reader, error)
}

// Reader is an input that was opened.
type Reader interface {
	// Files are the paths it is going to read.
	Files() []string
	// Read hands every row and every reject to the pass, in the same order
	// each time it is called. It returns the first error of the pass, or
	// what keeps it from reading on; a row that is wrong is no error.
	Read(ctx context.Context, pass *Pass) error
}

// Input says where the files are.
type Input struct {
	// Path is a folder with files under the names the format gives them, or
	// the one file of interactions.
	Path string
	// Interactions, Products and Users are files by name; each takes the
	// place of what Path would give.
	Interactions, Products, Users string
}

// Place is where a row stands.
type Place struct {
	File string `json:"file"` // base name
	Line int    `json:"line"` // from 1; the row's number in formats without lines
}

// String reads like "ratings.csv:7".
func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Reject is one row that was not taken, and why.
type Reject struct {
	Place
	Field string `json:"field"` // name of the column or field; empty when it is the row
	Value string `json:"value"` // what stands there, cut to 200 bytes
	// Reason says what is wrong or would be right, in the same words for all
	// rows that are wrong in the same way.
	Reason string `json:"reason"`
}

// String reads like `ratings.csv:7: value "7": not a rating from 0.5 to 5`.
func (r Reject) String() string {
	if r.Field == "" {
		return fmt.Sprintf("%s: %s", r.Place, r.Reason)
	}
	return fmt.Sprintf("%s: %s %q: %s", r.Place, r.Field, r.Value, r.Reason)
}
