package graph

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valse/engine"
	"valse/graph/generated"
	"valse/graph/model"
	"valse/internal/trial"
	"valse/store"
)

// fixed resolves two fields to what it holds.
type fixed struct {
	generated.ResolverRoot
	list     *model.RecommendationList
	recorded *model.RecordInteractionsPayload
}

type (
	fixedQuery struct {
		generated.QueryResolver
		*fixed
	}
	fixedMutation struct {
		generated.MutationResolver
		*fixed
	}
)

func (f *fixed) Query() generated.QueryResolver       { return fixedQuery{fixed: f} }
func (f *fixed) Mutation() generated.MutationResolver { return fixedMutation{fixed: f} }

func (f fixedQuery) Recommendations(context.Context, *string, int, *model.RecommendationOptions) (*model.RecommendationList, error) {
	return f.list, nil
}

func (f fixedMutation) RecordInteractions(context.Context, []model.InteractionInput) (*model.RecordInteractionsPayload, error) {
	return f.recorded, nil
}

func (f *fixed) schema() graphql.ExecutableSchema {
	c := generated.Config{Resolvers: f}
	c.Directives.Auth = func(ctx context.Context, _ any, next graphql.Resolver, _ model.Role, _ model.Scope) (any, error) {
		return next(ctx)
	}
	return generated.NewExecutableSchema(c)
}

// asked is what came of a document.
type asked struct {
	data   string
	errs   gqlerror.List
	direct bool // its field was written directly
}

// executor returns what executes documents, each parsed once.
func (f *fixed) executor(t *testing.T, with ...graphql.HandlerExtension) func(document string, yes bool) asked {
	t.Helper()
	var a asked
	e := executor.New(f.schema())
	e.SetQueryCache(lru.New[*ast.QueryDocument](10))
	e.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) {
		value, err := next(ctx)
		if _, ok := value.(graphql.WriterFunc); ok {
			a.direct = true
		}
		return value, err
	})
	for _, x := range with {
		e.Use(x)
	}
	return func(document string, yes bool) asked {
		a = asked{}
		ctx := graphql.StartOperationTrace(t.Context())
		op, refused := e.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: map[string]any{"yes": yes}})
		if refused != nil {
			t.Fatalf("%s: %v", document, refused)
		}
		responses, ctx := e.DispatchOperation(ctx, op)
		r := responses(ctx)
		a.data, a.errs = string(r.Data), r.Errors
		return a
	}
}

// selecting writes a random selection of an object. Half of them select what
// can be read off a value only.
func selecting(r *rand.Rand, schema *ast.Schema, name string, plain bool, shapes map[string][]string) string {
	definition := schema.Types[name]
	var b strings.Builder
	for n := range 1 + r.IntN(6) {
		if r.IntN(12) == 0 {
			b.WriteString(" __typename")
			continue
		}
		f := definition.Fields[r.IntN(len(definition.Fields))]
		if resolved[strings.ToLower(name+"."+f.Name)] || plain && !slices.Contains(shapes[name], f.Name) {
			continue
		}
		field := f.Name
		if r.IntN(3) == 0 {
			field = fmt.Sprintf("a%d_%s: %s", n, f.Name, f.Name)
		}
		if r.IntN(5) == 0 {
			field += []string{" @skip(if: $yes)", " @include(if: $yes)", " @skip(if: false)"}[r.IntN(3)]
		}
		if below := schema.Types[f.Type.Name()]; below.Kind == ast.Object {
			field += selecting(r, schema, below.Name, plain, shapes)
		}
		if on := append([]string{name, ""}, definition.Interfaces...); r.IntN(4) == 0 && (len(on) == 2 || f.Name == "id") {
			field = " ... " + strings.TrimSuffix("on "+on[r.IntN(len(on))], "on ") + " {" + field + "}"
		}
		b.WriteString(" " + field)
	}
	return " {" + b.String() + " end: __typename}"
}

func odd(r *rand.Rand) string {
	alphabet := []string{"a", "B", " ", `"`, `\`, "\n", "\t", "\r", "\x01", "\x1f", "\x7f", "é", "中", "🛒", "\xff", "</", "&", "\u2028"}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

func perhaps[T any](r *rand.Rand, v T) *T {
	if r.IntN(2) == 0 {
		return nil
	}
	return &v
}

func oddList(r *rand.Rand) *model.RecommendationList {
	l := &model.RecommendationList{
		RecommendationID: odd(r), Source: engine.SourceLive, ModelID: perhaps(r, odd(r)), RuleVersion: perhaps(r, r.Int64()),
		At: time.Unix(r.Int64N(1<<33), r.Int64N(1e9)).In(time.FixedZone("", 3600)),
	}
	if r.IntN(20) == 0 {
		l.At = time.Time{}
	}
	for i := range r.IntN(5) {
		p := store.Product{
			ID: odd(r), Title: odd(r), Description: odd(r), Category: odd(r), Vendor: odd(r), ImageURL: odd(r),
			Price: r.Int64N(10_000) - 1_000, Currency: []string{"EUR", "JPY", "XXX", ""}[r.IntN(4)], OutOfStock: r.IntN(2) == 0,
		}
		if r.IntN(2) == 0 {
			p.PublishedAt, p.Attributes = time.Unix(r.Int64N(1<<33), 0), map[string]string{odd(r): odd(r), "b": odd(r)}
		}
		score := []float64{0, -1.5, r.NormFloat64(), 1e21 * r.NormFloat64(), 1e-7 * r.NormFloat64(), float64(r.IntN(1e7))}[r.IntN(6)]
		if r.IntN(40) == 0 {
			score = []float64{math.NaN(), math.Inf(-1)}[r.IntN(2)]
		}
		l.Items = append(l.Items, model.Recommendation{
			RecommendationID: odd(r), Arm: perhaps(r, 1), Product: &model.Product{Product: p}, Rank: i + 1, Score: score,
			Source: engine.SourceNewcomer, Rules: [][]string{nil, {}, {odd(r)}}[r.IntN(3)],
		})
	}
	return l
}

func oddRecorded(r *rand.Rand) *model.RecordInteractionsPayload {
	p := &model.RecordInteractionsPayload{}
	for range r.IntN(5) {
		p.Results = append(p.Results, model.InteractionResult{EventID: odd(r), Outcome: store.Outcome(1 + r.IntN(5))})
		p.UserErrors = append(p.UserErrors, model.UserError{
			Field: [][]string{nil, {}, {"input", odd(r)}}[r.IntN(3)], Message: odd(r), Code: model.UserErrorCodeErased,
		})
	}
	return p
}

// shapeFields are the fields that can be read off a value, by type.
func shapeFields() map[string][]string {
	fields := map[string][]string{}
	add := func(types []string, names []string) { fields[types[0]] = names }
	add(listShape.types, slices.Sorted(maps.Keys(listShape.fields)))
	add(recommendationShape.types, slices.Sorted(maps.Keys(recommendationShape.fields)))
	add(productShape.types, slices.Sorted(maps.Keys(productShape.fields)))
	add(categoryShape.types, slices.Sorted(maps.Keys(categoryShape.fields)))
	add(vendorShape.types, slices.Sorted(maps.Keys(vendorShape.fields)))
	add(priceShape.types, slices.Sorted(maps.Keys(priceShape.fields)))
	add(attributeShape.types, slices.Sorted(maps.Keys(attributeShape.fields)))
	add(recordedShape.types, slices.Sorted(maps.Keys(recordedShape.fields)))
	add(resultShape.types, slices.Sorted(maps.Keys(resultShape.fields)))
	add(userErrorShape.types, slices.Sorted(maps.Keys(userErrorShape.fields)))
	return fields
}

func TestAnswersWrittenDirectlyAreThoseOfTheExecutor(t *testing.T) {
	r, schema, shapes := trial.Rand(t), (&fixed{}).schema().Schema(), shapeFields()
	f := &fixed{}
	execute, write := f.executor(t), f.executor(t, newDirect())
	written := 0
	for range trial.Rounds(1_000, 34_000) {
		plain := r.IntN(2) == 0
		document := "query($yes: Boolean!) { recommendations" + selecting(r, schema, "RecommendationList", plain, shapes) + " yes: __typename @include(if: $yes) }"
		switch r.IntN(6) {
		case 0, 1:
			document = "mutation($yes: Boolean!) { recordInteractions(interactions: [])" + selecting(r, schema, "RecordInteractionsPayload", plain, shapes) + " yes: __typename @include(if: $yes) }"
		case 2: // two selections of one field, the second of which a variable decides on
			document = "query($yes: Boolean!) { recommendations" + selecting(r, schema, "RecommendationList", plain, shapes) + " recommendations @skip(if: $yes) { source modelId } }"
		}
		for range 3 { // the writer of the first may be kept
			f.list, f.recorded = oddList(r), oddRecorded(r)
			yes := r.IntN(2) == 0
			want, got := execute(document, yes), write(document, yes)
			if got.data != want.data {
				t.Fatalf("%s, %t:\ndirectly  %s\nexecuted %s", document, yes, got.data, want.data)
			}
			if diff := cmp.Diff(fmt.Sprint(want.errs), fmt.Sprint(got.errs)); diff != "" {
				t.Fatalf("%s: errors: %s", document, diff)
			}
			if got.direct {
				written++
			} else if plain && len(want.errs) == 0 {
				t.Fatalf("%s: is left to the executor", document)
			}
		}
	}
	t.Logf("%d answers were written directly", written)
}

// A directive or a resolver on a field is passed by where it is read off a
// value.
func TestWhatIsReadOffAValueHasNoRuleOfItsOwn(t *testing.T) {
	schema := (&fixed{}).schema().Schema()
	for name, fields := range shapeFields() {
		definition := schema.Types[name]
		for _, field := range fields {
			switch d := definition.Fields.ForName(field); {
			case d == nil:
				t.Errorf("%s has no field %s", name, field)
			case len(d.Directives) > 0 || len(d.Arguments) > 0 || resolved[strings.ToLower(name+"."+field)]:
				t.Errorf("%s.%s has a directive, an argument or a resolver", name, field)
			}
		}
	}
}
