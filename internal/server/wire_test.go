package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// wire is a WebSocket of which a test writes and reads every message but pings,
// which it answers by itself.
type wire struct {
	t        testing.TB
	conn     *websocket.Conn
	messages chan message // closed when the socket is
	err      error        // why it was closed
	last     int
}

// message is one message of graphql-transport-ws.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a WebSocket without saying anything yet.
func (c *client) dial() *wire {
	c.t.Helper()
	header := http.Header{}
	if c.bearer != "" {
		header.Set("Authorization", "Bearer "+c.bearer)
	}
	conn, _, err := websocket.Dial(c.t.Context(), strings.Replace(c.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
		HTTPClient: c.http, HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	w := &wire{t: c.t, conn: conn, messages: make(chan message, 1000)}
	go w.receive(c.t.Context())
	return w
}

func (w *wire) receive(ctx context.Context) {
	defer close(w.messages)
	for {
		var m message
		if w.err = wsjson.Read(ctx, w.conn, &m); w.err != nil {
			return
		}
		if m.Type == "ping" {
			_ = wsjson.Write(ctx, w.conn, message{Type: "pong"})
		} else {
			w.messages <- m
		}
	}
}

// wire opens a WebSocket and has it acknowledged.
func (c *client) wire() *wire {
	c.t.Helper()
	w := c.dial()
	w.send(message{Type: "connection_init"})
	if m := w.read(); m.Type != "connection_ack" {
		c.t.Fatalf("connection_init is answered %+v", m)
	}
	return w
}

func (w *wire) send(m message) {
	w.t.Helper()
	if err := wsjson.Write(w.t.Context(), w.conn, m); err != nil {
		w.t.Fatal(err)
	}
}

// subscribe sends an operation under the next id.
func (w *wire) subscribe(document string) (id string) {
	w.t.Helper()
	w.last++
	id = fmt.Sprint(w.last)
	payload, _ := json.Marshal(map[string]any{"query": document})
	w.send(message{Type: "subscribe", ID: id, Payload: payload})
	return id
}

// read returns the next message.
func (w *wire) read() message {
	w.t.Helper()
	select {
	case m, open := <-w.messages:
		if !open {
			w.t.Fatalf("the socket was closed: %v", w.err)
		}
		return m
	case <-time.After(patience):
		w.t.Fatalf("no message within %v", patience)
	}
	panic("unreachable")
}

// closed reads until the server closes and returns its code.
func (w *wire) closed() websocket.StatusCode {
	w.t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case _, open := <-w.messages:
			if !open {
				return websocket.CloseStatus(w.err)
			}
		case <-timeout:
			w.t.Fatalf("the socket is still open after %v", patience)
		}
	}
}

// ask sends an operation and returns its first answer, or none within a while.
func (w *wire) ask(document string, while time.Duration) (a answer) {
	w.t.Helper()
	id := w.subscribe(document)
	silence := time.After(while)
	for {
		select {
		case m, open := <-w.messages:
			switch {
			case !open:
				w.t.Fatalf("%s: the socket was closed: %v", document, w.err)
			case m.ID == id && m.Type == "next":
				w.decode(m, &a)
				w.send(message{Type: "complete", ID: id})
				return a
			case m.ID == id && m.Type == "error":
				w.decode(m, &a.Errors)
				return a
			case m.ID == id && m.Type == "complete":
				return a
			}
		case <-silence:
			w.send(message{Type: "complete", ID: id})
			return a
		}
	}
}

func (w *wire) decode(m message, to any) {
	w.t.Helper()
	if err := json.Unmarshal(m.Payload, to); err != nil {
		w.t.Fatalf("%+v: %v", m, err)
	}
}
