package graph

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"valse/graph/generated"
)

// TestTheWebAppsDocumentsAreValidAndStayWithinTheLimits sends every document of
// the web app through the guard and the cost, with the pages that it asks for.
func TestTheWebAppsDocumentsAreValidAndStayWithinTheLimits(t *testing.T) {
	limits := Limits{}.WithDefaults()
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	checked := 0
	for _, area := range []string{"api", "shop", "studio", "playground"} {
		all := documents(t, filepath.Join("..", "frontend", "src", area))
		for _, operation := range all.Operations {
			document := &ast.QueryDocument{Operations: ast.OperationList{operation}, Fragments: used(all, operation.SelectionSet)}
			var text strings.Builder
			formatter.NewFormatter(&text).FormatQueryDocument(document)
			name := area + "/" + operation.Name
			if err := newGuard(limits).MutateOperationParameters(t.Context(), &graphql.RawParams{Query: text.String()}); err != nil {
				t.Errorf("%s: the guard refuses: %v", name, err)
			}
			if errs := validator.ValidateWithRules(schema.Schema(), document, rules.NewDefaultRules()); len(errs) > 0 {
				t.Errorf("%s: %v", name, errs)
				continue
			}
			variables := map[string]any{"first": 24, "days": 365}
			if operation.Name == "Shelves" {
				variables["first"] = 16
			}
			if cost := newPrices(schema).of(t.Context(), operation, variables); cost > limits.Cost {
				t.Errorf("%s costs %d, more than %d", name, cost, limits.Cost)
			}
			checked++
		}
	}
	if checked < 10 {
		t.Errorf("found %d operations of the web app", checked)
	}
}

// documents reads the .graphql files below a folder as one document.
func documents(t *testing.T, dir string) *ast.QueryDocument {
	t.Helper()
	parts, err := readDocuments(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	all := &ast.QueryDocument{}
	for _, part := range parts {
		all.Operations = append(all.Operations, part.Operations...)
		all.Fragments = append(all.Fragments, part.Fragments...)
	}
	return all
}

// used are the fragments that a selection needs, each once.
func used(doc *ast.QueryDocument, set ast.SelectionSet) (list ast.FragmentDefinitionList) {
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			case *ast.FragmentSpread:
				if f := doc.Fragments.ForName(s.Name); f != nil && list.ForName(s.Name) == nil {
					list = append(list, f)
					walk(f.SelectionSet)
				}
			}
		}
	}
	walk(set)
	return list
}
