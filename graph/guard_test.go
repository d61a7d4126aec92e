package graph

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// chain is n fragments that each include the next so many times.
func chain(n, times int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { %s }", i, strings.Repeat(fmt.Sprintf("...F%d ", i+1), times))
	}
	fmt.Fprintf(&b, " fragment F%d on Query { a: __typename }", n)
	return b.String()
}

// toolsIntrospection is what graphql-js and GraphiQL ask for at their widest.
//
//go:embed testdata/introspection.graphql
var toolsIntrospection string

func TestTheGuardRefusesLongLists(t *testing.T) {
	long := make([]any, 251)
	params := &graphql.RawParams{Query: "{ a }", Variables: map[string]any{"input": map[string]any{"list": long}}}
	if err := newGuard(Limits{}.WithDefaults()).MutateOperationParameters(t.Context(), params); err == nil || err.Extensions["code"] != codeTooLarge {
		t.Errorf("guard answered %v, want code %s", err, codeTooLarge)
	}
	params.Variables["input"] = map[string]any{"list": long[:250]}
	if err := newGuard(Limits{}.WithDefaults()).MutateOperationParameters(t.Context(), params); err != nil {
		t.Errorf("guard refused 250 entries: %v", err)
	}
}

func TestTheGuardRefusesWhatWouldCostTooMuchToValidate(t *testing.T) {
	limits := Limits{}.WithDefaults()
	for _, c := range []struct{ name, document, code string }{
		{"plain", "{ products(first: 3) { nodes { title } } }", ""},
		{"several operations", "query A { a } query B { b }", ""},
		{"fragments used twice", "{ a { ...F } b { ...F } } fragment F on T { x y }", ""},
		{"a fragment nobody defined", "{ ...Nobody }", ""},
		{"not a document", "{", "GRAPHQL_PARSE_FAILED"},
		{"a million brackets", "{ a(b: " + strings.Repeat("[", 10_000), "GRAPHQL_PARSE_FAILED"},
		{"long", "{ a } #" + strings.Repeat("x", limits.Document), codeTooLarge},
		{"many tokens", "{" + strings.Repeat(" a", limits.Tokens) + " }", "GRAPHQL_PARSE_FAILED"},
		{"many roots", "{" + strings.Repeat(" a", limits.Roots+1) + " }", codeTooLarge},
		{"many roots by fragments", "{ ...A ... { ...A a } } fragment A on Query {" + strings.Repeat(" a", limits.Roots/2) + " }", codeTooLarge},
		{"as many roots as there may be by fragments", "{ ...A ... { ...A } } fragment A on Query {" + strings.Repeat(" a { b c }", limits.Roots/2) + " }", ""},
		{"many roots of several operations", "query A {" + strings.Repeat(" a", limits.Roots) + " } query B {" + strings.Repeat(" a", limits.Roots) + " }", ""},
		{"a long list", "{ a(b: [" + strings.Repeat("1 ", limits.Lists+1) + "]) }", codeTooLarge},
		{"a list that may be so long", "{ a(b: [" + strings.Repeat("1 ", limits.Lists) + "]) }", ""},
		{"a long list in an object in a list", "{ a { b(c: [{d: [" + strings.Repeat("1 ", limits.Lists+1) + "]}]) } }", codeTooLarge},
		{"a long list of a directive", "{ a @b(c: [" + strings.Repeat("1 ", limits.Lists+1) + "]) }", codeTooLarge},
		{"a long list as default", "query($a: [Int] = [" + strings.Repeat("1 ", limits.Lists+1) + "]) { b }", codeTooLarge},
		{"many directives of variables", "query($a: Int " + strings.Repeat("@a ", limits.Directives+1) + ") { b }", codeTooLarge},
		{"deep", strings.Repeat("{ a ", limits.Depth+1) + strings.Repeat("}", limits.Depth+1), codeTooLarge},
		{"deep by fragments", "{ a { ...F } } fragment F on T " + strings.Repeat("{ a ", limits.Depth) + strings.Repeat("}", limits.Depth), codeTooLarge},
		{"deep inline fragments", strings.Repeat("{ ... ", 3*limits.Depth) + "{ a }" + strings.Repeat("}", 3*limits.Depth), codeTooLarge},
		{"a fan of fragments", chain(20, 4), codeTooLarge},
		{"a fragment within itself", "{ ...A } fragment A on T { a { ...A } }", "GRAPHQL_VALIDATION_FAILED"},
		{"two fragments within each other", "{ ...A } fragment A on T { ...B } fragment B on T { ...A }", "GRAPHQL_VALIDATION_FAILED"},
		{"the query that stopped stock servers", stopping, "GRAPHQL_VALIDATION_FAILED"},
		{"a fragment that nobody uses within itself", "{ a } fragment A on T { a { ...A } }", "GRAPHQL_VALIDATION_FAILED"},
		{"a fan of fragments that nobody uses", "{ a } " + chain(20, 4)[len("{ ...F0 }"):], codeTooLarge},
		{"a fan of fragments that ends in none", "{ ...F0 } " + strings.TrimSuffix(chain(15, 4)[len("{ ...F0 }"):], "fragment F15 on Query { a: __typename }"), codeTooLarge},
		{"two fragments of one name", "{ ...A } fragment A on T { a } fragment A on T { ...A }", "GRAPHQL_VALIDATION_FAILED"},
		{"many fragments", "{ a }" + strings.Repeat(" fragment A on T { a }", limits.Fragments+1), codeTooLarge},
		{"many aliases", "{ p {" + strings.Repeat(" a: b", limits.Aliases+1) + " } }", codeTooLarge},
		{"many aliases by fragments", "{ p { ...A ...A ...A ...A } } fragment A on T { a: a1 b: a1 c: a1 d: a1 }", codeTooLarge},
		{"many directives", "{ p " + strings.Repeat("@a ", limits.Directives+1) + " }", codeTooLarge},
		{"many fields", "{ p {" + strings.Repeat(" a", limits.Fields) + " } }", codeTooLarge},
		{"many operations", strings.Repeat("query A { p { a a a a a a a a a a } } ", 1+limits.Fields/11), codeTooLarge},
		{"wide introspection", "{ __schema { types {" + strings.Repeat(" name", introspectionFields) + " } } }", codeTooLarge},
		{"endless introspection", "{ __schema { types " + strings.Repeat("{ fields { type ", introspectionDepth) + "{ name " + strings.Repeat("} }", introspectionDepth) + " } } }", codeTooLarge},
		{"the introspection of tools", toolsIntrospection, ""},
		{"deep introspection", "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := processorTime()
			err := newGuard(limits).MutateOperationParameters(t.Context(), &graphql.RawParams{Query: c.document})
			code := ""
			if err != nil {
				code, _ = err.Extensions["code"].(string)
			}
			if code != c.code {
				t.Errorf("guard answered %v, want code %q", err, c.code)
			}
			if took := processorTime() - before; took > time.Second {
				t.Errorf("took %v of processor time", took)
			}
		})
	}
}
