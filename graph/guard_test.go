package graph

import (
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

func TestTheGuardRefusesWhatWouldCostTooMuchToValidate(t *testing.T) {
	limits := Limits{}.withDefaults()
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
		{"deep", strings.Repeat("{ a ", limits.Depth+1) + strings.Repeat("}", limits.Depth+1), codeTooLarge},
		{"deep by fragments", "{ a { ...F } } fragment F on T " + strings.Repeat("{ a ", limits.Depth) + strings.Repeat("}", limits.Depth), codeTooLarge},
		{"a fan of fragments", chain(20, 4), codeTooLarge},
		{"a fragment within itself", "{ ...A } fragment A on T { a { ...A } }", "GRAPHQL_VALIDATION_FAILED"},
		{"two fragments within each other", "{ ...A } fragment A on T { ...B } fragment B on T { ...A }", "GRAPHQL_VALIDATION_FAILED"},
		{"the query that stops a stock server", "{product(id:1){...A}} fragment A on Product{id similar{...A similar{...A similar{...A}}}}", "GRAPHQL_VALIDATION_FAILED"},
		{"deep introspection", "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			err := newGuard(limits).MutateOperationParameters(t.Context(), &graphql.RawParams{Query: c.document})
			code := ""
			if err != nil {
				code, _ = err.Extensions["code"].(string)
			}
			if code != c.code {
				t.Errorf("guard answered %v, want code %q", err, c.code)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}
