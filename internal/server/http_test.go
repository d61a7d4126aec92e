package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"valse/store"
)

func TestTheWebAppIsServedAtEveryAddressThatIsNoFile(t *testing.T) {
	c := openShop(t).browser(t)
	for _, path := range []string{"/", "/product/p01", "/studio/models", "/a.b/c"} {
		request, _ := http.NewRequest(http.MethodGet, c.url+path, nil)
		request.Header.Set("Accept", "text/html,*/*")
		response, err := c.http.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(body), "<title>valse") || response.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s answered %d, %q, Cache-Control %q", path, response.StatusCode, body, response.Header.Get("Cache-Control"))
		}
	}
	if response, _ := c.get("/assets/app-1.js"); !strings.Contains(response.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("an asset may be kept %q, want forever", response.Header.Get("Cache-Control"))
	}
	for _, path := range []string{"/assets/gone-2.js", "/api/nothing", "/robots.txt"} {
		if response, _ := c.get(path); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s answered %d, want 404", path, response.StatusCode)
		}
	}
}

func TestEveryAnswerCarriesThePolicyThatKeepsScriptsOut(t *testing.T) {
	c := openShop(t).browser(t)
	for _, path := range []string{"/", "/healthz", "/graphql?query={viewer{role}}", "/nothing.txt"} {
		response, _ := c.get(path)
		csp := response.Header.Get("Content-Security-Policy")
		contains(t, csp, "default-src 'self'")
		if strings.Contains(csp, "script-src") || response.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, response.Header)
		}
	}
}

func TestCoversAreDrawnForProductsOfAnyIdAndKept(t *testing.T) {
	s := openShop(t)
	id := `odd/id %.b "ü"`
	if _, _, err := s.store.PutProducts(t.Context(), []store.Product{{ID: id, Title: "Odd", Price: -1}}); err != nil {
		t.Fatal(err)
	}
	c := s.browser(t)
	data := c.must(`query($id: ID!) { product(id: $id) { imageUrl } }`, vars{"id": id})
	path := at[string](t, data, "product", "imageUrl")
	if want := "/covers/" + url.PathEscape(id) + ".svg"; path != want {
		t.Errorf("imageUrl = %s, want %s", path, want)
	}
	response, body := c.get(path)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(body, "<svg") {
		t.Fatalf("%s answered %d %s", path, response.StatusCode, response.Header.Get("Content-Type"))
	}
	request, _ := http.NewRequest(http.MethodGet, c.url+path, nil)
	request.Header.Set("If-None-Match", response.Header.Get("ETag"))
	again, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("asking again answered %d, want 304", again.StatusCode)
	}
	if response, _ := c.get("/covers/nothing.svg"); response.StatusCode != http.StatusNotFound {
		t.Errorf("the cover of nothing answered %d", response.StatusCode)
	}
}

// awayStore answers nothing about a product or a key.
type awayStore struct{ store.Store }

func (awayStore) Product(context.Context, string) (store.Product, error) {
	return store.Product{}, fmt.Errorf("read a product: %w", store.ErrUnavailable)
}

func (awayStore) Setting(context.Context, string) ([]byte, error) {
	return nil, fmt.Errorf("read a setting: %w", store.ErrUnavailable)
}

func TestAKeyThatCannotBeLookedUpIsNotCalledWrong(t *testing.T) {
	s := openShop(t)
	key := s.key(t)
	s.server.sessions.keys.settings = awayStore{s.store}
	response := key.do(http.MethodPost, "/graphql", "application/json", strings.NewReader(`{"query":"{ viewer { role } }"}`))
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("it is answered %d, Retry-After %q; want 503 and when to come again", response.StatusCode, response.Header.Get("Retry-After"))
	}
	w := s.browser(t).dial()
	w.send(message{Type: "connection_init", Payload: json.RawMessage(`{"Authorization":"Bearer ` + key.bearer + `"}`)})
	if code := w.closed(); code != websocket.StatusTryAgainLater {
		t.Errorf("a socket is closed with %d, want %d", code, websocket.StatusTryAgainLater)
	}
}

func TestACoverWaitsForAStoreThatDoesNotAnswer(t *testing.T) {
	s := openShop(t)
	s.server.Store = awayStore{s.server.Store}
	response, _ := s.browser(t).get("/covers/p01.svg")
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("a cover is answered %d, Retry-After %q; want 503 and when to come again", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

func TestReadinessNamesWhatIsPromised(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	if response, body := c.get("/healthz"); response.StatusCode != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz answered %d %q", response.StatusCode, body)
	}
	c.must(record, vars{"events": []vars{{"productId": "p01", "type": "VIEW"}}})
	response, body := c.get("/readyz")
	var got readiness
	if err := json.Unmarshal([]byte(body), &got); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("/readyz answered %d %q: %v", response.StatusCode, body, err)
	}
	if want := (readiness{Ready: true, Store: "ok", Durability: s.store.Durability(), TransportLag: 1}); got != want {
		t.Errorf("/readyz = %+v, want %+v", got, want)
	}
}

func TestMetricsCountOperationsByBoundedNames(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	for i := range maxOperationNames + 5 {
		c.must(fmt.Sprintf(`query Named%d { viewer { role } }`, i), nil)
	}
	c.ask(`query Wrong { nothing }`, nil)
	_, body := c.get("/metrics")
	contains(t, body, `valse_graphql_responses_total{code="OK",kind="query",operation="Named7"} 1`)
	contains(t, body, `operation="other"} 5`)
	contains(t, body, `code="GRAPHQL_VALIDATION_FAILED",kind="refused"`)
	contains(t, body, `valse_graphql_subscriptions_open 0`)
}

func TestUploadsAreForAdminsAndFindTheirWayIntoAnImport(t *testing.T) {
	s := openShop(t, func(c *Config) { c.MaxUpload = 1000 })
	const file = "user_id,item_id,type,value,timestamp\nann,p01,PURCHASE,1,2026-01-02T03:04:05Z\n"
	if response := s.browser(t).do(http.MethodPost, "/api/uploads?name=i.csv", "text/csv", strings.NewReader(file)); response.StatusCode != http.StatusForbidden {
		t.Errorf("a visitor's upload is answered %d, want 403", response.StatusCode)
	}
	admin := s.adminBrowser(t)
	if response := admin.do(http.MethodPost, "/api/uploads?name=big.csv", "text/csv", strings.NewReader(strings.Repeat("x", 1001))); response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("an upload that is too large is answered %d, want 413", response.StatusCode)
	}
	for _, name := range []string{"", ".", "..%2F..", "a%00b", strings.Repeat("x", 201)} {
		if response := admin.do(http.MethodPost, "/api/uploads?name="+name, "text/csv", strings.NewReader(file)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("an upload named %q is answered %d, want 400", name, response.StatusCode)
		}
	}
	if left, _ := os.ReadDir(s.server.uploads.dir); len(left) != 0 {
		t.Errorf("refused uploads left %v", left)
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, _ := writer.CreateFormFile("file", "../../interactions.csv")
	_, _ = io.WriteString(part, file)
	_ = writer.Close()
	for name, response := range map[string]*http.Response{
		"interactions.csv": admin.do(http.MethodPost, "/api/uploads", writer.FormDataContentType(), &form),
		"raw.csv":          admin.do(http.MethodPost, "/api/uploads?name=..%2F..%2Fraw.csv", "text/csv", strings.NewReader(file)),
	} {
		var answer struct {
			UploadID, Name string
			Bytes          int
		}
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Name != name || answer.Bytes != len(file) {
			t.Fatalf("upload answered %+v, %v, want %s of %d bytes", answer, err, name, len(file))
		}
		data := admin.must(`mutation($id: String!) { startImport(input: {source: "csv", dryRun: true, files: [{role: "interactions", uploadId: $id}]}) {
			run { title input } userErrors { message } } }`, vars{"id": answer.UploadID})
		if got := at[string](t, data, "startImport", "run", "input", "files", 0, "name"); got != name {
			t.Errorf("the import reads %s, want %s", got, name)
		}
	}
}

func TestOldUploadsAreRemoved(t *testing.T) {
	now := time.Now()
	u, err := newUploads(t.TempDir(), 100, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	id, _, err := u.keep("a.csv", strings.NewReader("a"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Upload(t.Context(), id); err != nil {
		t.Errorf("Upload = %v", err)
	}
	now = now.Add(keepUploads + time.Hour)
	if _, _, err := u.keep("b.csv", strings.NewReader("b")); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Upload(t.Context(), id); err == nil {
		t.Error("an old upload is still there")
	}
}

func TestBodiesThatAreTooLargeOrMalformedAreRefusedWithoutRepeatingThem(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"too large":       {`{"query":"` + strings.Repeat("x", 300<<10) + `"}`, http.StatusRequestEntityTooLarge},
		"not JSON":        {`{"query": canary`, http.StatusBadRequest},
		"not an object":   {`["canary"]`, http.StatusBadRequest},
		"of another type": {`{"query": {"canary": 1}}`, http.StatusBadRequest},
	} {
		for _, accept := range []string{"application/json", "text/event-stream"} {
			request, _ := http.NewRequest(http.MethodPost, s.URL+"/graphql", strings.NewReader(test.body))
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Accept", accept)
			response, err := c.http.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode != test.status || strings.Contains(string(body), "canary") {
				t.Errorf("%s, accepting %s: answered %d %s, want %d", name, accept, response.StatusCode, body, test.status)
			}
		}
	}
	if strings.Contains(s.log.String(), "canary") {
		t.Error("the log repeats a malformed body")
	}
}

func TestAFaultIsLoggedOnceAndAnsweredWithItsIdOnly(t *testing.T) {
	s := openShop(t)
	s.store.faulty.Store(true)
	a := s.browser(t).ask(`{ personas { name } }`, nil)
	if a.code() != "INTERNAL" || strings.Contains(a.Errors[0].Message, "canary") {
		t.Errorf("answered %+v", a)
	}
	id, _ := a.Errors[0].Extensions["id"].(string)
	if log := s.log.String(); strings.Count(log, "canary") == 0 || strings.Count(log, id) != 1 {
		t.Errorf("the log does not have the fault once under %s:\n%s", id, log)
	}
}
