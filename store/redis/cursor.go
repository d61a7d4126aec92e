package redis

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"valse/store"
)

// A cursor is a place in a listing and a digest of it together with the query,
// so that a cursor of another query, or none at all, is refused. It guards
// against mistakes, not against forgery: a place reveals nothing that the
// query would not.

// encodeCursor makes a place presentable to callers.
func encodeCursor(query, place string) string {
	return base64.RawURLEncoding.EncodeToString(append(cursorDigest(query, place), place...))
}

// decodeCursor returns the place of a cursor handed out for query; the empty
// cursor is the empty place.
func decodeCursor(query, cursor string) (place string, err error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil && len(raw) >= 8 {
		if place = string(raw[8:]); encodeCursor(query, place) == cursor {
			return place, nil
		}
	}
	return "", &store.Invalid{Field: "after", Value: cursor, Want: "a cursor of this query"}
}

// cursorDigest is FNV-1a of both, each with its length.
func cursorDigest(query, place string) []byte {
	h := fnv.New64a()
	h.Write(appendText(nil, query))
	h.Write(appendText(nil, place))
	return binary.BigEndian.AppendUint64(nil, h.Sum64())
}

// pageLimit is the length of a page as asked for: fallback when 0, and never
// above most.
func pageLimit(limit, fallback, most int) (int, error) {
	if limit < 0 || limit > most {
		return 0, &store.Invalid{Field: "limit", Value: fmt.Sprint(limit), Want: fmt.Sprintf("a number from 1 to %d, or 0 for %d", most, fallback)}
	}
	if limit == 0 {
		return fallback, nil
	}
	return limit, nil
}
