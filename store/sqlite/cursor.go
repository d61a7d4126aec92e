package sqlite

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"valse/store"
)

// cursor is the place of a row in an ordered listing: its sort key, a number
// or a text, and what breaks ties.
type cursor struct {
	number int64
	text   string
	id     string
}

// queryHash tells different queries, and their cursors, apart.
func queryHash(parts ...any) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%#v", parts) // quotes texts, so that no two lists read alike
	return h.Sum64()
}

// encode writes the cursor as text: a check sum of the query and the rest, the
// number, the length of the text, the text and the id.
func (c cursor) encode(query uint64) string {
	b := binary.AppendVarint(make([]byte, 8), c.number)
	b = binary.AppendUvarint(b, uint64(len(c.text)))
	b = append(append(b, c.text...), c.id...)
	binary.BigEndian.PutUint64(b, queryHash(query, string(b[8:])))
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor reads a cursor handed out for the query; the error is an
// [store.Invalid].
func decodeCursor(field, s string, query uint64) (cursor, error) {
	invalid := foreignCursor(field, s)
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 8 || binary.BigEndian.Uint64(b) != queryHash(query, string(b[8:])) {
		return cursor{}, invalid
	}
	b = b[8:]
	number, n := binary.Varint(b)
	if n <= 0 {
		return cursor{}, invalid
	}
	b = b[n:]
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return cursor{}, invalid
	}
	b = b[n:]
	c := cursor{number: number, text: string(b[:length]), id: string(b[length:])}
	if c.encode(query) != s { // written in another way
		return cursor{}, invalid
	}
	return c, nil
}

// foreignCursor says that a cursor was not handed out for the query.
func foreignCursor(field, s string) error {
	return &store.Invalid{Field: field, Value: s, Want: "a cursor of the same query"}
}

// pageLimit checks the length of a page.
func pageLimit(limit, otherwise, most int) (int, error) {
	switch {
	case limit == 0:
		return otherwise, nil
	case limit < 0 || limit > most:
		return 0, &store.Invalid{Field: "limit", Value: fmt.Sprint(limit), Want: fmt.Sprintf("a number from 1 to %d", most)}
	}
	return limit, nil
}
