package graph

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Known lets only documents through that were named beforehand: what nobody
// wrote down nobody can send.
type Known struct {
	operations map[string]bool // as canonical texts
	tokens     int
	passed     graphql.Cache[struct{}]
}

// NewKnown reads the .graphql files of folders. Files of one folder may use each
// other's fragments.
func NewKnown(folders []fs.FS, tokens int) (*Known, error) {
	k := &Known{operations: map[string]bool{}, tokens: tokens, passed: lru.New[struct{}](1000)}
	for _, folder := range folders {
		all, err := readDocuments(folder)
		if err != nil {
			return nil, err
		}
		for dir, doc := range all {
			for _, op := range doc.Operations {
				text, ok := canonical(doc, op)
				if !ok {
					return nil, fmt.Errorf("documents of %s: operation %q needs a fragment that is not there", dir, op.Name)
				}
				k.operations[text] = true
			}
		}
	}
	return k, nil
}

// readDocuments parses the .graphql files below a folder, those of one top
// folder as one document.
func readDocuments(folder fs.FS) (map[string]*ast.QueryDocument, error) {
	all := map[string]*ast.QueryDocument{}
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".graphql" {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		doc, err := parser.ParseQuery(&ast.Source{Name: name, Input: string(text)})
		if err != nil {
			return err
		}
		top, _, _ := strings.Cut(name, "/")
		if all[top] == nil {
			all[top] = &ast.QueryDocument{}
		}
		all[top].Operations = append(all[top].Operations, doc.Operations...)
		all[top].Fragments = append(all[top].Fragments, doc.Fragments...)
		return nil
	})
	return all, err
}

// canonical is one operation with its fragments in a form that does not depend
// on layout, on the order of fragments, or on __typename, which clients add. It
// reports whether every fragment is there.
func canonical(doc *ast.QueryDocument, op *ast.OperationDefinition) (string, bool) {
	fragments := map[string]*ast.FragmentDefinition{}
	complete := true
	var strip func(set ast.SelectionSet) ast.SelectionSet
	strip = func(set ast.SelectionSet) (kept ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if s.Name == "__typename" {
					continue
				}
				field := *s
				field.SelectionSet = strip(s.SelectionSet)
				kept = append(kept, &field)
			case *ast.InlineFragment:
				inline := *s
				inline.SelectionSet = strip(s.SelectionSet)
				kept = append(kept, &inline)
			case *ast.FragmentSpread:
				kept = append(kept, s)
				f := doc.Fragments.ForName(s.Name)
				if f == nil {
					complete = false
				} else if fragments[s.Name] == nil {
					fragment := *f
					fragments[s.Name] = &fragment
					fragment.SelectionSet = strip(f.SelectionSet)
				}
			}
		}
		return kept
	}
	operation := *op
	operation.SelectionSet = strip(op.SelectionSet)
	form := &ast.QueryDocument{Operations: ast.OperationList{&operation}}
	for _, f := range fragments {
		form.Fragments = append(form.Fragments, f)
	}
	slices.SortFunc(form.Fragments, func(a, b *ast.FragmentDefinition) int { return strings.Compare(a.Name, b.Name) })
	var text strings.Builder
	formatter.NewFormatter(&text).FormatQueryDocument(form)
	return text.String(), complete
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*Known)(nil)

// ExtensionName names it among the handler's extensions.
func (k *Known) ExtensionName() string { return "Known" }

// Validate accepts every schema.
func (k *Known) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document with an operation that is not
// known. It comes after the guard.
func (k *Known) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if _, ok := k.passed.Get(ctx, p.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, k.tokens)
	if err != nil {
		return asParseError(err)
	}
	for _, op := range doc.Operations {
		if text, ok := canonical(doc, op); !ok || !k.operations[text] {
			err := gqlerror.Errorf("operation %q is not among the documents that this server accepts", op.Name)
			errcode.Set(err, codeForbidden)
			return err
		}
	}
	k.passed.Add(ctx, p.Query, struct{}{})
	return nil
}
