package server

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store"
)

// TestACrowdOfSubscriptionsIsServedAndFreed opens many subscriptions over
// sockets of one key, lets their users do something, closes all and looks at
// what is left.
func TestACrowdOfSubscriptionsIsServedAndFreed(t *testing.T) {
	const each = 100 // subscriptions of a socket
	n := trial.Rounds(500, 10_000)
	s := openShop(t, func(c *Config) { c.Limits.Ping = 10 * time.Second })
	key := s.key(t)
	key.must(`{ viewer { role } }`, nil)
	key.http.CloseIdleConnections()
	settled := runtime.NumGoroutine()
	memory := resident()

	wires := make([]*wire, n/each)
	var lists atomic.Int64
	var wait sync.WaitGroup
	for k := range wires {
		wires[k] = key.wire()
		wait.Go(func() {
			for i := range each {
				wires[k].subscribe(fmt.Sprintf(`subscription { recommendations(userId: "crowd-%d", first: 3) { source } }`, k*each+i))
			}
			for range each {
				if m := wires[k].read(); m.Type == "next" {
					lists.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if lists.Load() != int64(n) {
		t.Fatalf("%d of %d subscriptions got their list", lists.Load(), n)
	}
	t.Logf("%d subscriptions: %d goroutines, %d KB each, both ends of the socket included", n, runtime.NumGoroutine()-settled, (resident()-memory)>>10/n)

	var events []vars
	for k := range wires {
		events = append(events, vars{"userId": fmt.Sprintf("crowd-%d", k*each), "productId": "p01", "type": "VIEW"})
	}
	key.must(record, vars{"events": events})
	for k := range wires {
		if m := wires[k].read(); m.Type != "next" || m.ID != "1" {
			t.Errorf("after an event socket %d is sent %+v", k, m)
		}
	}

	for _, w := range wires {
		_ = w.conn.CloseNow()
	}
	closed := time.Now()
	key.http.CloseIdleConnections()
	eventually(t, "all is freed", func() bool {
		return s.server.Live.Status().Subscriptions == 0 && runtime.NumGoroutine() <= settled+10
	})
	t.Logf("freed after %v", time.Since(closed).Round(10*time.Millisecond))
}

// TestACompressedStreamTakesLittleMemory opens streams of server-sent events
// whose client takes gzip, as browsers and Go's client do.
func TestACompressedStreamTakesLittleMemory(t *testing.T) {
	const n, most = 40, 400 << 10
	s := openShop(t)
	key := s.key(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	open := func() {
		if first := next(t, key.events(ctx, `subscription { recommendations(userId: "u1", first: 20) { items { score product { title description } } } }`)); first.Data == nil {
			t.Fatalf("the first list is %+v", first)
		}
	}
	open()
	before := resident()
	for range n {
		open()
	}
	each := (resident() - before) / n
	t.Logf("%d KB a stream, both ends included", each>>10)
	if each > most {
		t.Errorf("a stream takes %d KB, want at most %d", each>>10, most>>10)
	}
}

// resident is the heap in use.
func resident() int {
	runtime.GC()
	runtime.GC() // what the tests before had finalizers for goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapInuse + m.StackInuse)
}

// TestWhoNeverReadsDelaysNobodyAndIsCutOff opens sockets that subscribe to much
// and read nothing, beside one that reads.
func TestWhoNeverReadsDelaysNobodyAndIsCutOff(t *testing.T) {
	s := openShop(t, func(c *Config) {
		c.Limits.Ping, c.Limits.Write = time.Hour, 4*time.Second // a ping without its pong would end them too
	})
	key := s.key(t)
	var long []store.Product // so that few lists fill the connection's buffers
	for i := range 20 {
		long = append(long, store.Product{ID: fmt.Sprintf("p%02d", i), Title: "Long", Description: strings.Repeat("long ", 4000), Price: -1})
	}
	if _, _, err := s.store.PutProducts(t.Context(), long); err != nil {
		t.Fatal(err)
	}
	const wide = `subscription { recommendations(userId: "loud", first: 20) { items { rank score product { id productId title description imageUrl } } } }`
	payload := quote(map[string]string{"query": wide})
	for range 20 {
		conn := key.silent()
		for id := range 3 {
			_ = frame(conn, fmt.Sprintf(`{"type":"subscribe","id":"%d","payload":%s}`, id, payload))
		}
	}
	eventually(t, "the silent ones have subscribed", func() bool { return s.server.Live.Status().Subscriptions >= 60 })
	reader := key.wire()
	reader.conn.SetReadLimit(8 << 20)
	reader.subscribe(wide)
	reader.read()
	slowest := time.Duration(0)
	for i := range 20 {
		start := time.Now()
		key.must(record, vars{"events": []vars{{"userId": "loud", "productId": fmt.Sprintf("p%02d", i), "type": "VIEW"}}})
		reader.read()
		slowest = max(slowest, time.Since(start))
	}
	t.Logf("beside 20 that never read, a list comes within %v", slowest.Round(time.Millisecond))
	waiting := time.Now()
	for round := 0; s.server.Live.Status().Subscriptions > 1; round++ {
		if time.Since(waiting) > patience {
			t.Fatalf("%d subscriptions are left of those that never read", s.server.Live.Status().Subscriptions-1)
		}
		key.must(record, vars{"events": []vars{{"userId": "loud", "productId": fmt.Sprintf("p%02d", round%29), "type": "VIEW"}}})
		time.Sleep(5 * time.Millisecond)
	}
	reader.subscribe(`{ viewer { role } }`)
	for {
		if m := reader.read(); m.ID == "2" {
			return
		}
	}
}

// silent opens a WebSocket that says hello and of which nothing is read.
func (c *client) silent() net.Conn {
	c.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprintf(conn, "GET /graphql HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nAuthorization: Bearer %s\r\n\r\n", c.bearer)
	_ = frame(conn, `{"type":"connection_init"}`)
	time.Sleep(50 * time.Millisecond) // the acknowledgement is not read either
	return conn
}

// frame writes a masked text frame with a mask of zeros.
func frame(conn net.Conn, text string) error {
	head := []byte{0x81, 0x80 | byte(len(text))}
	if len(text) > 125 {
		head = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text))}
	}
	_, err := conn.Write(append(append(head, 0, 0, 0, 0), text...))
	return err
}
