package model

import (
	"fmt"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"valse/store"
)

// MarshalTime writes a time in UTC, the zero time as null.
func MarshalTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, t.UTC().Format(`"`+time.RFC3339Nano+`"`))
	})
}

// UnmarshalTime reads an RFC 3339 time. The error is a store.Invalid.
func UnmarshalTime(v any) (time.Time, error) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, &store.Invalid{Field: "time", Value: fmt.Sprint(v), Want: "a time like 2026-11-23T09:30:00Z"}
	}
	return t.UTC(), nil
}
