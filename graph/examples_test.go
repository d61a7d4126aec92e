package graph

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"

	"valse/graph/generated"
)

var graphqlBlock = regexp.MustCompile("(?s)```graphql\n(.*?)```")

// TestTheExamplesOfTheDocumentsAreValidAndStayWithinTheLimits sends what README
// and docs/ show.
func TestTheExamplesOfTheDocumentsAreValidAndStayWithinTheLimits(t *testing.T) {
	limits := Limits{}.WithDefaults()
	schema := generated.NewExecutableSchema(generated.Config{Complexity: complexities()})
	names, _ := filepath.Glob("../docs/*.md")
	checked := 0
	for _, name := range append(names, "../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range graphqlBlock.FindAllStringSubmatch(string(text), -1) {
			if err := newGuard(limits).MutateOperationParameters(t.Context(), &graphql.RawParams{Query: block[1]}); err != nil {
				t.Errorf("%s: the guard refuses: %v\n%s", name, err, block[1])
			}
			document, errs := gqlparser.LoadQuery(schema.Schema(), block[1])
			if len(errs) > 0 {
				t.Errorf("%s: %v\n%s", name, errs, block[1])
				continue
			}
			for _, operation := range document.Operations {
				if cost := newPrices(schema).of(t.Context(), operation, nil); cost > limits.Cost {
					t.Errorf("%s: costs %d, more than %d\n%s", name, cost, limits.Cost, block[1])
				}
				checked++
			}
		}
	}
	if checked == 0 {
		t.Error("the documents show no operation")
	}
}
