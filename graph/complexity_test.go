package graph

import (
	"path/filepath"
	"testing"

	"github.com/99designs/gqlgen/complexity"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"valse/graph/generated"
	"valse/internal/trial"
)

// TestARememberedPriceIsWhatTheOperationCosts asks again and again for what the
// web app's operations cost, each time with other variables.
func TestARememberedPriceIsWhatTheOperationCosts(t *testing.T) {
	random := trial.Rand(t)
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	p := newPrices(schema)
	different := map[int]bool{}
	for _, area := range []string{"api", "shop", "studio", "playground"} {
		all := documents(t, filepath.Join("..", "frontend", "src", area))
		for _, operation := range all.Operations {
			document := &ast.QueryDocument{Operations: ast.OperationList{operation}, Fragments: used(all, operation.SelectionSet)}
			if errs := validator.ValidateWithRules(schema.Schema(), document, rules.NewDefaultRules()); len(errs) > 0 {
				t.Fatalf("%s: %v", operation.Name, errs)
			}
			for range 20 {
				variables := map[string]any{}
				for _, v := range operation.VariableDefinitions {
					switch v.Type.NamedType {
					case "Int":
						variables[v.Variable] = 1 + random.IntN(5)
					case "":
						variables[v.Variable] = make([]any, random.IntN(5))
					}
				}
				want := max(1, complexity.Calculate(t.Context(), schema, operation, variables, costs...))
				if got := p.of(t.Context(), operation, variables); got != want {
					t.Fatalf("%s with %v costs %d, want %d", operation.Name, variables, got, want)
				}
				different[want] = true
			}
		}
	}
	if len(different) < 20 {
		t.Errorf("met %d different prices", len(different))
	}
}

// TestAPriceThatCouldNotBeToldIsNotRemembered asks first with an argument that is
// not of its type, which nothing can be read off.
func TestAPriceThatCouldNotBeToldIsNotRemembered(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	document, errs := gqlparser.LoadQueryWithRules(schema.Schema(), `query Q($options: RecommendationOptions) {
		recommendations(first: 100, options: $options) { items { product { similar(first: 100) { items { rank } } } } } }`, rules.NewDefaultRules())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	p, op := newPrices(schema), document.Operations[0]
	least := 100 * 100
	if cost := p.of(t.Context(), op, map[string]any{"options": map[string]any{"minPrice": "none"}}); cost >= least {
		t.Fatalf("with a price that is none it costs %d: the test tests nothing", cost)
	}
	if cost := p.of(t.Context(), op, map[string]any{"options": map[string]any{"minPrice": 1}}); cost < least {
		t.Errorf("afterwards it costs %d, want %d at least", cost, least)
	}
}

// TestAPriceGrowsWithWhatIsAskedFor asks one operation for more.
func TestAPriceGrowsWithWhatIsAskedFor(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	p := newPrices(schema)
	document, errs := gqlparser.LoadQueryWithRules(schema.Schema(), `query Q($first: Int!, $ids: [ID!]!) {
		bestSellers(first: $first) { items { rank } } nodes(ids: $ids) { ... on Product { price { amount } } } }`, rules.NewDefaultRules())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	op := document.Operations[0]
	for _, c := range []struct {
		first, ids, want int
	}{{1, 1, 0}, {7, 1, 6}, {7, 3, 8}, {1, 3, 2}} {
		base := p.of(t.Context(), op, map[string]any{"first": 1, "ids": make([]any, 1)})
		got := p.of(t.Context(), op, map[string]any{"first": c.first, "ids": make([]any, c.ids)})
		if got-base != c.want {
			t.Errorf("first %d and %d ids cost %d more than one of each, want %d", c.first, c.ids, got-base, c.want)
		}
	}
}
