package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valse/graph/generated"
	"valse/graph/model"
	"valse/internal/live"
	"valse/internal/lru"
)

// readyBytes bounds the answers that are kept.
const readyBytes = 32 << 20

// ready gives a list that is asked for again as it was given before, while all
// that it follows from is still the same (see [live.Moment]): the user's
// history, the products, what is being served, the caller's rights. It comes
// after everything that refuses or charges an operation.
type ready struct {
	*Resolver
	forms   *lru.Cache[*ast.OperationDefinition, *form]
	answers *lru.Cache[question, answer]
}

func newReady(r *Resolver) *ready {
	return &ready{
		Resolver: r,
		forms:    lru.New[*ast.OperationDefinition, *form](1_000),
		answers:  lru.New[question, answer](readyBytes),
	}
}

// question is an operation, who asks it and with what.
type question struct {
	operation *ast.OperationDefinition
	variables string
	role      model.Role
	userID    string
	key       string // id of the API key
}

// answer is data as it was sent, and the moment before it was made.
type answer struct {
	moment live.Moment
	data   []byte
}

var _ interface {
	graphql.HandlerExtension
	graphql.ResponseInterceptor
} = (*ready)(nil)

// ExtensionName names it among the handler's extensions.
func (*ready) ExtensionName() string { return "Ready" }

// Validate accepts every schema.
func (*ready) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse answers from what is kept, or keeps the answer.
func (y *ready) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if !graphql.HasOperationContext(ctx) || len(graphql.GetErrors(ctx)) > 0 { // refused
		return next(ctx)
	}
	op := graphql.GetOperationContext(ctx)
	f := y.form(op.Operation)
	if f == nil {
		return next(ctx)
	}
	if _, answered := op.Stats.GetExtension(y.ExtensionName()).(bool); answered {
		return nil // streams ask again until there is no more
	}
	op.Stats.SetExtension(y.ExtensionName(), true)
	viewer := IdentityOf(ctx)
	userID := f.about(viewer, op.Variables)
	if f.ratings && viewer.UserID != "" && viewer.UserID != userID {
		return next(ctx) // two users' histories are in it
	}
	variables, err := json.Marshal(op.Variables)
	if err != nil {
		return next(ctx)
	}
	moment, err := y.Live.Moment(ctx, userID)
	if err != nil {
		return next(ctx)
	}
	q := question{operation: op.Operation, variables: string(variables), role: viewer.Role, userID: viewer.UserID}
	if viewer.Key != nil {
		q.key = viewer.Key.ID
	}
	if a, ok := y.answers.Get(q); ok && a.moment == moment {
		return &graphql.Response{Data: a.data, Extensions: graphql.GetExtensions(ctx)}
	}
	response := next(moment.At(ctx))
	if response != nil && len(response.Errors) == 0 {
		a := answer{moment, bytes.Clone(response.Data)}
		y.answers.Put(q, a, len(a.data)+len(q.variables)+512)
	}
	return response
}

// form is what an operation looks like that may be kept.
type form struct {
	field   *ast.Field // its only one
	ratings bool       // whether it asks for the viewer's ratings
}

// form returns the form of an operation; nil when its answer is not kept.
func (y *ready) form(op *ast.OperationDefinition) *form {
	f, known := y.forms.Get(op)
	if !known {
		f = newForm(op)
		y.forms.Put(op, f, 1)
	}
	return f
}

// subjects are the queries whose answers follow from a moment, with the user
// whose it is.
var subjects = map[string]func(viewer Identity, arguments map[string]any) string{
	"recommendations": func(viewer Identity, arguments map[string]any) string {
		if id, named := arguments["userId"].(string); named {
			return model.LocalID(model.KindUser, id)
		}
		return viewer.UserID
	},
	"bestSellers": func(viewer Identity, _ map[string]any) string { return viewer.UserID },
	"shelves":     func(viewer Identity, _ map[string]any) string { return viewer.UserID },
	"similar":     func(viewer Identity, _ map[string]any) string { return viewer.UserID },
}

func newForm(op *ast.OperationDefinition) *form {
	if op.Operation != ast.Query || len(op.SelectionSet) != 1 {
		return nil
	}
	field, ok := op.SelectionSet[0].(*ast.Field)
	if !ok || subjects[field.Name] == nil {
		return nil
	}
	f := &form{field: field}
	if len(field.Directives) > 0 || !f.plain(field.SelectionSet) {
		return nil
	}
	return f
}

// about is the user that the operation is about.
func (f *form) about(viewer Identity, variables map[string]any) string {
	return subjects[f.field.Name](viewer, f.field.ArgumentMap(variables))
}

// plain reports whether a selection holds nothing but what the resolver of the
// list has found already, and the viewer's ratings. Resolvers of single fields
// may ask for anything.
func (f *form) plain(set ast.SelectionSet) bool {
	for _, selection := range set {
		var directives ast.DirectiveList
		var inner ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			name := strings.ToLower(s.ObjectDefinition.Name + "." + s.Name)
			if name == "product.viewerrating" {
				f.ratings = true
			} else if resolved[name] || s.ObjectDefinition.Kind != ast.Object {
				return false
			}
			directives, inner = s.Directives, s.SelectionSet
		case *ast.InlineFragment:
			directives, inner = s.Directives, s.SelectionSet
		case *ast.FragmentSpread:
			directives, inner = s.Directives, s.Definition.SelectionSet
		}
		for _, d := range directives {
			if d.Name != "include" && d.Name != "skip" {
				return false
			}
		}
		if !f.plain(inner) {
			return false
		}
	}
	return true
}

// resolved are the fields that have a resolver of their own, like
// "product.similar" in lower case.
var resolved = resolvers()

func resolvers() map[string]bool {
	fields := map[string]bool{}
	root := reflect.TypeFor[generated.ResolverRoot]()
	for i := range root.NumMethod() {
		object := root.Method(i)
		of := object.Type.Out(0)
		for j := range of.NumMethod() {
			fields[strings.ToLower(object.Name+"."+of.Method(j).Name)] = true
		}
	}
	return fields
}
