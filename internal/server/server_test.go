package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"valse/internal/live"
	"valse/internal/pipeline"
	"valse/store"
	"valse/store/sqlite"
	"valse/warehouse"
)

const adminToken = "token-of-the-tests"

// patience is how long a slow machine may take over what a test waits for.
const patience = time.Minute

// shop is a running server over a store of its own.
type shop struct {
	*httptest.Server
	server   *Server
	store    *countingStore
	pipeline *pipeline.Pipeline
	log      *lockedBuffer
}

// openShop starts a server with 30 products, a persona and a plain user.
func openShop(t testing.TB, change ...func(*Config)) *shop {
	t.Helper()
	st := openSQLite(t, t.TempDir())
	fill(t, st)
	return openShopOver(t, st, change...)
}

func openSQLite(t testing.TB, folder string) store.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), folder, "test", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// openShopOver starts a server over a store, which it closes.
func openShopOver(t testing.TB, st store.Store, change ...func(*Config)) *shop {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	wh, err := warehouse.Open(t.TempDir(), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{store: &countingStore{Store: st, calls: map[string]int{}}, log: &lockedBuffer{}}
	logger := slog.New(slog.NewTextHandler(s.log, nil))
	s.pipeline = pipeline.New(s.store, wh, pipeline.Options{Logger: logger, Heartbeat: 80 * time.Millisecond})
	service := live.New(s.store, s.pipeline, live.Options{Logger: logger, Settle: time.Millisecond})

	config := Config{
		Store: s.store, Live: service, Pipeline: s.pipeline, DataDir: t.TempDir(), Partition: "test",
		AdminToken: adminToken, Logger: logger,
		Frontend: fstest.MapFS{
			"index.html":       {Data: []byte("<!doctype html><title>valse</title>")},
			"assets/app-1.js":  {Data: []byte("export {}")},
			"favicon.svg":      {Data: []byte("<svg/>")},
			"assets/font.woff": {Data: []byte("font")},
		},
	}
	for _, c := range change {
		c(&config)
	}
	if s.server, err = New(ctx, config); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() { _ = service.Run(ctx) })
	s.Server = httptest.NewServer(s.server)
	t.Cleanup(func() {
		s.server.close()
		s.Close()
		cancel()
		wait.Wait()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fill stores what the tests look at.
func fill(t testing.TB, st store.Store) {
	t.Helper()
	var products []store.Product
	for i := range 30 {
		products = append(products, store.Product{
			ID: fmt.Sprintf("p%02d", i), Title: fmt.Sprintf("Product %02d", i), Description: "of the tests",
			Category: fmt.Sprintf("Outdoor > Kind %d", i%3), Vendor: fmt.Sprintf("Vendor %d", i%2),
			Price: int64(100 + i), Currency: "EUR", PublishedAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC),
		})
	}
	products[29].Hidden = true
	if _, _, err := st.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	users := []store.User{{ID: "ann", Name: "Ann", Persona: "likes kind 1"}, {ID: "bob", Name: "Bob"}}
	if _, _, err := st.PutUsers(t.Context(), users); err != nil {
		t.Fatal(err)
	}
}

// countingStore counts the calls that a page could make once too often, and
// fails when it is told to.
type countingStore struct {
	store.Store
	mu    sync.Mutex
	calls map[string]int
	// watches is how often notices were asked for.
	watches atomic.Int64
	// faulty makes reading users panic.
	faulty atomic.Bool
	// hold, when not nil, is what reading users waits for.
	hold chan struct{}
}

func (c *countingStore) Users(ctx context.Context, q store.UserQuery) (store.UserPage, error) {
	if c.faulty.Load() {
		panic("canary")
	}
	if c.hold != nil {
		<-c.hold
	}
	return c.Store.Users(ctx, q)
}

func (c *countingStore) Watch(ctx context.Context) (<-chan store.Notice, error) {
	notices, err := c.Store.Watch(ctx)
	c.watches.Add(1)
	return notices, err
}

func (c *countingStore) count(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[call]++
}

// counted returns the counts since the last time.
func (c *countingStore) counted() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = map[string]int{}
	return calls
}

func (c *countingStore) Product(ctx context.Context, id string) (store.Product, error) {
	c.count("Product")
	return c.Store.Product(ctx, id)
}

func (c *countingStore) ProductsByID(ctx context.Context, ids []string) ([]*store.Product, error) {
	c.count("ProductsByID")
	return c.Store.ProductsByID(ctx, ids)
}

func (c *countingStore) Products(ctx context.Context, q store.ProductQuery) (store.ProductPage, error) {
	c.count("Products")
	return c.Store.Products(ctx, q)
}

func (c *countingStore) Ratings(ctx context.Context, userID string, productIDs []string) ([]store.UserRating, error) {
	c.count("Ratings")
	return c.Store.Ratings(ctx, userID, productIDs)
}

func (c *countingStore) Categories(ctx context.Context) ([]store.Facet, error) {
	c.count("Categories")
	return c.Store.Categories(ctx)
}

func (c *countingStore) Vendors(ctx context.Context) ([]store.Facet, error) {
	c.count("Vendors")
	return c.Store.Vendors(ctx)
}

func (c *countingStore) History(ctx context.Context, userID string, q store.HistoryQuery) (store.HistoryPage, error) {
	c.count("History")
	return c.Store.History(ctx, userID, q)
}

// lockedBuffer is a log that tests read while servers write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// client is a browser, or a server with a key.
type client struct {
	t      testing.TB
	url    string
	http   *http.Client
	bearer string
}

func (s *shop) browser(t testing.TB) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, url: s.URL, http: &http.Client{Jar: jar, Transport: s.Client().Transport}}
}

// bearing is a client that proves itself by a token.
func (s *shop) bearing(t testing.TB, token string) *client {
	return &client{t: t, url: s.URL, http: &http.Client{Transport: s.Client().Transport}, bearer: token}
}

// adminBrowser is a browser that has signed in to the studio.
func (s *shop) adminBrowser(t testing.TB) *client {
	t.Helper()
	c := s.browser(t)
	c.must(`mutation($token: String!) { adminSignIn(token: $token) { viewer { role } userErrors { message } } }`, vars{"token": adminToken})
	return c
}

// persona is a browser that has signed in as Ann.
func (s *shop) persona(t testing.TB) *client {
	t.Helper()
	c := s.browser(t)
	c.must(`mutation { signIn(userId: "ann") { viewer { user { userId } } } }`, nil)
	return c
}

// key is a client with a fresh API key.
func (s *shop) key(t testing.TB) *client {
	t.Helper()
	data := s.adminBrowser(t).must(`mutation { createApiKey(name: "backend") { secret } }`, nil)
	return s.bearing(t, at[string](t, data, "createApiKey", "secret"))
}

type vars map[string]any

// answer is a GraphQL response.
type answer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// code is that of the first error; empty without one.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// ask sends an operation.
func (c *client) ask(document string, v vars) answer {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": v})
	if err != nil {
		c.t.Fatal(err)
	}
	response := c.do(http.MethodPost, "/graphql", "application/json", bytes.NewReader(body))
	defer response.Body.Close()
	var a answer
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		c.t.Fatalf("answer to %s: %v", document, err)
	}
	return a
}

func decode(t testing.TB, from io.Reader, to any) {
	t.Helper()
	if err := json.NewDecoder(from).Decode(to); err != nil {
		t.Fatal(err)
	}
}

// must is ask for an operation that has to succeed.
func (c *client) must(document string, v vars) map[string]any {
	c.t.Helper()
	a := c.ask(document, v)
	if len(a.Errors) > 0 {
		c.t.Fatalf("%s\nanswered %+v", document, a.Errors)
	}
	return a.Data
}

func (c *client) do(method, path, contentType string, body io.Reader) *http.Response {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { response.Body.Close() })
	return response
}

// get fetches a page and returns it with its body read.
func (c *client) get(path string) (*http.Response, string) {
	c.t.Helper()
	response := c.do(http.MethodGet, path, "", nil)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, string(body)
}

// at digs a value out of an answer by names and positions.
func at[T any](t testing.TB, data any, path ...any) T {
	t.Helper()
	found := data
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := found.(map[string]any)
			found = object[step]
		case int:
			list, _ := found.([]any)
			if step >= len(list) {
				t.Fatalf("%v has no entry %d of %v", data, step, path)
			}
			found = list[step]
		}
	}
	value, ok := found.(T)
	if !ok {
		t.Fatalf("%v at %v is %T, want %T", data, path, found, value)
	}
	return value
}

// eventually waits for something to hold.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func contains(t testing.TB, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q does not contain %q", text, part)
	}
}

// quote is a value as JSON.
func quote(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
