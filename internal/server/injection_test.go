package server

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"valse/store"
	"valse/store/journal"
	"valse/store/redis/redistest"
	"valse/warehouse"
)

// injections are texts that do something where somebody forgot to quote them.
func injections(listener string) []string {
	return []string{
		"x\r\n*1\r\n$8\r\nFLUSHALL\r\n", "x\r\nFLUSHALL\r\n", "$-1\r\n", // the Redis protocol
		`'; DROP TABLE products; --`, `" OR ""="`, `%' OR 1=1 --`, `x" NEAR "y`, `*`, `title:x`, // SQL and its full-text search
		`=cmd|' /C calc'!A0`, `@SUM(1+1)`, "+1+1", "-1+1", "\t=1+1", // formulas in CSV
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `]]></title><script>`, `javascript:alert(1)`, `&lt;b&gt;&#x27;`, // HTML and SVG
		"x\nlevel=ERROR msg=canary", "x\u001b[2J", "x\u2028y\u202ez", // logs and terminals
		`../../../../etc/passwd`, `..\..\windows`, `/etc/passwd`, `C:\x`, "a/../b", ".", "..", "con", // paths
		`{{7*7}}`, `${7*7}`, `$(touch canary)`, "`touch canary`", `%s%n%x`, `; touch canary`, // templates, shells, formats
		"http://" + listener + "/canary", "file:///etc/passwd", "gopher://" + listener + "/_x", "//" + listener, // requests from here
		"\"}],\"x\":[{", `\u0000`, "null", "__proto__", "constructor", "\ufeff", "e\u0301", strings.Repeat("x", 200),
	}
}

// TestNothingThatIsInjectedHasAnEffect puts each text wherever text can go, over
// each store, and looks for what it would have done.
func TestNothingThatIsInjectedHasAnEffect(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { inject(t, openShop(t)) })
	t.Run("redis", func(t *testing.T) {
		st := journalled(t)
		fill(t, st)
		inject(t, openShopOver(t, st))
	})
}

// journalled is a Redis behind a journal.
func journalled(t testing.TB) store.Store {
	t.Helper()
	archive, err := warehouse.Open(t.TempDir(), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	return behindJournal(t, redistest.Start(t), journal.Options{Archive: archive, Logger: slog.New(slog.DiscardHandler)})
}

func inject(t *testing.T, s *shop) {
	var requested atomic.Int32
	listener := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requested.Add(1) }))
	defer listener.Close()
	key, admin, visitor := s.key(t), s.adminBrowser(t), s.browser(t)
	list := injections(strings.TrimPrefix(listener.URL, "http://"))
	for _, text := range list {
		ask := func(c *client, document string, v vars) answer {
			a := c.ask(document, v)
			if code := a.code(); code != "" && code != "INVALID" && code != "NOT_FOUND" {
				t.Errorf("%q in %.60s is answered %+v", text, document, a.Errors)
			}
			return a
		}
		product := vars{"productId": text, "title": text, "description": text, "vendor": text, "category": text, "imageUrl": text, "attributes": []vars{{"name": text, "value": text}}}
		a := ask(key, `mutation($p: [ProductInput!]!) { putProducts(products: $p) { products { productId title vendor { name } attributes { name value } } userErrors { code } } }`, vars{"p": []vars{product}})
		if problems := at[[]any](t, a.Data, "putProducts", "userErrors"); len(problems) == 0 {
			stored := at[map[string]any](t, a.Data, "putProducts", "products", 0)
			if stored["productId"] != text || at[string](t, stored, "attributes", 0, "value") != text {
				t.Errorf("%q is stored as %v", text, stored)
			}
		} else {
			delete(product, "category")
			delete(product, "imageUrl")
			ask(key, `mutation($p: [ProductInput!]!) { putProducts(products: $p) { userErrors { code } } }`, vars{"p": []vars{product}})
		}
		ask(key, `mutation($u: [UserInput!]!) { putUsers(users: $u) { userErrors { code } } }`, vars{"u": []vars{{"userId": "user " + text, "name": text}}})
		ask(key, record, vars{"events": []vars{{"userId": "user " + text, "eventId": text, "productId": text, "type": "VIEW", "basket": text, "recommendationId": text}}})
		for _, document := range []string{
			`query($x: String!) { products(filter: {search: $x}) { totalCount } }`, `query($x: String!) { products(filter: {category: $x, vendor: $x}) { totalCount } }`,
			`query($x: String!) { products(after: $x) { totalCount } }`, `query($x: String!) { vendors(search: $x) { name } }`, `query($x: String!) { bestSellers(category: $x) { source } }`,
			`query($x: String!) { category(path: $x) { path } }`, `query($x: ID!) { product(id: $x) { title imageUrl similar { items { rank } } } }`, `query($x: ID!) { node(id: $x) { id } }`,
		} {
			ask(visitor, document, vars{"x": text})
		}
		for _, kind := range []string{"Product:", "User:", "Interaction:", "Run:", "Model:", "Category:", "Vendor:", "ApiKey:"} {
			ask(admin, `query($x: ID!) { node(id: $x) { id } }`, vars{"x": base64.StdEncoding.EncodeToString([]byte(kind + text))})
		}
		ask(admin, `query($x: String!) { users(search: $x) { totalCount } }`, vars{"x": text})
		ask(admin, `mutation($x: ID!) { exportUser(id: $x) { userErrors { code } } }`, vars{"x": "user " + text})
		ask(admin, `mutation($x: String!) { startImport(input: {source: $x, files: [{uploadId: $x, role: $x}]}) { userErrors { code } } }`, vars{"x": text})
		ask(admin, `mutation($x: String!) { createApiKey(name: $x) { userErrors { code } } }`, vars{"x": text})
		drawn(t, visitor, text)
		admin.do(http.MethodPost, "/api/uploads?name="+url.QueryEscape(text), "text/csv", strings.NewReader("x")).Body.Close()
	}
	data := visitor.must(`{ product(id: "p01") { title } }`, nil)
	if got := at[string](t, data, "product", "title"); got != "Product 01" {
		t.Errorf("p01 is now %q", got)
	}
	if n := requested.Load(); n != 0 {
		t.Errorf("%d requests were made to an address that somebody put in", n)
	}
	for line := range strings.Lines(s.log.String()) {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "\x1b") {
			t.Errorf("the log has a line of its own: %q", line)
		}
	}
	onlyUploads(t, s.server.uploads.dir)
	if _, err := os.Stat("canary"); err == nil {
		t.Error("a shell ran")
	}
	t.Logf("%d texts, each in about 40 places", len(list))
}

// drawn looks at the cover of a product: XML without scripts or links out.
func drawn(t *testing.T, c *client, id string) {
	t.Helper()
	response, body := c.get("/covers/" + url.PathEscape(id) + ".svg")
	if response.StatusCode != http.StatusOK {
		return
	}
	if csp := response.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the cover of %q may load what it likes: %s", id, csp)
	}
	for d := xml.NewDecoder(bytes.NewReader([]byte(body))); ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("the cover of %q is no XML: %v", id, err)
			return
		}
		if element, ok := token.(xml.StartElement); ok {
			for _, attribute := range element.Attr {
				if name := strings.ToLower(attribute.Name.Local); strings.HasPrefix(name, "on") || name == "href" || strings.EqualFold(element.Name.Local, "script") {
					t.Errorf("the cover of %q has <%s %s>", id, element.Name.Local, name)
				}
			}
		}
	}
}

// onlyUploads wants one file a folder, each folder named by an id.
func onlyUploads(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if relative, err := filepath.Rel(dir, path); err != nil || strings.Count(relative, string(filepath.Separator)) != 1 || strings.HasPrefix(relative, "..") {
			t.Errorf("a file lies at %s", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestNoOtherSiteCanActForItsVisitor sends what a page elsewhere can make a
// browser send, with the visitor's cookies.
func TestNoOtherSiteCanActForItsVisitor(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	const mutation = `mutation{hideProduct(id:\"p02\"){product{id}}}`
	foreign := []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://elsewhere.example"}}, {"Origin": {"null"}},
		{"Origin": {"http://127.0.0.1:1"}, "Sec-Fetch-Site": {"same-site"}},
	}
	for _, header := range foreign {
		for _, contentType := range []string{"application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
			for _, accept := range []string{"*/*", "text/event-stream"} {
				request, _ := http.NewRequest(http.MethodPost, s.URL+"/graphql", strings.NewReader(`{"query":"`+mutation+`"}`))
				request.Header = header.Clone()
				request.Header.Set("Content-Type", contentType)
				request.Header.Set("Accept", accept)
				response, err := admin.http.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if response.StatusCode != http.StatusForbidden {
					t.Errorf("%v %s is answered %d, want 403", header, contentType, response.StatusCode)
				}
			}
		}
		request, _ := http.NewRequest(http.MethodPost, s.URL+"/api/uploads?name=x.csv", strings.NewReader("x"))
		request.Header = header.Clone()
		response, err := admin.http.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("an upload from %v is answered %d, want 403", header, response.StatusCode)
		}
	}
	// What a form or an image may send counts as simple: it must not be a request.
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
		response := admin.do(http.MethodPost, "/graphql", contentType, strings.NewReader(`{"query":"`+mutation+`"}`))
		response.Body.Close()
		if response.StatusCode < 400 {
			t.Errorf("a body of %q is answered %d", contentType, response.StatusCode)
		}
	}
	response, _ := admin.get("/graphql?query=" + url.QueryEscape(`mutation{hideProduct(id:"p02"){product{id}}}`))
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a mutation by GET is answered %d", response.StatusCode)
	}
	if data := s.browser(t).must(`{ product(id: "p02") { id } }`, nil); data["product"] == nil {
		t.Error("the product was hidden all the same")
	}
	admin.must(`mutation{hideProduct(id:"p02"){product{id}}}`, nil) // the control
}
