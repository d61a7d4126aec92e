package graph

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valse/graph/model"
	"valse/internal/lru"
)

// direct writes long answers without asking for them field by field: where all
// that a selection wants can be read off the value that its resolver returned
// (see shapes.go), it is put together once and run over the value, in the same
// bytes as the executor would write. Anything else is left to the executor.
type direct struct {
	lists    writers[model.RecommendationList]
	receipts writers[model.RecordInteractionsPayload]
}

func newDirect() *direct {
	return &direct{lists: newWriters(listShape), receipts: newWriters(recordedShape)}
}

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = (*direct)(nil)

// ExtensionName names it among the handler's extensions.
func (*direct) ExtensionName() string { return "Direct" }

// Validate accepts every schema.
func (*direct) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField takes the place of a value with its JSON.
func (d *direct) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	if err != nil {
		return value, err
	}
	var text []byte
	var written bool
	switch v := value.(type) {
	case *model.RecommendationList:
		text, written = d.lists.write(ctx, v, 128+320*len(v.Items))
	case *model.RecordInteractionsPayload:
		text, written = d.receipts.write(ctx, v, 64+64*len(v.Results))
	}
	if !written {
		return value, nil
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(text) }), nil
}

// writers are the writers of a shape by the field that wants them.
type writers[T any] struct {
	shape *shape[T]
	known *lru.Cache[*ast.Field, writer[T]]
}

func newWriters[T any](s *shape[T]) writers[T] {
	return writers[T]{s, lru.New[*ast.Field, writer[T]](1_000)}
}

// write writes what the field of the context selects; false where it cannot.
// Most answers have size bytes or less.
func (w *writers[T]) write(ctx context.Context, v *T, size int) ([]byte, bool) {
	write := w.of(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field)
	if write == nil {
		return nil, false
	}
	return write(make([]byte, 0, size), v)
}

// of makes the writer of a field, once where no variable decides what it selects.
func (w *writers[T]) of(op *graphql.OperationContext, f graphql.CollectedField) writer[T] {
	if len(f.Selections) != len(f.Field.SelectionSet) { // it stands there more than once
		return w.shape.of(op, f.Selections)
	}
	write, known := w.known.Get(f.Field)
	if !known {
		write = w.shape.of(op, f.Selections)
		if !conditional(f.Field.SelectionSet) {
			w.known.Put(f.Field, write, 1)
		}
	}
	return write
}

// conditional reports whether a directive stands anywhere in a selection.
func conditional(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return len(s.Directives) > 0 || conditional(s.SelectionSet)
		case *ast.InlineFragment:
			return len(s.Directives) > 0 || conditional(s.SelectionSet)
		case *ast.FragmentSpread:
			return len(s.Directives) > 0 || conditional(s.Definition.SelectionSet)
		}
		return true
	})
}

// writer appends the JSON of something that it reads off a value; false for a
// value that is an error where it stands.
type writer[T any] func(b []byte, v *T) ([]byte, bool)

// reader makes the writer of one field; nil where its selection asks for more
// than can be read off the value.
type reader[T any] func(op *graphql.OperationContext, sel ast.SelectionSet) writer[T]

// shape is an object of the schema, with those of its fields that can be read
// off a T.
type shape[T any] struct {
	types  []string // its name, then its interfaces
	fields map[string]reader[T]
}

// of makes the writer of a selection; nil where that has another field.
func (s *shape[T]) of(op *graphql.OperationContext, sel ast.SelectionSet) writer[T] {
	type member struct {
		key   string
		write writer[T]
	}
	fields := graphql.CollectFields(op, sel, s.types)
	members := make([]member, len(fields))
	for i, f := range fields {
		read := s.fields[f.Name]
		if f.Name == "__typename" {
			read = text(func(*T) string { return s.types[0] })
		}
		if read == nil || len(f.Deferrables) > 0 {
			return nil
		}
		write := read(op, f.Selections)
		if write == nil {
			return nil
		}
		members[i] = member{`"` + f.Alias + `":`, write}
	}
	return func(b []byte, v *T) ([]byte, bool) {
		opening := byte('{')
		for i := range members {
			b = append(append(b, opening), members[i].key...)
			var ok bool
			if b, ok = members[i].write(b, v); !ok {
				return b, false
			}
			opening = ','
		}
		return append(b, '}'), true
	}
}

// leaf reads a scalar.
func leaf[T any](write writer[T]) reader[T] {
	return func(*graphql.OperationContext, ast.SelectionSet) writer[T] { return write }
}

func text[T any, S ~string](get func(*T) S) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) { return appendQuoted(b, string(get(v))), true })
}

// globalID reads the global id of what has an id among its kind.
func globalID[T any](kind model.Kind, id func(*T) string) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) {
		return append(model.AppendGlobalID(append(b, '"'), kind, id(v)), '"'), true
	})
}

func integer[T any](get func(*T) int64) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) { return strconv.AppendInt(b, get(v), 10), true })
}

func float[T any](get func(*T) float64) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) {
		f := get(v)
		return strconv.AppendFloat(b, f, 'g', -1, 64), !math.IsNaN(f) && !math.IsInf(f, 0)
	})
}

func truth[T any](get func(*T) bool) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) { return strconv.AppendBool(b, get(v)), true })
}

// instant reads a time, which may be zero, as null, where it may be missing.
func instant[T any](missing bool, get func(*T) time.Time) reader[T] {
	return leaf(func(b []byte, v *T) ([]byte, bool) {
		t := get(v)
		if t.IsZero() {
			return append(b, "null"...), missing
		}
		return t.UTC().AppendFormat(b, `"`+time.RFC3339Nano+`"`), true
	})
}

// maybe reads what may be missing; its value is read by the other reader.
func maybe[T, U any](get func(*T) *U, present reader[U]) reader[T] {
	return func(op *graphql.OperationContext, sel ast.SelectionSet) writer[T] {
		write := present(op, sel)
		if write == nil {
			return nil
		}
		return func(b []byte, v *T) ([]byte, bool) {
			if u := get(v); u != nil {
				return write(b, u)
			}
			return append(b, "null"...), true
		}
	}
}

// list reads a list that is never missing.
func list[T, U any](get func(*T) []U, entry reader[U]) reader[T] {
	return func(op *graphql.OperationContext, sel ast.SelectionSet) writer[T] {
		write := entry(op, sel)
		if write == nil {
			return nil
		}
		return func(b []byte, v *T) ([]byte, bool) {
			b = append(b, '[')
			entries := get(v)
			for i := range entries {
				if i > 0 {
					b = append(b, ',')
				}
				var ok bool
				if b, ok = write(b, &entries[i]); !ok {
					return b, false
				}
			}
			return append(b, ']'), true
		}
	}
}

// appendQuoted appends a string as JSON, as the executor writes one.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[start:]...), '"')
}
