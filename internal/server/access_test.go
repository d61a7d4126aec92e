package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const accessTable = "testdata/access.txt"

// rule is who may use a field: a role or "anyone", and the scope that an API
// key needs.
type rule struct{ who, scope string }

func (r rule) String() string { return strings.TrimSpace(r.who + " " + r.scope) }

// ruleOf reads @auth of a field.
func ruleOf(field *ast.FieldDefinition) rule {
	auth := field.Directives.ForName("auth")
	if auth == nil {
		return rule{who: "anyone"}
	}
	r := rule{who: auth.Arguments.ForName("requires").Value.Raw, scope: "READ"}
	if scope := auth.Arguments.ForName("scope"); scope != nil {
		r.scope = scope.Value.Raw
	}
	if r.who == "ADMIN" {
		r.scope = ""
	}
	return r
}

// TestEveryFieldHasTheRuleThatTheTableSays holds the schema against the table:
// a new field needs a line there, and who loosens a rule does so knowingly.
func TestEveryFieldHasTheRuleThatTheTableSays(t *testing.T) {
	text, err := os.ReadFile(accessTable)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, who, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(name, "#") {
			declared[name] = strings.Join(strings.Fields(who), " ")
		}
	}
	schema := loadSchema(t)
	for name, definition := range schema.Types {
		if definition.BuiltIn || definition.Kind != ast.Object {
			continue
		}
		root := definition == schema.Query || definition == schema.Mutation || definition == schema.Subscription
		for _, field := range definition.Fields {
			r := ruleOf(field)
			if strings.HasPrefix(field.Name, "__") || !root && r.who == "anyone" {
				continue
			}
			full := name + "." + field.Name
			if want, ok := declared[full]; !ok {
				t.Errorf("%s has no rule: add this line to internal/server/%s, or change @auth:\n%s %s", full, accessTable, full, r)
			} else if want != r.String() {
				t.Errorf("%s is for %q by its @auth, but for %q by internal/server/%s: change either", full, r, want, accessTable)
			}
			if definition == schema.Mutation && r.scope == "READ" {
				t.Errorf("%s changes something but asks keys for READ: give its @auth a scope (WRITE, CATALOG or USERS)", full)
			}
			delete(declared, full)
		}
	}
	for name := range declared {
		t.Errorf("internal/server/%s has a line for %s, which the schema has not: remove it", accessTable, name)
	}
}

// roles in order of width; nobody proves nothing.
var roles = []string{"nobody", "CONSUMER", "SERVER", "ADMIN"}

// asker is one identity over all transports.
type asker struct {
	*client
	role   string
	scopes []string // of a key
	wire   *wire
}

func (a *asker) String() string { return strings.TrimSpace(a.role + " " + strings.Join(a.scopes, "+")) }

// refusal is the code that a field answers the identity; empty when it may.
func (a *asker) refusal(r rule) string {
	needs := r.who
	if needs == "anyone" {
		return ""
	}
	switch {
	case a.role == "nobody":
		return "UNAUTHENTICATED"
	case slices.Index(roles, a.role) < slices.Index(roles, needs), a.scopes != nil && !slices.Contains(a.scopes, r.scope):
		return "FORBIDDEN"
	}
	return ""
}

// askers are the identities of the matrix.
func askers(t *testing.T, s *shop) []*asker {
	list := []*asker{
		{client: s.bearing(t, "nonsense"), role: "nobody"},
		{client: s.persona(t), role: "CONSUMER"},
		{client: s.adminBrowser(t), role: "ADMIN"},
		{client: s.key(t), role: "SERVER", scopes: []string{"READ", "WRITE", "CATALOG", "USERS"}},
	}
	for _, scope := range []string{"READ", "WRITE", "CATALOG", "USERS"} {
		data := s.adminBrowser(t).must(`mutation { createApiKey(name: "narrow", scopes: [`+scope+`]) { secret } }`, nil)
		list = append(list, &asker{client: s.bearing(t, at[string](t, data, "createApiKey", "secret")), role: "SERVER", scopes: []string{scope}})
	}
	for _, a := range list {
		a.wire = a.client.wire()
	}
	return list
}

// TestTheMatrixOfIdentitiesAndFields sends the least operation with each root
// field as each identity over each transport, and finds exactly the refusals
// that the rules say.
func TestTheMatrixOfIdentitiesAndFields(t *testing.T) {
	schema := loadSchema(t)
	s := openShop(t)
	checked := 0
	for _, a := range askers(t, s) {
		for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
			for _, field := range root.Fields {
				if strings.HasPrefix(field.Name, "__") || strings.HasSuffix(field.Name, "ignIn") || strings.HasSuffix(field.Name, "ignOut") {
					continue // those would change who the client is
				}
				want := a.refusal(ruleOf(field))
				if want == "" && root == schema.Mutation && len(a.scopes) == 1 {
					continue // done already by the key with all scopes
				}
				document := strings.ToLower(root.Name) + " { " + field.Name + arguments(schema, field.Arguments) + selection(schema, field.Type) + " }"
				for transport, answer := range a.over(root.Name, document, want != "") {
					checked++
					got := answer.code()
					refused := got == "FORBIDDEN" || got == "UNAUTHENTICATED"
					if want != "" && got != want || want == "" && refused || strings.HasPrefix(got, "GRAPHQL") || got == "INTERNAL" {
						t.Errorf("%s.%s as %s by %s answered %q, want %q", root.Name, field.Name, a, transport, got, want)
					}
				}
			}
		}
	}
	t.Logf("%d combinations of field, identity and transport", checked)
}

// over sends an operation by each transport that takes its kind. A subscription
// that is not refused may have no news for long.
func (a *asker) over(kind, document string, refused bool) map[string]answer {
	a.t.Helper()
	while := patience
	if kind == "Subscription" && !refused {
		while = 300 * time.Millisecond
	}
	answers := map[string]answer{"WebSocket": a.wire.ask(document, while)}
	switch kind {
	case "Query":
		answers["GET"] = a.askByGet(document)
		fallthrough
	case "Mutation":
		answers["POST"] = a.ask(document, nil)
		answers["server-sent events"] = a.firstEvent(document, while)
	case "Subscription":
		answers["server-sent events"] = a.firstEvent(document, while)
	}
	return answers
}

func (c *client) askByGet(document string) (a answer) {
	c.t.Helper()
	response, body := c.get("/graphql?query=" + url.QueryEscape(document))
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		c.t.Fatalf("%s answered %d %s", document, response.StatusCode, body)
	}
	return a
}

func TestAMutationByGetIsRefusedBeforeItRuns(t *testing.T) {
	s := openShop(t)
	c := s.adminBrowser(t)
	response, _ := c.get("/graphql?query=" + url.QueryEscape(`mutation { hideProduct(id: "p01") { product { id } } }`))
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("answered %d, want 405", response.StatusCode)
	}
	if data := s.browser(t).must(`{ product(id: "p01") { id } }`, nil); data["product"] == nil {
		t.Error("the product was hidden all the same")
	}
}

func TestAKeyWithoutReadSeesNobodyThroughNode(t *testing.T) {
	s := openShop(t)
	data := s.adminBrowser(t).must(`mutation { createApiKey(name: "narrow", scopes: [WRITE]) { secret } }`, nil)
	key := s.bearing(t, at[string](t, data, "createApiKey", "secret"))
	if got := key.ask(`{ node(id: "VXNlcjphbm4=") { id } }`, nil).code(); got != "FORBIDDEN" {
		t.Errorf("answered %q, want FORBIDDEN", got)
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
	case t.NamedType == "Boolean":
		return "true"
	case t.NamedType == "Int", t.NamedType == "Float", t.NamedType == "Int64":
		return "1"
	case t.NamedType == "Time":
		return `"2026-01-02T03:04:05Z"`
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
