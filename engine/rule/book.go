package rule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// format is the version of the JSON form.
//
//	1: the first
const format = 1

// Book is a set of rules that was in force at some time. It never changes: an
// edit makes a book with the next version.
type Book struct {
	Version int64     `json:"version"` // 1 is the first that was saved; 0 is the empty book before it
	SavedAt time.Time `json:"savedAt,omitzero"`
	Author  string    `json:"author,omitempty"` // who saved it
	Note    string    `json:"note,omitempty"`   // what changed and why
	Rules   []Rule    `json:"rules"`
}

// document is a book as JSON.
type document struct {
	Format int `json:"format"`
	*Book
}

// Encode returns the book as JSON.
func (b *Book) Encode() ([]byte, error) { return json.Marshal(document{format, b}) }

// Decode reads a book from JSON. A field nobody knows is refused, so that a
// misspelt one is not ignored. It does not validate.
func Decode(data []byte) (*Book, error) {
	d := document{Book: &Book{}}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&d); err != nil {
		return nil, fmt.Errorf("read a rule book: %w", err)
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, fmt.Errorf("read a rule book: something follows it")
	}
	if d.Format != 0 && d.Format != format {
		return nil, fmt.Errorf("read a rule book: format %d, want %d", d.Format, format)
	}
	return d.Book, nil
}
