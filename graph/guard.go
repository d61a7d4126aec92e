package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// guard refuses documents that would cost too much to validate: fragments that
// include themselves send the validator into a recursion that ends the process,
// and fragments that fan out make it exponential. It parses under a token limit
// and measures each fragment once, before anything else looks at the document.
type guard struct {
	limits Limits
	passed graphql.Cache[struct{}]
}

func newGuard(l Limits) *guard {
	return &guard{limits: l, passed: lru.New[struct{}](1000)}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*guard)(nil)

// ExtensionName names the guard among the handler's extensions.
func (g *guard) ExtensionName() string { return "Guard" }

// Validate accepts every schema.
func (g *guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses or does nothing.
func (g *guard) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if err := g.checkLists(p.Variables); err != nil {
		return err
	}
	if _, ok := g.passed.Get(ctx, p.Query); ok {
		return nil
	}
	if len(p.Query) > g.limits.Document {
		return refuse("the document has more than %d bytes", g.limits.Document)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, g.limits.Tokens)
	if err != nil {
		return asParseError(err)
	}
	if err := g.check(doc); err != nil {
		return err
	}
	g.passed.Add(ctx, p.Query, struct{}{})
	return nil
}

// asParseError gives the parser's error its code.
func asParseError(err error) *gqlerror.Error {
	e, ok := err.(*gqlerror.Error)
	if !ok {
		e = gqlerror.Wrap(err)
	}
	errcode.Set(e, errcode.ParseFailed)
	return e
}

const longList = "a list has more than %d entries"

func refuse(format string, limit int) *gqlerror.Error {
	err := gqlerror.Errorf(format, limit)
	errcode.Set(err, codeTooLarge)
	return err
}

func invalid(format, name string) *gqlerror.Error {
	err := gqlerror.Errorf(format, name)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

// check refuses a document that is larger than a limit when its fragments are
// expanded, or whose fragments never end.
func (g *guard) check(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Fragments) > g.limits.Fragments {
		return refuse("the document defines more than %d fragments", g.limits.Fragments)
	}
	for _, f := range doc.Fragments {
		if doc.Fragments.ForName(f.Name) != f {
			return invalid("there are several fragments %q", f.Name)
		}
	}
	m := newMeasurer(doc)
	s := m.document()
	if m.cyclic != "" {
		return invalid("fragment %q includes itself", m.cyclic)
	}
	for _, limit := range []struct {
		size, most int
		message    string
	}{
		{s.depth, g.limits.Depth, "the document is nested more than %d deep"},
		{s.nesting, 3 * g.limits.Depth, "the document is nested more than %d deep with its fragments"},
		{s.top, g.limits.Roots, "an operation has more than %d fields at its top"},
		{s.list, g.limits.Lists, longList},
		{s.fields, g.limits.Fields, "the document has more than %d fields"},
		{s.aliases, g.limits.Aliases, "the document has more than %d aliases"},
		{s.directives, g.limits.Directives, "the document has more than %d directives"},
		{s.introspectionDepth, introspectionDepth, "the introspection is nested more than %d deep"},
		{s.introspectionFields, introspectionFields, "the introspection has more than %d fields"},
	} {
		if limit.size > limit.most {
			return refuse(limit.message, limit.most)
		}
	}
	return nil
}

// checkLists refuses a variable with a list that is too long.
func (g *guard) checkLists(v any) *gqlerror.Error {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			if err := g.checkLists(inner); err != nil {
				return err
			}
		}
	case []any:
		if len(v) > g.limits.Lists {
			return refuse(longList, g.limits.Lists)
		}
		for _, inner := range v {
			if err := g.checkLists(inner); err != nil {
				return err
			}
		}
	}
	return nil
}
