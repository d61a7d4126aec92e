package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

// Close codes of graphql-transport-ws.
const (
	closeBadMessage   websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401 // subscribed before the acknowledgement
	closeForbidden    websocket.StatusCode = 4403 // refused, or the session has ended
	closeBadProtocol  websocket.StatusCode = 4406
	closeInitTimeout  websocket.StatusCode = 4408
	closeSameID       websocket.StatusCode = 4409
	closeInitTwice    websocket.StatusCode = 4429
)

const socketProtocol = "graphql-transport-ws"

// socketTransport serves operations over a WebSocket. The generator's transport
// executes them; a [socket] stands between it and the network and keeps the
// protocol, which the transport is loose about.
type socketTransport struct {
	transport.Websocket
	limits Limits
}

// Do serves one WebSocket until it closes. Browsers are accepted from this
// server's own pages only.
func (t socketTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{socketProtocol}})
	if err != nil {
		return // and answered
	}
	if conn.Subprotocol() != socketProtocol {
		_ = conn.Close(closeBadProtocol, "Subprotocol not acceptable: want "+socketProtocol)
		return
	}
	conn.SetReadLimit(t.limits.Body)
	s := &socket{conn: conn, limits: t.limits, bound: r.Context(), inner: map[string]string{}, outer: map[string]string{}}
	inits := time.AfterFunc(t.limits.Init, func() {
		if !s.initialised() {
			s.close(closeInitTimeout, "Connection initialisation timeout")
		}
	})
	defer inits.Stop()
	defer context.AfterFunc(r.Context(), s.end)()
	// The transport does not close each socket that it leaves. Who still sends has
	// a moment to read why it was closed: data that nobody reads would reset it.
	defer time.AfterFunc(parting, func() { _ = s.Close() })
	t.Implementation = s
	t.Websocket.Do(w, r.WithContext(context.WithValue(r.Context(), socketKey{}, s)), exec)
}

// parting is how long a socket that was left stays open.
const parting = time.Second

// socketKey is the context's key of the socket that a request came by.
type socketKey struct{}

// socket is one WebSocket that keeps the protocol: it closes with the code that
// the protocol has for what the client did wrong, knows which ids are in use,
// and gives up on a client that does not read.
//
// An id is free again as soon as the client has completed it, but the transport
// forgets one only after its operation has come to an end. So the transport sees
// ids of the socket's own, none of them twice.
type socket struct {
	conn   *websocket.Conn
	limits Limits

	mu     sync.Mutex
	bound  context.Context
	init   bool // connection_init was read
	acked  bool
	closed bool
	last   int               // id that the transport saw last
	inner  map[string]string // the transport's ids of running subscriptions, by the client's
	outer  map[string]string // the client's by the transport's; empty where the client has completed it and it has not ended yet
	silent *time.Timer       // cuts the client off
}

var _ interface {
	transport.WebsocketImplementation
	transport.WebsocketConn
	transport.WebsocketReadDeadliner
} = (*socket)(nil)

// Accept hands out the socket, which was accepted before.
func (s *socket) Accept(http.ResponseWriter, *http.Request, transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	return s, nil
}

// Subprotocol is the only one.
func (s *socket) Subprotocol() string { return socketProtocol }

// envelope is one message of the protocol.
type envelope struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// NextReader returns the next message that keeps the protocol.
func (s *socket) NextReader() (int, io.Reader, error) {
	for {
		kind, data, err := s.conn.Read(context.Background())
		if err != nil {
			return 0, nil, transport.ErrWebsocketClosed
		}
		var m envelope
		if kind != websocket.MessageText || json.Unmarshal(data, &m) != nil {
			s.close(closeBadMessage, "Invalid message")
			return 0, nil, transport.ErrWebsocketClosed
		}
		pass, code, reason := s.admit(&m)
		if code != 0 {
			s.close(code, reason)
			return 0, nil, transport.ErrWebsocketClosed
		}
		switch {
		case pass:
			data, err := json.Marshal(m)
			return int(kind), bytes.NewReader(data), err
		case m.Type == "subscribe": // one too many
			// Here, and not beside the reading: who asks without end and reads no
			// answer is not read either.
			s.refuseSubscription(m.ID)
		}
	}
}

// admit says whether a message goes on to the transport, under an id of the
// transport's, or why to close.
func (s *socket) admit(m *envelope) (pass bool, code websocket.StatusCode, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m.Type {
	case "connection_init":
		if s.init {
			return false, closeInitTwice, "Too many initialisation requests"
		}
		if len(m.Payload) > 0 && string(m.Payload) != "null" && !isObject(m.Payload) { // the transport would leave without a word
			return false, closeBadMessage, "Invalid message"
		}
		s.init = true
		return true, 0, ""
	case "ping", "pong":
		return s.init, 0, ""
	case "complete":
		inner, running := s.inner[m.ID]
		if running {
			delete(s.inner, m.ID)
			s.outer[inner] = ""
		}
		m.ID = inner
		return running, 0, ""
	case "subscribe":
		return s.admitSubscription(m)
	}
	return false, closeBadMessage, "Invalid message type"
}

func (s *socket) admitSubscription(m *envelope) (pass bool, code websocket.StatusCode, reason string) {
	if !s.acked {
		return false, closeUnauthorized, "Unauthorized"
	}
	if m.ID == "" || len(m.ID) > 100 || !isObject(m.Payload) || decodeNumbers(m.Payload, new(graphql.RawParams)) != nil {
		return false, closeBadMessage, "Invalid message"
	}
	if _, running := s.inner[m.ID]; running {
		return false, closeSameID, "Subscriber for " + m.ID + " already exists"
	}
	if len(s.inner) >= s.limits.Subscriptions || len(s.outer) >= 2*s.limits.Subscriptions {
		return false, 0, ""
	}
	s.last++
	inner := strconv.Itoa(s.last)
	s.inner[m.ID], s.outer[inner] = inner, m.ID
	m.ID = inner
	return true, 0, ""
}

func isObject(payload json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimLeft(payload, " \t\r\n"), []byte("{"))
}

// refuseSubscription answers one subscription too many; the others go on. Those
// that the client has completed count until they have ended, with room for as
// many as may run: else there would be no end of them when it reads nothing.
func (s *socket) refuseSubscription(id string) {
	errs := []error{refuse("the socket has %d subscriptions already", s.limits.Subscriptions)}
	_ = s.write(map[string]any{"id": id, "type": "error", "payload": errs})
}

// WriteJSON sends a message of the transport, unless it is about a subscription
// that the client has ended.
func (s *socket) WriteJSON(v any) error {
	// The transport's type of messages is not exported, its fields are.
	from := reflect.Indirect(reflect.ValueOf(v))
	m := envelope{from.FieldByName("ID").String(), from.FieldByName("Type").String(), from.FieldByName("Payload").Bytes()}
	if s.address(&m) {
		return s.write(m)
	}
	return nil
}

// address gives a message of the transport the client's id, notes what it says
// of its subscription, and reports whether the client still wants to hear it.
func (s *socket) address(m *envelope) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Type == "connection_ack" {
		s.acked = true
	}
	if m.ID == "" {
		return true
	}
	inner := m.ID
	m.ID = s.outer[inner]
	if m.Type == "complete" || m.Type == "error" {
		delete(s.inner, m.ID)
		delete(s.outer, inner)
	}
	return m.ID != ""
}

// write sends a message. A client that does not read for long is cut off.
func (s *socket) write(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.limits.Write)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, data); err != nil {
		_ = s.Close()
		return err
	}
	return nil
}

func (s *socket) initialised() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.init
}

// bind lets the socket live no longer than the context.
func (s *socket) bind(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bound = ctx
}

// end closes the socket because the context it is bound to has ended.
func (s *socket) end() {
	s.mu.Lock()
	cause := context.Cause(s.bound)
	s.mu.Unlock()
	if errors.Is(cause, ErrSessionEnded) {
		s.close(closeForbidden, "Forbidden: the session has ended")
	} else {
		s.close(websocket.StatusGoingAway, "The server closes")
	}
}

// WriteClose closes with a code, as the transport wants it.
func (s *socket) WriteClose(code int, reason string) error {
	s.mu.Lock()
	ended := s.bound.Err() != nil
	s.mu.Unlock()
	if ended {
		s.end()
	} else {
		s.close(websocket.StatusCode(code), reason)
	}
	return nil
}

// close says goodbye once; who does not answer is cut off after a few seconds.
func (s *socket) close(code websocket.StatusCode, reason string) {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if !closed {
		go func() { _ = s.conn.Close(code, reason) }()
	}
}

// Close cuts the connection, unless the goodbye is on its way.
func (s *socket) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	return s.conn.CloseNow()
}

// SetReadDeadline cuts a client off that gives no sign of life by then.
func (s *socket) SetReadDeadline(deadline time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent != nil {
		s.silent.Stop()
		s.silent = nil
	}
	if !deadline.IsZero() && !s.closed {
		s.silent = time.AfterFunc(time.Until(deadline), func() { _ = s.conn.CloseNow() })
	}
	return nil
}
