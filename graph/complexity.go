package graph

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valse/engine"
	"valse/graph/generated"
	"valse/graph/model"
	"valse/internal/live"
	"valse/internal/lru"
	"valse/store"
)

// costs make scalars free: what is loaded are objects.
var costs = []complexity.Option{complexity.WithFixedScalarValue(0)}

// longestList bounds what a list counts: what asks for more is refused.
const longestList = 1_000

// complexities say what the fields with lists below them cost: as often as the
// list may be long. Every other object costs 1 and what is below it. Of what an
// operation is sent with they look at whole numbers and at how long lists are, and
// at nothing else: [prices] rely on it.
func complexities() generated.ComplexityRoot {
	var c generated.ComplexityRoot
	times := func(below, length int) int { return 1 + below*max(1, min(length, longestList)) }

	c.Query.Products = func(below int, _ *model.ProductFilter, _ store.ProductOrder, first int, _ *string) int {
		return times(below, first)
	}
	c.Query.Vendors = func(below int, _ *string, first int) int { return times(below, first) }
	c.Query.Categories = func(below int) int { return times(below, 60) }
	c.Query.BestSellers = func(below int, _ *string, first int, _ engine.Window) int { return times(below, first) }
	c.Query.Similar = func(below int, _ string, first int) int { return times(below, first) }
	c.Query.Recommendations = func(below int, _ *string, first int, _ *model.RecommendationOptions) int {
		return times(below, first)
	}
	c.Query.Shelves = func(below int, _ live.Page, _, _ *string, first int) int { return times(below, 8*first) }
	c.Query.Interactions = func(below int, _ *string, _ []store.EventType, first int, _ *string) int {
		return times(below, first)
	}
	c.Query.Users = func(below int, _ *string, _ *bool, first int, _ *string) int { return times(below, first) }
	c.Query.Runs = func(below int, _ *store.RunKind, first int, _ *string) int { return times(below, first) }
	c.Query.Actions = func(below, first int, _ *string) int { return times(below, first) }
	c.Query.Publications = func(below int, first int) int { return times(below, first) }
	c.Query.Nodes = func(below int, ids []string) int { return times(below, len(ids)) }
	c.Query.Models = func(below int) int { return times(below, 20) }

	c.Query.RuleBooks = func(below, first int) int { return times(below, first) }
	c.Query.PreviewRules = func(below int, _ []model.RuleInput, _ *string, _ live.Page, _, _ *string, first int, _ *time.Time) int {
		return times(below, 8*first)
	}
	c.Subscription.Recommendations = c.Query.Recommendations
	c.Product.Similar = func(below, first int) int { return times(below, first) }
	c.Product.Together = func(below, first int) int { return times(below, first) }
	c.Category.BestSellers = func(below, first int, _ engine.Window) int { return times(below, first) }
	c.User.History = func(below int, _ []store.EventType, first int, _ *string) int { return times(below, first) }
	c.User.Ratings = func(below, first int) int { return times(below, first) }
	c.User.Recommendations = func(below, first int, _ *model.RecommendationOptions) int { return times(below, first) }
	c.Query.Explanation = func(below int, _ string, _ *string, _ []string) int { return times(below, maxContributions) }
	c.Recommendation.Explanation = func(below int) int { return times(below, maxContributions) }
	c.Query.Results = func(below int, _, _ *string, _ model.ResultsBy) int { return times(below, 10) }
	c.Query.ModelDiff = func(below int, _, _ string, _ []string, _, k int) int { return times(below, k) }
	c.Query.Experiments = func(below int, first int) int { return times(below, first) }
	c.Overview.Activity = func(below, days int) int { return times(below, days) }
	return c
}

// writes charges mutations for what they write besides what they load: a point
// per entry of the lists among their arguments. It looks at these as they were
// sent, since a price is remembered also where one entry cannot be decoded.
type writes struct{ graphql.ExecutableSchema }

// answersEach are mutations that answer with an object for each entry, of which
// more may be loaded: what is below them counts as often as there are entries.
var answersEach = map[string]bool{"putProducts": true}

// Complexity is what one field costs.
func (w writes) Complexity(ctx context.Context, typeName, field string, below int, args map[string]any) (int, bool) {
	if typeName != "Mutation" {
		return w.ExecutableSchema.Complexity(ctx, typeName, field, below, args)
	}
	entries := 0
	for _, arg := range args {
		if list, ok := arg.([]any); ok {
			entries += len(list)
		}
	}
	if answersEach[field] {
		below *= max(1, entries)
	}
	return 1 + below + entries, true
}

// prices know what operations cost, and remember it.
type prices struct {
	schema writes
	known  *lru.Cache[priced, int]
}

// priced is an operation with all that its cost follows from.
type priced struct {
	operation *ast.OperationDefinition
	lengths   string
}

func newPrices(schema graphql.ExecutableSchema) prices {
	return prices{schema: writes{schema}, known: lru.New[priced, int](1_000)}
}

// of returns what an operation costs, 1 at least.
func (p prices) of(ctx context.Context, op *ast.OperationDefinition, variables map[string]any) int {
	of := priced{op, lengths(op, variables)}
	if cost, known := p.known.Get(of); known {
		return cost
	}
	asked := &askedSchema{ExecutableSchema: p.schema}
	cost := max(1, complexity.Calculate(ctx, asked, op, variables, costs...))
	if !asked.unread {
		p.known.Put(of, cost, 1)
	}
	return cost
}

// askedSchema is a schema that notes whether a price could not be told, since
// arguments that it takes no account of are not of their types: then the field
// counts as one object, and will fail.
type askedSchema struct {
	graphql.ExecutableSchema
	unread bool
}

// Complexity is what a field costs, if it has a price of its own.
func (s *askedSchema) Complexity(ctx context.Context, object, field string, below int, arguments map[string]any) (int, bool) {
	cost, told := s.ExecutableSchema.Complexity(ctx, object, field, below, arguments)
	if !told {
		_, priced := s.ExecutableSchema.Complexity(ctx, object, field, below, nil)
		s.unread = s.unread || priced
	}
	return cost, told
}

// lengths are the whole numbers among an operation's variables, and how long its
// lists are.
func lengths(op *ast.OperationDefinition, variables map[string]any) string {
	var text []byte
	for _, v := range op.VariableDefinitions {
		value, given := variables[v.Variable]
		switch {
		case !given:
		case v.Type.NamedType == "Int":
			text = fmt.Append(text, value)
		case v.Type.NamedType == "":
			if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
				text = fmt.Append(text, list.Len())
			}
		}
		text = append(text, ' ')
	}
	return string(text)
}
