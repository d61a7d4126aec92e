package server

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"valse/graph"
)

func TestOnlyKnownDocumentsAreAcceptedWhenSomeAreNamed(t *testing.T) {
	s := openShop(t, func(c *Config) {
		c.Documents = []fs.FS{fstest.MapFS{"backend/one.graphql": {Data: []byte(`query Mine { products(first: 3) { nodes { ...T } } } fragment T on Product { title }`)}}}
	})
	c := s.browser(t)
	const webApp = `query Viewer { viewer { __typename ...ViewerFields } } fragment ViewerFields on Viewer { __typename role isAnonymous user { id userId name persona __typename } }`
	for _, d := range []struct{ name, document, code string }{
		{"a registered one", `query Mine { products(first: 3) { nodes { ...T } } } fragment T on Product { title }`, ""},
		{"laid out differently, with __typename", `fragment T on Product{title __typename}query Mine{products(first:3){__typename nodes{...T __typename}}}`, ""},
		{"one of the web app's", webApp, ""},
		{"one that takes more", `query Mine { products(first: 100) { nodes { ...T } } } fragment T on Product { title }`, "FORBIDDEN"},
		{"one with another fragment", `query Mine { products(first: 3) { nodes { ...T } } } fragment T on Product { title description }`, "FORBIDDEN"},
		{"a mutation of one's own", `mutation { signOut { viewer { role } } }`, "FORBIDDEN"},
		{"one beside a registered one", `query Mine { products(first: 3) { nodes { ...T } } } query Other { viewer { role } } fragment T on Product { title }`, "FORBIDDEN"},
		{"introspection", `{ __schema { types { name } } }`, "FORBIDDEN"},
	} {
		if got := c.ask(d.document, nil); got.code() != d.code {
			t.Errorf("%s is answered %+v, want code %q", d.name, got, d.code)
		}
	}
}

func TestThePlaygroundAndIntrospectionAreForWhomTheSettingSays(t *testing.T) {
	const ask = `{ ...A } fragment A on Query { __schema { queryType { name } } }`
	for access, want := range map[graph.Access][2]bool{"": {true, true}, "everyone": {true, true}, "admin": {false, true}, "nobody": {false, false}} {
		s := openShop(t, func(c *Config) { c.Playground = access })
		for n, c := range []*client{s.browser(t), s.adminBrowser(t)} {
			code := map[bool]string{true: "", false: "FORBIDDEN"}[want[n]]
			if got := c.ask(ask, nil); got.code() != code {
				t.Errorf("%q: introspection by client %d is answered %+v, want %q", access, n, got, code)
			}
			status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[want[n]]
			if response, _ := c.get("/playground"); response.StatusCode != status {
				t.Errorf("%q: the playground is answered %d to client %d, want %d", access, response.StatusCode, n, status)
			}
			if got := c.ask(`{ vieweer { role } }`, nil); strings.Contains(got.Errors[0].Message, "Did you mean") != (access == "" || access == "everyone") {
				t.Errorf("%q: a misspelt field is answered %q", access, got.Errors[0].Message)
			}
			c.must(`{ __typename viewer { role } }`, nil)
		}
	}
}
