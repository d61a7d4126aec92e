package trials

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	goredis "github.com/redis/go-redis/v9"
	"github.com/rs/zerolog"

	"valse/internal/live"
	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
	"valse/store/journal"
	"valse/store/redis"
	"valse/store/redis/redistest"
	"valse/warehouse"
)

var quiet = slog.New(slog.DiscardHandler)

// freePort is a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// shop is a store behind a journal, whose Redis is reached through a proxy that
// can be made to misbehave, and the lists made from it.
type shop struct {
	*journal.Store
	lists  *live.Service
	proxy  *toxiproxy.Proxy
	direct *goredis.Client

	acknowledged [8]int // events of each writer so far
}

func newShop(t *testing.T) *shop {
	t.Helper()
	port := freePort(t)
	redistest.Start(t, "--bind", "127.0.0.1", "--port", port, "--appendonly", "yes", "--appendfsync", "everysec")
	log := zerolog.Nop()
	proxies := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), log)
	proxy := toxiproxy.NewProxy(proxies, "redis", "127.0.0.1:0", "127.0.0.1:"+port)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	place, err := journal.Take(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wh, err := warehouse.Open(t.TempDir(), "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	backend, err := redis.Open(t.Context(), "redis://"+proxy.Listen, "main", redis.Options{Gate: place.ID, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	s, err := journal.Open(t.Context(), backend, journal.Options{Place: place, Archive: wh, Logger: quiet, ReadTimeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	products := make([]store.Product, 50)
	for n := range products {
		products[n] = store.Product{ID: fmt.Sprint("p", n), Title: fmt.Sprint("Product ", n), Price: -1}
	}
	if _, _, err := s.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	lists := live.New(s, pipeline.New(s, wh, pipeline.Options{Logger: quiet}), live.Options{Logger: quiet})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); lists.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	if _, err := lists.BestSellers(t.Context(), "", live.Request{N: 5}); err != nil { // loaded
		t.Fatal(err)
	}
	direct := goredis.NewClient(&goredis.Options{Addr: "127.0.0.1:" + port})
	t.Cleanup(func() { direct.Close() })
	return &shop{Store: s, lists: lists, proxy: proxy, direct: direct}
}

// read does what a page needs: a list, its products, a history, a setting.
func (s *shop) read(ctx context.Context, user string) error {
	list, err := s.lists.Recommend(ctx, user, live.Request{N: 10})
	if err != nil {
		return fmt.Errorf("recommend: %w", err)
	}
	if len(list.Items) == 0 {
		return fmt.Errorf("recommend: an empty list")
	}
	ids := make([]string, len(list.Items))
	for n, item := range list.Items {
		ids[n] = item.ProductID
	}
	if _, err := s.ProductsByID(ctx, ids); err != nil {
		return fmt.Errorf("products: %w", err)
	}
	if _, err := s.History(ctx, user, store.HistoryQuery{}); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if _, err := s.User(ctx, user); err != nil && !strings.Contains(err.Error(), "not found") {
		return fmt.Errorf("user: %w", err)
	}
	return nil
}

// event is the nth event of a writer.
func event(w, n int) store.Interaction {
	return store.Interaction{EventID: fmt.Sprint(n), UserID: fmt.Sprint("u", w), ProductID: fmt.Sprint("p", n%50),
		Type: store.View, Value: 1, Time: time.UnixMicro(1_770_000_000_000_000 + int64(n)).UTC()}
}

// TestANetworkThatMisbehavesLosesNoAcknowledgedEventAndStopsNoReader records and
// reads while the way to Redis is slow, swallows everything, is reset, cut in
// the middle of a reply, or Redis is full.
func TestANetworkThatMisbehavesLosesNoAcknowledgedEventAndStopsNoReader(t *testing.T) {
	toxic := func(toxic string) func(*testing.T, *shop) func() {
		return func(t *testing.T, s *shop) func() {
			if _, err := s.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
				t.Fatal(err)
			}
			return func() { s.proxy.Toxics.ResetToxics(context.Background()) }
		}
	}
	full := func(t *testing.T, s *shop) func() {
		if err := s.direct.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
			t.Fatal(err)
		}
		return func() { s.direct.ConfigSet(context.Background(), "maxmemory", "0") }
	}
	for name, spoil := range map[string]func(*testing.T, *shop) func(){
		"slow":          toxic(`{"name":"t","type":"latency","stream":"downstream","attributes":{"latency":2500}}`),
		"black hole":    toxic(`{"name":"t","type":"timeout","stream":"upstream","attributes":{"timeout":0}}`),
		"reset":         toxic(`{"name":"t","type":"reset_peer","stream":"downstream","attributes":{"timeout":0}}`),
		"cut mid-reply": toxic(`{"name":"t","type":"limit_data","stream":"downstream","attributes":{"bytes":300}}`),
		"full":          full,
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			for range trial.Rounds(1, 5) {
				s.suffer(t, func() func() { return spoil(t, s) })
			}
		})
	}
}

// suffer records and reads before, during and after a spoiled time.
func (s *shop) suffer(t *testing.T, spoil func() (mend func())) {
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	var reads, failed atomic.Int64
	for w := range s.acknowledged {
		work.Go(func() {
			for ctx.Err() == nil {
				outcomes, err := s.Append(context.Background(), []store.Interaction{event(w, s.acknowledged[w])})
				if err != nil {
					t.Errorf("Append: %v", err)
					return
				}
				if outcomes[0] == store.Conflict || outcomes[0] == store.Erased {
					t.Errorf("Append = %v", outcomes)
				}
				s.acknowledged[w]++
				time.Sleep(2 * time.Millisecond)
			}
		})
		work.Go(func() {
			for ctx.Err() == nil {
				if err := s.read(context.Background(), fmt.Sprint("u", w)); err != nil {
					failed.Add(1)
					t.Errorf("read: %v", err)
					return
				}
				reads.Add(1)
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	mend := spoil()
	time.Sleep(1500 * time.Millisecond)
	mend()
	mended := time.Now()
	for ; ; time.Sleep(10 * time.Millisecond) {
		if _, err := s.LogEpoch(t.Context()); err == nil {
			break
		}
		if time.Since(mended) > time.Minute {
			t.Fatal("a minute later the store is still away")
		}
	}
	recovered := time.Since(mended)
	stop()
	work.Wait()
	s.check(t)
	total := 0
	for _, n := range s.acknowledged {
		total += n
	}
	t.Logf("%d acknowledged so far, 0 lost, %d reads, %d failed, back after %v", total, reads.Load(), failed.Load(), recovered.Round(10*time.Millisecond))
}

// check looks for every acknowledged event in the log, once.
func (s *shop) check(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); s.Away() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(s.Away())
		}
	}
	for w, n := range s.acknowledged { // what was accepted since Redis was slow is on its way to it still
		for deadline := time.Now().Add(time.Minute); n > 0 && !s.arrived(t, event(w, n-1)); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("a minute later the last event of writer %d is missing", w)
			}
		}
	}
	counts := map[[2]string]int{}
	for shard := range s.Shards() {
		rows, err := s.ReadLog(t.Context(), shard, 0, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range rows {
			counts[[2]string{e.UserID, e.EventID}]++
		}
	}
	for w, n := range s.acknowledged {
		for i := range n {
			e := event(w, i)
			if got := counts[[2]string{e.UserID, e.EventID}]; got != 1 {
				t.Errorf("event %d of writer %d is there %d times", i, w, got)
				return
			}
		}
	}
}

// arrived reports whether the newest event that Redis has of a user is e.
func (s *shop) arrived(t *testing.T, e store.Interaction) bool {
	t.Helper()
	page, err := s.Backend.History(t.Context(), e.UserID, store.HistoryQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Interactions) > 0 && page.Interactions[0].EventID == e.EventID
}
