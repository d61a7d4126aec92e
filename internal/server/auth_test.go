package server

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// public are the root fields that need no role. Any other field has to carry
// @auth: a new one that does not fails the matrix.
var public = []string{
	"Query.node", "Query.nodes", "Query.product", "Query.products", "Query.categories", "Query.category",
	"Query.vendors", "Query.bestSellers", "Query.similar", "Query.viewer", "Query.personas",
	"Mutation.signIn", "Mutation.signOut", "Mutation.adminSignIn", "Mutation.adminSignOut",
}

// roles in order of width; nobody proves nothing.
var roles = []string{"nobody", "CONSUMER", "SERVER", "ADMIN"}

func TestEveryFieldOfTheSchemaRefusesLesserRoles(t *testing.T) {
	schema := loadSchema(t)
	s := openShop(t)
	clients := map[string]*client{
		"nobody": s.bearing(t, "nonsense"), "CONSUMER": s.persona(t), "SERVER": s.key(t), "ADMIN": s.adminBrowser(t),
	}
	checked := 0
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, field := range root.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			name, needs := root.Name+"."+field.Name, "nobody"
			if auth := field.Directives.ForName("auth"); auth != nil {
				needs = auth.Arguments.ForName("requires").Value.Raw
			} else if !slices.Contains(public, name) {
				t.Errorf("%s has no @auth and is not listed as public", name)
			}
			for width, role := range roles {
				if strings.HasSuffix(field.Name, "ignIn") && role != "nobody" || strings.HasSuffix(field.Name, "ignOut") {
					continue // they would change who the client is
				}
				checked++
				want := ""
				if width < slices.Index(roles, needs) {
					want = map[bool]string{true: "UNAUTHENTICATED", false: "FORBIDDEN"}[role == "nobody"]
				}
				checkRole(t, clients[role], schema, root, field, name+" as "+role, want)
			}
		}
	}
	t.Logf("%d combinations of field and identity", checked)
}

// checkRole sends the least operation with the field. What it answers besides
// the role's refusal is other tests' concern.
func checkRole(t *testing.T, c *client, schema *ast.Schema, root *ast.Definition, field *ast.FieldDefinition, name, want string) {
	t.Helper()
	document := strings.ToLower(root.Name) + " { " + field.Name + arguments(schema, field.Arguments) + selection(schema, field.Type) + " }"
	var code string
	if root == schema.Subscription {
		code = c.firstEvent(document).code()
	} else {
		code = c.ask(document, nil).code()
	}
	refused := code == "FORBIDDEN" || code == "UNAUTHENTICATED"
	if want != "" && code != want || want == "" && refused || strings.HasPrefix(code, "GRAPHQL") || code == "INTERNAL" {
		t.Errorf("%s: %s answered %q, want %q", name, document, code, want)
	}
}

// arguments fills in what is required.
func arguments(schema *ast.Schema, list ast.ArgumentDefinitionList) string {
	var parts []string
	for _, a := range list {
		if a.Type.NonNull && a.DefaultValue == nil {
			parts = append(parts, a.Name+": "+literal(schema, a.Type))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// literal is a value of a type; ids name the consumer who asks.
func literal(schema *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[]"
	}
	switch definition := schema.Types[t.NamedType]; {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		var parts []string
		for _, f := range definition.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				parts = append(parts, f.Name+": "+literal(schema, f.Type))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case t.NamedType == "Int", t.NamedType == "Float", t.NamedType == "Int64":
		return "1"
	}
	return `"ann"`
}

// selection takes one scalar of an object.
func selection(schema *ast.Schema, t *ast.Type) string {
	if definition := schema.Types[t.Name()]; definition.IsCompositeType() {
		return " { __typename }"
	}
	return ""
}

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	names, err := filepath.Glob("../../graph/schema/*.graphqls")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
