package graph

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

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
				want := max(1, complexity.Calculate(t.Context(), p.schema, operation, variables, costs...))
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

// TestAMutationPaysForEachEntryThatItWrites also where one cannot be decoded: the
// price is remembered for lists of its length that can.
func TestAMutationPaysForEachEntryThatItWrites(t *testing.T) {
	limits := Limits{}.WithDefaults()
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	p := newPrices(schema)
	cost := func(text string, variables map[string]any) int {
		document, errs := gqlparser.LoadQuery(schema.Schema(), text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		return p.of(t.Context(), document.Operations[0], variables)
	}
	entries := func(n int, entry map[string]any) map[string]any {
		list := make([]any, n)
		for i := range list {
			list[i] = entry
		}
		return map[string]any{"list": list}
	}
	for _, c := range []struct {
		name, text string
		entry      map[string]any
		each       int
	}{
		{"events", "mutation($list: [InteractionInput!]!) { recordInteractions(interactions: $list) { results { outcome } userErrors { code } } }",
			map[string]any{"productId": "p1", "type": "VIEW"}, 1},
		{"events at no time", "mutation($list: [InteractionInput!]!) { recordInteractions(interactions: $list) { results { outcome } userErrors { code } } }",
			map[string]any{"productId": "p1", "type": "VIEW", "time": "never"}, 1},
		{"products", "mutation($list: [ProductInput!]!) { putProducts(products: $list) { products { id } userErrors { code } } }",
			map[string]any{"productId": "p1", "title": "One"}, 3},
		{"products at no time", "mutation($list: [ProductInput!]!) { putProducts(products: $list) { created userErrors { code } } }",
			map[string]any{"productId": "p1", "title": "One", "publishedAt": "never"}, 2},
		{"users", "mutation($list: [UserInput!]!) { putUsers(users: $list) { created updated userErrors { code } } }",
			map[string]any{"userId": "u1"}, 1},
		{"rules", "mutation($list: [RuleInput!]!) { saveRules(rules: $list, expectedVersion: 0) { book { version } userErrors { code } } }",
			map[string]any{"name": "one"}, 1},
	} {
		one, most := cost(c.text, entries(1, c.entry)), cost(c.text, entries(limits.Lists, c.entry))
		if most-one != c.each*(limits.Lists-1) || most > limits.Cost {
			t.Errorf("%s: one costs %d and %d cost %d, want %d more for each", c.name, one, limits.Lists, most, c.each)
		}
		if sending := 60_000 * 60 / limits.Lists * most; c.name == "events" && sending > limits.KeyPoints {
			t.Errorf("a key that sends 60,000 events a second spends %d points a minute and has %d", sending, limits.KeyPoints)
		}
	}
	if got := cost(`mutation { recordInteractions(interactions: [{productId: "p1", type: VIEW}, {productId: "p2", type: VIEW}]) { results { outcome } } }`, nil); got != 4 {
		t.Errorf("two events in the document cost %d, want 4", got)
	}
	similar := `mutation($list: [ProductInput!]!) { putProducts(products: $list) { products { similar(first: 20) { items { rank } } } } }`
	if got := cost(similar, entries(10, map[string]any{"productId": "p1", "title": "One"})); got < 10*20 {
		t.Errorf("ten products with twenty similar ones each cost %d, want %d at least", got, 10*20)
	}
}

func TestAChargeIsWrittenAsJSON(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0).UTC(), time.Date(2026, 11, 26, 9, 8, 7, 60_000_000, time.UTC)} {
		c := charge{Requested: 12, Remaining: 0, ResetAt: at}
		want, err := json.Marshal(map[string]any{costExtension: c})
		if err != nil {
			t.Fatal(err)
		}
		if got := appendExtensions(nil, map[string]any{costExtension: c}); string(got) != string(want) {
			t.Errorf("appendExtensions = %s, want %s", got, want)
		}
	}
}
