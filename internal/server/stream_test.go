package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"go.uber.org/goleak"

	"valse/store"
)

// events opens a subscription by server-sent events.
func (c *client) events(ctx context.Context, document string) <-chan answer {
	c.t.Helper()
	body, _ := json.Marshal(map[string]any{"query": document})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	answers := make(chan answer, 100)
	go func() {
		defer close(answers)
		defer response.Body.Close()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var a answer
				if json.Unmarshal([]byte(data), &a) == nil {
					answers <- a
				}
			}
		}
	}()
	return answers
}

// firstEvent opens a stream for one answer, or none within a while.
func (c *client) firstEvent(document string, while time.Duration) (a answer) {
	ctx, cancel := context.WithCancel(c.t.Context())
	defer cancel()
	select {
	case a = <-c.events(ctx, document):
	case <-time.After(while):
	}
	return a
}

// next waits for the next answer.
func next(t *testing.T, answers <-chan answer) answer {
	t.Helper()
	select {
	case a, open := <-answers:
		if !open {
			t.Fatal("the stream ended")
		}
		if len(a.Errors) > 0 {
			t.Fatalf("the stream answered %+v", a.Errors)
		}
		return a
	case <-time.After(patience):
		t.Fatalf("no answer within %v", patience)
	}
	panic("unreachable")
}

const subscribe = `subscription { recommendations(first: 5) { source recommendationId items { product { productId viewerRating } } } }`

func listed(t *testing.T, a answer) (ids []string) {
	t.Helper()
	items := at[[]any](t, a.Data, "recommendations", "items")
	for i := range items {
		ids = append(ids, at[string](t, items, i, "product", "productId"))
	}
	return ids
}

func TestAnOpenSubscriptionGetsTheChangedListAfterAnEvent(t *testing.T) {
	s := openShop(t)
	for name, open := range map[string]func(*client, context.Context) <-chan answer{
		"server-sent events": func(c *client, ctx context.Context) <-chan answer { return c.events(ctx, subscribe) },
		"WebSocket":          func(c *client, ctx context.Context) <-chan answer { return c.socket(ctx, subscribe) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c := s.browser(t)
			c.must(whoAmI, nil) // the cookie comes with the first answer
			answers := open(c, ctx)
			before := listed(t, next(t, answers))
			if len(before) != 5 {
				t.Fatalf("the first list is %v, want 5 products", before)
			}
			c.must(record, vars{"events": []vars{{"productId": before[0], "type": "HIDE"}, {"productId": before[1], "type": "PURCHASE"}}})
			after := listed(t, next(t, answers))
			if len(after) != 5 || slices.Contains(after, before[0]) || slices.Contains(after, before[1]) {
				t.Errorf("after hiding %s and buying %s the list is %v", before[0], before[1], after)
			}
		})
	}
}

func TestClosedSubscriptionsLeaveNothingBehind(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	c.must(whoAmI, nil)
	c.http.CloseIdleConnections()
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(t.Context())
	run, err := s.pipeline.Queue(ctx, store.RunTrain, "never started", struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	admin := s.adminBrowser(t)
	streams := []<-chan answer{
		c.events(ctx, subscribe), c.socket(ctx, subscribe),
		admin.events(ctx, `subscription { run(id: "`+run.ID+`") { state } }`),
	}
	for _, stream := range streams {
		next(t, stream)
	}
	streams = append(streams, admin.events(ctx, `subscription { runs { state } }`))
	if open := s.server.Live.Status().Subscriptions; open != 2 {
		t.Errorf("%d subscriptions are open, want 2", open)
	}
	eventually(t, "the gauge shows 4 open subscriptions", func() bool { return s.openSubscriptions(admin) == "4" })
	cancel()
	for _, stream := range streams {
		for range stream {
		}
	}
	eventually(t, "the gauge shows none", func() bool { return s.openSubscriptions(admin) == "0" })
	eventually(t, "the live service has no subscription left", func() bool { return s.server.Live.Status().Subscriptions == 0 })
	c.http.CloseIdleConnections()
	admin.http.CloseIdleConnections()
	eventually(t, "no goroutine is left", func() bool { return goleak.Find(before) == nil })
}

// openSubscriptions reads the gauge.
func (s *shop) openSubscriptions(c *client) string {
	_, body := c.get("/metrics")
	_, after, _ := strings.Cut(body, "\nvalse_graphql_subscriptions_open ")
	number, _, _ := strings.Cut(after, "\n")
	return number
}

func TestARunIsWatchedUntilItEnds(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	data := admin.must(`mutation { startTraining(input: {rank: 4}) { run { id runId state title input } userErrors { message } } }`, nil)
	id := at[string](t, data, "startTraining", "run", "id")
	one := admin.events(t.Context(), `subscription { run(id: "`+id+`") { state cancelRequested endedAt } }`)
	if got := at[string](t, next(t, one).Data, "run", "state"); got != "QUEUED" {
		t.Errorf("the run is %s at first", got)
	}
	before := s.store.watches.Load()
	all := admin.events(t.Context(), `subscription { runs { id state } }`)
	eventually(t, "all runs are watched", func() bool { return s.store.watches.Load() > before })
	admin.must(`mutation($id: ID!) { cancelRun(id: $id) { run { state } userErrors { message } } }`, vars{"id": id})
	if got := at[string](t, next(t, one).Data, "run", "state"); got != "CANCELLED" {
		t.Errorf("the run is %s after cancelling", got)
	}
	if _, open := <-one; open {
		t.Error("the stream goes on after the run's end")
	}
	if got := at[string](t, next(t, all).Data, "runs", "id"); got != id {
		t.Errorf("the stream of all runs sent %s", got)
	}
	list := at[[]any](t, admin.must(`{ runs(kind: TRAIN) { id startedAt endedAt output } }`, nil), "runs")
	if len(list) != 1 || list[0].(map[string]any)["startedAt"] != nil {
		t.Errorf("runs = %v, want the one, never started", list)
	}
}

// socket opens a subscription by WebSocket.
func (c *client) socket(ctx context.Context, document string) <-chan answer {
	c.t.Helper()
	conn, _, err := websocket.Dial(ctx, strings.Replace(c.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
		HTTPClient: c.http, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, message := range []any{
		map[string]any{"type": "connection_init"},
		map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": document}},
	} {
		if err := wsjson.Write(ctx, conn, message); err != nil {
			c.t.Fatal(err)
		}
	}
	answers := make(chan answer, 100)
	go func() {
		defer close(answers)
		defer conn.CloseNow()
		for {
			var message struct {
				Type    string
				Payload json.RawMessage
			}
			if wsjson.Read(ctx, conn, &message) != nil {
				return
			}
			switch message.Type {
			case "next":
				var a answer
				if json.Unmarshal(message.Payload, &a) == nil {
					answers <- a
				}
			case "ping":
				_ = wsjson.Write(ctx, conn, map[string]any{"type": "pong"})
			}
		}
	}()
	return answers
}

func TestASocketMayProveItselfWithItsFirstMessage(t *testing.T) {
	s := openShop(t)
	data := s.key(t).must(`mutation { createViewerToken(userId: "bob") { token } }`, nil)
	ctx := t.Context()
	conn, _, err := websocket.Dial(ctx, strings.Replace(s.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	write := func(message map[string]any) {
		if err := wsjson.Write(ctx, conn, message); err != nil {
			t.Fatal(err)
		}
	}
	write(map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + at[string](t, data, "createViewerToken", "token")}})
	write(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": whoAmI}})
	for {
		var message map[string]any
		if err := wsjson.Read(ctx, conn, &message); err != nil {
			t.Fatal(err)
		}
		if message["type"] == "next" {
			if got := at[string](t, message, "payload", "data", "viewer", "user", "userId"); got != "bob" {
				t.Errorf("the socket speaks for %s", got)
			}
			return
		}
	}
}

func TestShutdownEndsStreamsAndReturns(t *testing.T) {
	s := openShop(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.server.Run(ctx, listener) }()
	c := s.browser(t)
	c.url = "http://" + listener.Addr().String()
	streams := []<-chan answer{c.events(t.Context(), subscribe), c.socket(t.Context(), subscribe)}
	for _, stream := range streams {
		next(t, stream)
	}
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run = %v", err)
		}
	case <-time.After(patience):
		t.Fatal("Run did not return")
	}
	for _, stream := range streams {
		for range stream {
		}
	}
}
