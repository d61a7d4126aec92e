package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"valse/internal/trial"
)

// TestSlowSendersAreShedWhileHealthAnswers opens sockets that send their headers
// or bodies a byte at a time, to routes that read bodies and routes that do not.
func TestSlowSendersAreShedWhileHealthAnswers(t *testing.T) {
	s := openShop(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.server.Run(ctx, listener) }()
	defer func() { stop(); <-done }()
	address := listener.Addr().String()
	starts := []string{
		"GET /healthz HTTP/1.1\r\nHost: shop\r\nX-Slow: ",
		"POST /graphql HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
		"POST /graphql HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{",
		"POST /nothing HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n{",
		"POST /api/uploads HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n{",
	}
	var wait sync.WaitGroup
	n := trial.Rounds(100, 2000)
	open := time.Now()
	limit := max(headerTimeout, bodyTimeout) + 20*time.Second // for a slow machine
	shed := make(chan time.Duration, n)
	for i := range n {
		wait.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_ = conn.SetDeadline(open.Add(2 * limit)) // who is not shed gives up
			_, _ = io.WriteString(conn, starts[i%len(starts)])
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				_, _ = io.Copy(io.Discard, conn) // until the server closes
			}()
			for {
				select {
				case <-gone:
					shed <- time.Since(open)
					return
				case <-time.After(time.Second):
					_, _ = conn.Write([]byte("x"))
				}
			}
		})
	}
	for range 5 {
		response, err := http.Get("http://" + address + "/healthz")
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("health answers %v, %v while %d sockets are slow", response, err, n)
		}
		response.Body.Close()
		time.Sleep(time.Second)
	}
	wait.Wait()
	close(shed)
	last := time.Duration(0)
	for took := range shed {
		last = max(last, took)
	}
	t.Logf("%d slow sockets were shed, the last after %.1f s", n, last.Seconds())
	if last > limit {
		t.Errorf("the last slow socket was shed after %v, want at most %v", last, limit)
	}
}

func TestWhatIsNoRequestIsNeitherRepeatedNorLogged(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	const canary = "canary-secret"
	for name, body := range map[string]string{
		"no JSON": `{"query": "` + canary, "a list": `["` + canary + `"]`, "a query that is none": `{"query": {"x": "` + canary + `"}}`,
		"variables that are none": `{"query": "{viewer{role}}", "variables": "` + canary + `"}`, "no query": `{"canary": "` + canary + `"}`,
		"more than a request": `{"query": "{viewer{role}}"} ` + canary, "two requests": `{"query": "{viewer{role}}"}{"query": "` + canary + `"}`,
	} {
		for _, accept := range []string{"application/json", "application/graphql-response+json", "text/event-stream"} {
			request, _ := http.NewRequest(http.MethodPost, c.url+"/graphql", strings.NewReader(body))
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Accept", accept)
			response, err := c.http.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode != http.StatusBadRequest || strings.Contains(string(text), canary) || !strings.Contains(string(text), "BAD_REQUEST") {
				t.Errorf("%s (%s) is answered %d %s", name, accept, response.StatusCode, text)
			}
		}
	}
	for _, query := range []string{"query={viewer{role}}&variables=" + canary, "query={viewer{role}}&variables={}" + canary, "extensions=" + canary, "", "query=%zz" + canary} {
		response, text := c.get("/graphql?" + query)
		if response.StatusCode != http.StatusBadRequest || strings.Contains(text, canary) {
			t.Errorf("GET ?%s is answered %d %s", query, response.StatusCode, text)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		response := c.do(method, "/graphql", "text/plain", strings.NewReader(`{"query": "`+canary+`"}`))
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), `"BAD_REQUEST"`) || strings.Contains(string(text), canary) {
			t.Errorf("%s of plain text is answered %d %s", method, response.StatusCode, text)
		}
	}
	if strings.Contains(s.log.String(), canary) {
		t.Errorf("logged:\n%s", s.log)
	}
}

func TestWhoSpendsTheirPointsHasToWait(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	var mu sync.Mutex
	s := openShop(t, func(c *Config) {
		c.Limits.Points = 120
		c.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	const document = `{ products(first: 50) { nodes { title } } }` // 51 points
	visitor := s.browser(t)
	spend := func(c *client) (status int, requested, remaining float64, code string) {
		response := c.do(http.MethodPost, "/graphql", "application/json", strings.NewReader(fmt.Sprintf(`{"query":%q}`, document)))
		defer response.Body.Close()
		var a struct {
			answer
			Extensions struct {
				Cost struct {
					Requested, Remaining float64
					ResetAt              time.Time
				}
			}
		}
		decode(t, response.Body, &a)
		if a.Extensions.Cost.ResetAt.Before(now) {
			t.Errorf("resetAt = %v, want no earlier than %v", a.Extensions.Cost.ResetAt, now)
		}
		return response.StatusCode, a.Extensions.Cost.Requested, a.Extensions.Cost.Remaining, a.code()
	}
	if status, requested, remaining, code := spend(visitor); status != 200 || requested != 51 || remaining != 69 || code != "" {
		t.Errorf("first: %d, cost %v, %v left, %q", status, requested, remaining, code)
	}
	spend(visitor)
	if status, _, remaining, code := spend(visitor); status != http.StatusTooManyRequests || remaining != 18 || code != "RATE_LIMITED" {
		t.Errorf("third: %d, %v left, %q: want 429", status, remaining, code)
	}
	if status, _, _, _ := spend(s.browser(t)); status != http.StatusTooManyRequests {
		t.Errorf("another visitor from the same address is answered %d, want 429", status)
	}
	if status, _, _, _ := spend(s.key(t)); status != 200 {
		t.Errorf("a key is answered %d", status)
	}
	mu.Lock()
	now = now.Add(30 * time.Second)
	mu.Unlock()
	if status, _, remaining, _ := spend(visitor); status != 200 || remaining != 24 { // 3 of the address went into signing the admin in
		t.Errorf("half a minute later: %d, %v left, want 24", status, remaining)
	}
}

func TestAVisitorsAddressIsWhatTheNearestStrangerSays(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1234", "", "203.0.113.9"},
		{"203.0.113.9:1234", "198.51.100.1", "203.0.113.9"},
		{"10.0.0.2:1234", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.2:1234", "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"},
		{"[::1]:1234", "2001:db8::7", "2001:db8::7"},
		{"10.0.0.2:1234", "nonsense", "10.0.0.2"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := proxies(privateNetworks).address(r); got != c.want {
			t.Errorf("address(%s, forwarded for %q) = %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}
