package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"valse/graph"
	"valse/store"
)

const quiet = `subscription { recommendations(first: 1) { source } }`

func TestASocketThatBreaksTheProtocolIsClosedWithItsCode(t *testing.T) {
	s := openShop(t)
	subscribe := message{Type: "subscribe", ID: "1", Payload: json.RawMessage(`{"query":"` + quiet + `"}`)}
	initial := message{Type: "connection_init"}
	for _, c := range []struct {
		name string
		send []message
		code websocket.StatusCode
	}{
		{"subscribes before it is acknowledged", []message{subscribe}, 4401},
		{"initialises twice", []message{initial, initial}, 4429},
		{"uses an id twice", []message{initial, subscribe, subscribe}, 4409},
		{"a type that the protocol has not", []message{initial, {Type: "hello"}}, 4400},
		{"a type that only servers send", []message{initial, {Type: "next", ID: "1"}}, 4400},
		{"a subscription without an id", []message{initial, {Type: "subscribe", Payload: subscribe.Payload}}, 4400},
		{"a subscription without a payload", []message{initial, {Type: "subscribe", ID: "1"}}, 4400},
		{"a payload that is no object", []message{initial, {Type: "subscribe", ID: "1", Payload: json.RawMessage(`"query"`)}}, 4400},
		{"a payload that is no request", []message{initial, {Type: "subscribe", ID: "1", Payload: json.RawMessage(`{"query":5}`)}}, 4400},
		{"an initial payload that is no object", []message{{Type: "connection_init", Payload: json.RawMessage(`["token"]`)}}, 4400},
		{"a token that proves nothing", []message{{Type: "connection_init", Payload: json.RawMessage(`{"Authorization":"Bearer vk_no_key"}`)}}, 4403},
		{"a message that is too large", []message{initial, {Type: "ping", Payload: json.RawMessage(`"` + strings.Repeat("x", 300<<10) + `"`)}}, websocket.StatusMessageTooBig},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.browser(t).dial()
			for i, m := range c.send {
				w.send(m)
				if m.Type == "connection_init" && i+1 < len(c.send) {
					if ack := w.read(); ack.Type != "connection_ack" {
						t.Fatalf("connection_init is answered %+v", ack)
					}
				}
			}
			if got := w.closed(); got != c.code {
				t.Errorf("closed with %d, want %d", got, c.code)
			}
		})
	}
	t.Run("says nothing", func(t *testing.T) {
		s := openShop(t, func(c *Config) { c.Limits.Init = 200 * time.Millisecond })
		if got := s.browser(t).dial().closed(); got != 4408 {
			t.Errorf("closed with %d, want 4408", got)
		}
	})
	t.Run("what is no JSON", func(t *testing.T) {
		w := s.browser(t).wire()
		if err := w.conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":`)); err != nil {
			t.Fatal(err)
		}
		if got := w.closed(); got != 4400 {
			t.Errorf("closed with %d, want 4400", got)
		}
	})
	t.Run("another subprotocol", func(t *testing.T) {
		conn, _, err := websocket.Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != 4406 {
			t.Errorf("closed with %v, want 4406", err)
		}
	})
}

func TestASocketThatKeepsTheProtocolIsServed(t *testing.T) {
	w := openShop(t).browser(t).dial()
	w.send(message{Type: "connection_init", Payload: json.RawMessage("null")})
	if m := w.read(); m.Type != "connection_ack" {
		t.Fatalf("connection_init is answered %+v", m)
	}
	w.send(message{Type: "ping", Payload: json.RawMessage(`{"a":1}`)})
	if m := w.read(); m.Type != "pong" {
		t.Errorf("a ping is answered %+v", m)
	}
	if a := w.ask(`{ viewer { role } }`, patience); at[string](t, a.Data, "viewer", "role") != "CONSUMER" {
		t.Errorf("a query is answered %+v", a)
	}
	if a := w.ask(`{ nothing }`, patience); a.code() != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("a wrong query is answered %+v", a)
	}
	for range 20 { // an id is free again as soon as the client has completed it
		w.send(message{Type: "subscribe", ID: "same", Payload: json.RawMessage(`{"query":"` + quiet + `"}`)})
		for m := w.read(); m.Type != "next" || m.ID != "same"; m = w.read() {
			if m.ID == "same" {
				t.Fatalf("the subscription is answered %+v", m)
			}
		}
		w.send(message{Type: "complete", ID: "same"})
	}
}

func TestASocketHoldsSoManySubscriptionsAndNoMore(t *testing.T) {
	w := openShop(t, func(c *Config) { c.Limits.Subscriptions = 3 }).browser(t).wire()
	ids := map[string]bool{}
	for range 4 {
		ids[w.subscribe(quiet)] = true
	}
	refused := ""
	for len(ids) > 0 {
		m := w.read()
		if m.Type == "error" {
			refused = m.ID
			if !strings.Contains(string(m.Payload), "TOO_LARGE") {
				t.Errorf("refused with %s", m.Payload)
			}
		}
		delete(ids, m.ID)
	}
	if refused != "4" {
		t.Errorf("subscription %q was refused, want the fourth alone", refused)
	}
	w.send(message{Type: "complete", ID: "1"})
	w.subscribe(quiet)
	if m := w.read(); m.Type != "next" || m.ID != "5" {
		t.Errorf("after one has ended another is answered %+v", m)
	}
}

// TestWhoAsksWithoutEndAndReadsNothingTakesNoMemory sends subscriptions beyond
// the limit, and operations that it completes at once, and reads no answer.
func TestWhoAsksWithoutEndAndReadsNothingTakesNoMemory(t *testing.T) {
	const lists = `{"query":"subscription { recommendations(userId: \"bob\", first: 1) { source } }"}`
	const long = `{"query":"{ product(id: \"long\") { description } }"}`
	product := store.Product{ID: "long", Title: "Long", Description: strings.Repeat("long ", 40_000), Price: -1}
	for name, flood := range map[string][]string{
		"subscriptions beyond the limit": {`{"type":"subscribe","id":"2","payload":` + lists + `}`},
		"operations completed at once":   {`{"type":"subscribe","id":"2","payload":` + long + `}`, `{"type":"complete","id":"2"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, func(c *Config) { c.Limits.Subscriptions, c.Limits.Write = len(flood), 2*time.Second })
			if _, _, err := s.store.PutProducts(t.Context(), []store.Product{product}); err != nil {
				t.Fatal(err)
			}
			conn := s.key(t).silent()
			_ = frame(conn, `{"type":"subscribe","id":"1","payload":`+lists+`}`)
			before, most, sent := runtime.NumGoroutine(), 0, 0
			_ = conn.SetWriteDeadline(time.Now().Add(3 * time.Second))
			for frame(conn, flood[sent%len(flood)]) == nil {
				sent++
				most = max(most, runtime.NumGoroutine()-before)
			}
			t.Logf("%d sent, %d goroutines more than before at most", sent, most)
			if most > 50 {
				t.Errorf("%d goroutines more than before, want few", most)
			}
		})
	}
}

func TestASocketThatAnswersNoPingIsCutOff(t *testing.T) {
	s := openShop(t, func(c *Config) { c.Limits.Ping = 100 * time.Millisecond })
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := wsjson.Write(ctx, conn, message{Type: "connection_init"}); err != nil {
		t.Fatal(err)
	}
	heard := map[string]bool{}
	for {
		var m message
		if err = wsjson.Read(ctx, conn, &m); err != nil {
			break
		}
		heard[m.Type] = true
	}
	if ctx.Err() != nil || !heard["connection_ack"] || !heard["ping"] {
		t.Errorf("it heard %v and then %v, want the acknowledgement, a ping and its end", heard, err)
	}
}

func TestASocketOfAnotherSiteIsRefused(t *testing.T) {
	s := openShop(t)
	_, response, err := websocket.Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {"https://elsewhere.example"}},
	})
	if err == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("Dial = %v, %v, want 403", response, err)
	}
}

// TestStreamsEndWithTheSessionThatOpenedThem signs out and revokes, and looks at
// what is open.
func TestStreamsEndWithTheSessionThatOpenedThem(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	data := admin.must(`mutation { createApiKey(name: "backend") { secret apiKey { id } } }`, nil)
	key := s.bearing(t, at[string](t, data, "createApiKey", "secret"))
	keyID := at[string](t, data, "createApiKey", "apiKey", "id")
	persona := s.persona(t)
	late := s.browser(t) // proves itself by its first message
	visitor := s.browser(t)
	lateWire := late.dial()
	lateWire.send(message{Type: "connection_init", Payload: json.RawMessage(`{"Authorization":"Bearer ` + key.bearer + `"}`)})
	lateWire.read()
	const forBob = `subscription { recommendations(userId: "bob", first: 1) { source } }`

	wires := map[string]*wire{"persona": persona.wire(), "key": key.wire(), "late key": lateWire, "visitor": visitor.wire()}
	for name, document := range map[string]string{"persona": quiet, "key": forBob, "late key": forBob, "visitor": quiet} {
		wires[name].subscribe(document)
		if m := wires[name].read(); m.Type != "next" {
			t.Fatalf("%s is answered %+v", name, m)
		}
	}
	events := persona.events(t.Context(), quiet)
	next(t, events)
	adminEvents := admin.events(t.Context(), quiet)
	next(t, adminEvents)

	persona.must(`mutation { signOut { viewer { role } } }`, nil)
	admin.must(`mutation($id: ID!) { revokeApiKey(id: $id) { apiKey { id } } }`, vars{"id": keyID})
	for _, name := range []string{"persona", "key", "late key"} {
		if code := wires[name].closed(); code != 4403 {
			t.Errorf("the socket of the %s was closed with %d, want 4403", name, code)
		}
	}
	for range events {
	}
	admin.must(`mutation { adminSignOut { viewer { role } } }`, nil)
	for range adminEvents {
	}
	if a := wires["visitor"].ask(`{ viewer { role } }`, patience); a.code() != "" {
		t.Errorf("the socket of a visitor is answered %+v", a)
	}
}

func TestACopyOfASessionIsWorthNothingAfterSigningOut(t *testing.T) {
	s := openShop(t)
	for _, c := range []struct {
		client        *client
		signOut, asks string
	}{
		{s.persona(t), `mutation { signOut { viewer { role } } }`, `{ viewer { isAnonymous } }`},
		{s.adminBrowser(t), `mutation { adminSignOut { viewer { role } } }`, `{ overview { partition } }`},
	} {
		before := c.client.ask(c.asks, nil)
		thief := s.browser(t)
		request, _ := http.NewRequest(http.MethodGet, s.URL, nil)
		thief.http.Jar.SetCookies(request.URL, c.client.http.Jar.Cookies(request.URL))
		if got := thief.ask(c.asks, nil); got.code() != before.code() || fmt.Sprint(got.Data) != fmt.Sprint(before.Data) {
			t.Fatalf("the control: a copied session is answered %+v, its owner %+v", got, before)
		}
		c.client.must(c.signOut, nil)
		if got := thief.ask(c.asks, nil); fmt.Sprint(got.Data) == fmt.Sprint(before.Data) {
			t.Errorf("after signing out a copied session is still answered %+v", got)
		}
	}
}

func TestAnotherServerEndsStreamsTooWithinAWhile(t *testing.T) {
	s := openShop(t)
	persona := s.persona(t)
	w := persona.wire()
	w.subscribe(quiet)
	w.read()
	// What another server does when Ann signs out there.
	var proof string
	s.server.sessions.bonds.mu.Lock()
	for p := range s.server.sessions.bonds.streams {
		proof = p
	}
	s.server.sessions.bonds.mu.Unlock()
	id := strings.TrimPrefix(proof, sessionMark)
	if err := s.store.PutSetting(t.Context(), endedSettings+id, []byte("2999-01-01T00:00:00Z")); err != nil {
		t.Fatal(err)
	}
	s.server.sessions.bonds.check(t.Context())
	if code := w.closed(); code != 4403 {
		t.Errorf("closed with %d, want 4403", code)
	}
}

func TestWhatIsKeptOfEndedSessionsIsForgottenWhenTheyWouldHaveExpired(t *testing.T) {
	s := openShop(t)
	kept := map[string]string{"new": "2999-01-01T00:00:00Z"}
	for n := range store.MaxPage + 1 {
		kept[fmt.Sprint("old", n)] = "2020-01-01T00:00:00Z"
	}
	for name, until := range kept {
		if err := s.store.PutSetting(t.Context(), endedSettings+name, []byte(until)); err != nil {
			t.Fatal(err)
		}
	}
	s.persona(t).must(`mutation { signOut { viewer { role } } }`, nil)
	names, err := store.AllSettingNames(t.Context(), s.store, endedSettings)
	if err != nil || len(names) != 2 || strings.Contains(fmt.Sprint(names), "old") {
		t.Errorf("kept %v (%v), want the new one and the one of now", names, err)
	}
}

func TestWhoHoldsManyStreamsGetsNoMore(t *testing.T) {
	s := openShop(t, func(c *Config) { c.Limits.Streams = 2 })
	c := s.persona(t)
	ctx, cancel := context.WithCancel(t.Context())
	first, second := c.events(ctx, quiet), c.events(ctx, quiet)
	next(t, first)
	next(t, second)
	_, response, err := websocket.Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{HTTPClient: c.http})
	if err == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the third stream is answered %v, %v, want 429", response, err)
	}
	if _, err := s.server.sessions.Bind(graph.WithIdentity(t.Context(), graph.Identity{Principal: "user/ann"})); !errors.Is(err, graph.ErrTooManyStreams) {
		t.Errorf("Bind = %v", err)
	}
	cancel()
	eventually(t, "both are closed", func() bool {
		s.server.sessions.bonds.mu.Lock()
		defer s.server.sessions.bonds.mu.Unlock()
		return len(s.server.sessions.bonds.open) == 0
	})
	next(t, c.events(t.Context(), quiet))
}
