package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valse/graph/model"
)

// Access is who may use something that shows how the API is built.
type Access string

// The kinds of access. The zero value is everyone's.
const (
	AccessEveryone Access = "everyone"
	AccessAdmin    Access = "admin"
	AccessNobody   Access = "nobody"
)

// Allows reports whether an identity has the access.
func (a Access) Allows(i Identity) bool {
	return a == "" || a == AccessEveryone || a == AccessAdmin && i.Role == model.RoleAdmin
}

// introspection answers questions about the schema to who has access.
type introspection struct{ access Access }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = introspection{}

// ExtensionName names it among the handler's extensions.
func (introspection) ExtensionName() string { return "Introspection" }

// Validate accepts every schema.
func (introspection) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation that asks about the schema.
func (x introspection) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if x.access.Allows(IdentityOf(ctx)) {
		op.DisableIntrospection = false
		return nil
	}
	if asksSchema(op.Operation.SelectionSet) {
		err := gqlerror.Errorf("introspection is not for everyone here")
		errcode.Set(err, codeForbidden)
		return err
	}
	return nil
}

// asksSchema reports whether a root field is __schema or __type.
func asksSchema(set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name != "__typename" && strings.HasPrefix(s.Name, "__") {
				return true
			}
		case *ast.InlineFragment:
			if asksSchema(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && asksSchema(s.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}
