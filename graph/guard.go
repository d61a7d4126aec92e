package graph

import (
	"context"
	"strings"

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
// and measures each fragment once.
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

func refuse(format string, limit int) *gqlerror.Error {
	err := gqlerror.Errorf(format, limit)
	errcode.Set(err, codeTooLarge)
	return err
}

func (g *guard) check(doc *ast.QueryDocument) *gqlerror.Error {
	m := measurer{doc: doc, fragments: map[string]*size{}, limit: g.limits.Fields}
	for _, op := range doc.Operations {
		if len(op.SelectionSet) > g.limits.Roots {
			return refuse("an operation has more than %d fields at its top", g.limits.Roots)
		}
		s, cyclic := m.measure(op.SelectionSet)
		switch {
		case cyclic != "":
			err := gqlerror.Errorf("fragment %q includes itself", cyclic)
			errcode.Set(err, errcode.ValidationFailed)
			return err
		case s.depth > g.limits.Depth:
			return refuse("the document is nested more than %d deep", g.limits.Depth)
		case s.fields > g.limits.Fields:
			return refuse("the document has more than %d fields", g.limits.Fields)
		}
	}
	return nil
}

// size is how large a selection is when its fragments are expanded.
type size struct{ depth, fields int }

// measurer sizes selections, each fragment once.
type measurer struct {
	doc       *ast.QueryDocument
	fragments map[string]*size // nil while being measured
	limit     int              // of fields; beyond it, counting stops
}

// measure sizes a selection, or names a fragment that includes itself.
func (m *measurer) measure(set ast.SelectionSet) (total size, cyclic string) {
	for _, selection := range set {
		var s size
		switch selection := selection.(type) {
		case *ast.Field:
			s, cyclic = m.measure(selection.SelectionSet)
			s.fields++
			if !strings.HasPrefix(selection.Name, "__") {
				s.depth++
			} else {
				s.depth = 0
			}
		case *ast.InlineFragment:
			s, cyclic = m.measure(selection.SelectionSet)
		case *ast.FragmentSpread:
			s, cyclic = m.measureFragment(selection.Name)
		}
		if cyclic != "" {
			return total, cyclic
		}
		total.depth = max(total.depth, s.depth)
		total.fields = min(total.fields+s.fields, m.limit+1)
	}
	return total, ""
}

func (m *measurer) measureFragment(name string) (size, string) {
	if s, seen := m.fragments[name]; seen {
		if s == nil {
			return size{}, name
		}
		return *s, ""
	}
	fragment := m.doc.Fragments.ForName(name)
	if fragment == nil {
		return size{}, "" // the validator's to refuse
	}
	m.fragments[name] = nil
	s, cyclic := m.measure(fragment.SelectionSet)
	m.fragments[name] = &s
	return s, cyclic
}
