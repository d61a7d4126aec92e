package server

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"valse/engine"
	"valse/graph"
	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/store"
	"valse/store/redis/redistest"
)

// loaded is a shop of 2,000 products and 300 users with a published model.
func loaded(t testing.TB, st store.Store) *shop {
	t.Helper()
	s := openShopOver(t, st)
	var products []store.Product
	for i := range 2000 {
		products = append(products, store.Product{
			ID: fmt.Sprintf("l%04d", i), Title: fmt.Sprintf("Loaded product %d", i), Category: fmt.Sprintf("Load > Kind %d", i%40),
			Vendor: fmt.Sprintf("Vendor %d", i%50), Price: int64(100 + i), Currency: "EUR",
		})
	}
	if _, _, err := s.store.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	var events []store.Interaction
	for u := range 300 {
		for e := range 30 {
			events = append(events, store.Interaction{
				UserID: fmt.Sprintf("u%03d", u), EventID: fmt.Sprint(e), ProductID: fmt.Sprintf("l%04d", (u%40)+40*((u*7+e*13)%50)),
				Type: store.Purchase, Value: 1, Time: time.Now().Add(-time.Duration(e) * time.Hour),
			})
		}
	}
	if _, err := s.store.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = s.pipeline.Work(ctx) }()
	if _, err := s.pipeline.Queue(ctx, store.RunTrain, "load", pipeline.TrainInput{
		Settings: engine.Settings{Feedback: engine.Implicit, Rank: 32, Iterations: 3}, Publish: true,
	}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the model serves", func() bool { return s.server.Live.Status().ModelID != "" })
	return s
}

const tenFor = `{"query":"query Ten($u: ID!) { recommendations(userId: $u, first: 10) { recommendationId source modelId items { rank score product { id productId title price { amount currency } } } } }","variables":{"u":"u%03d"}}`

// TestServesForTheLoad is no test of its own: it is the server that the load
// runs against, in a process whose processor time can be read. Where it goes is
// written to the folder VALSE_LOAD_PROFILE, if that is set.
func TestServesForTheLoad(t *testing.T) {
	role := os.Getenv("VALSE_LOAD_ROLE")
	if role == "" {
		t.Skip("started by the load")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var st store.Store
	if role == "redis" {
		st = journalled(t)
	} else {
		st = openSQLite(t, t.TempDir())
	}
	s := loaded(t, st)
	data := s.adminBrowser(t).must(`mutation { createApiKey(name: "load") { secret } }`, nil)
	key := at[string](t, data, "createApiKey", "secret")
	if role == "bare" {
		response := s.bearing(t, key).do(http.MethodPost, "/graphql", "application/json", strings.NewReader(fmt.Sprintf(tenFor, 7)))
		body, _ := io.ReadAll(response.Body)
		r := chi.NewRouter()
		r.Post("/graphql", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body)
		})
		go func() { _ = http.Serve(listener, r) }()
	} else {
		go func() { _ = s.server.Run(t.Context(), listener) }()
	}
	if folder := os.Getenv("VALSE_LOAD_PROFILE"); folder != "" {
		f, err := os.Create(filepath.Join(folder, role+".pprof"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			t.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Printf("\nserving %s %s\n", listener.Addr(), key)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the load has enough
}

// target is a server in a process of its own.
type target struct {
	address, key string
	pid          int
}

func startTarget(t testing.TB, role string) *target {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run", "^TestServesForTheLoad$", "-test.v")
	child.Env = append(os.Environ(), "VALSE_LOAD_ROLE="+role)
	stdin, _ := child.StdinPipe()
	stdout, _ := child.StdoutPipe()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _, _ = io.Copy(io.Discard, stdout); _ = child.Wait() })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[0] == "serving" {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return &target{fields[1], fields[2], child.Process.Pid}
		}
	}
	t.Fatalf("the %s server did not start", role)
	return nil
}

// processorTime is what the target's process used so far.
func (g *target) processorTime(t testing.TB) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", g.pid))
	if err != nil {
		t.Skipf("processor times of other processes are not known here: %v", err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// outcome is how requests went.
type outcome struct {
	good, refused int
	latencies     []time.Duration // of the good ones
	refusals      []time.Duration // of the others
	took, spent   time.Duration   // all of it; processor time of the target
}

func (o *outcome) add(more outcome) {
	o.good, o.refused = o.good+more.good, o.refused+more.refused
	o.took, o.spent = o.took+more.took, o.spent+more.spent
	o.latencies = append(o.latencies, more.latencies...)
	o.refusals = append(o.refusals, more.refusals...)
}

// goodput is good answers a second of processor time, rate a second of any.
func (o outcome) goodput() float64 { return float64(o.good) / o.spent.Seconds() }
func (o outcome) rate() float64    { return float64(o.good) / o.took.Seconds() }

// impatience is after how long a refused caller comes again: sooner than it was
// told to.
const impatience = time.Second / 2

// drive sends n requests over so many connections, each as soon as the one
// before is answered.
func (g *target) drive(t testing.TB, connections, n int, body func(i int) string) outcome {
	t.Helper()
	var mu sync.Mutex
	var total outcome
	var wait sync.WaitGroup
	begun, before := time.Now(), g.processorTime(t)
	for c := range connections {
		wait.Go(func() {
			conn, err := net.Dial("tcp", g.address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			from := bufio.NewReader(conn)
			var mine outcome
			for i := c; i < n; i += connections {
				start := time.Now()
				text := body(i)
				fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: load\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", g.key, len(text), text)
				status, err := skipResponse(from)
				if err != nil {
					t.Error(err)
					return
				}
				if status == http.StatusOK {
					mine.good++
					mine.latencies = append(mine.latencies, time.Since(start))
				} else {
					mine.refused++
					mine.refusals = append(mine.refusals, time.Since(start))
					time.Sleep(impatience)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(mine)
		})
	}
	wait.Wait()
	total.took, total.spent = time.Since(begun), g.processorTime(t)-before
	return total
}

func (o outcome) p99() time.Duration { return p99(o.latencies) }

// skipResponse reads past a response whose length is told, at less cost than a
// client that looks at it: the callers share the processors with the server.
func skipResponse(from *bufio.Reader) (status int, err error) {
	line, err := from.ReadSlice('\n')
	if err != nil || len(line) < len("HTTP/1.1 200") {
		return 0, cmp.Or(err, io.ErrUnexpectedEOF)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length := -1
	for {
		if line, err = from.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		if told, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(told)); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errors.New("a response without Content-Length")
	}
	_, err = from.Discard(length)
	return status, err
}

func p99(of []time.Duration) time.Duration {
	if len(of) == 0 {
		return 0
	}
	slices.Sort(of)
	return of[len(of)*99/100]
}

func ten(i int) string { return fmt.Sprintf(tenFor, i%300) }

// tenAnew is ten, made anew each time: what is left out is never the same.
func tenAnew() func(i int) string {
	var asked atomic.Int64
	format := strings.NewReplacer("$u: ID!", "$u: ID!, $o: RecommendationOptions", "first: 10", "first: 10, options: $o",
		`"variables":{`, `"variables":{"o":{"exclude":["none %d"]},`).Replace(tenFor)
	return func(i int) string { return fmt.Sprintf(format, asked.Add(1), i%300) }
}

// TestTheHeldLoad compares ten recommendations over GraphQL with a bare handler
// that writes the same bytes, by the processor time of their processes.
func TestTheHeldLoad(t *testing.T) {
	if !trial.Long() || os.Getenv("VALSE_LOAD_ROLE") != "" {
		t.Skip("a long trial")
	}
	graphql, bare := startTarget(t, "sqlite"), startTarget(t, "bare")
	const connections, n = 16, 12_000
	loads := []struct {
		name string
		on   *target
		body func(i int) string
		outcome
	}{{name: "bare", on: bare, body: ten}, {name: "given again", on: graphql, body: ten}, {name: "made anew", on: graphql, body: tenAnew()}}
	for round := range 4 {
		for k := range loads {
			l := &loads[k]
			o := l.on.drive(t, connections, n, l.body)
			if o.good != n {
				t.Fatalf("%d of %d were answered", o.good, n)
			}
			if round > 0 { // the first warms up
				l.add(o)
			}
		}
	}
	most := loads[0]
	for _, l := range loads {
		t.Logf("%s: %v of processor time a request, %.3f of the bare handler's rate; p99 %v, %.1f times the bare handler's",
			l.name, l.spent/time.Duration(l.good), l.goodput()/most.goodput(), l.p99().Round(100*time.Microsecond), float64(l.p99())/float64(most.p99()))
	}
	for _, l := range loads[1:] {
		if ratio := l.goodput() / most.goodput(); ratio < 0.15 {
			t.Errorf("%s: %.3f of the bare handler's rate, want 0.15", l.name, ratio)
		}
	}
}

// recording is a mutation that records so many interactions at once.
func recording(events int) func(i int) string {
	var sent atomic.Int64
	return func(i int) string {
		inputs := make([]string, events)
		for n := range inputs {
			e := sent.Add(1)
			inputs[n] = fmt.Sprintf(`{"userId":"u%03d","productId":"l%04d","type":"VIEW","eventId":"%d of %d"}`, e%300, e%2000, e, events)
		}
		return `{"query":"mutation R($e: [InteractionInput!]!) { recordInteractions(interactions: $e) { results { outcome } userErrors { message } } }","variables":{"e":[` +
			strings.Join(inputs, ",") + `]}}`
	}
}

// TestTheWriteLoad compares recordInteractions, each answer durable, with plain
// XADD to a Redis that syncs every second, over as many connections in turns: one
// interaction at a time, and as many as one mutation may have. What a handler
// reaches that answers and does nothing else is the most that HTTP allows here.
func TestTheWriteLoad(t *testing.T) {
	if !trial.Long() || os.Getenv("VALSE_LOAD_ROLE") != "" {
		t.Skip("a long trial")
	}
	const connections, events = 64, 8000
	redis := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "everysec")
	sqlite, journal, bare := startTarget(t, "sqlite"), startTarget(t, "redis"), startTarget(t, "bare")
	// What is sent is made before the time runs.
	send := func(on *target, batch int) func() func() {
		body := recording(batch)
		return func() func() {
			bodies := make([]string, events/batch)
			for i := range bodies {
				bodies[i] = body(i)
			}
			return func() {
				if o := on.drive(t, connections, len(bodies), func(i int) string { return bodies[i] }); o.refused > 0 {
					t.Fatalf("%d of %d were refused", o.refused, len(bodies))
				}
			}
		}
	}
	loads := []struct {
		name string
		make func() (run func())
		took time.Duration
	}{
		{name: "XADD", make: func() func() { return addAll(t, strings.TrimPrefix(redis.URL, "unix://"), connections, events) }},
		{name: "a handler that does nothing", make: send(bare, 1)},
		{name: "SQLite, one at a time", make: send(sqlite, 1)},
		{name: "SQLite, 250 at a time", make: send(sqlite, 250)},
		{name: "Redis behind its journal, one at a time", make: send(journal, 1)},
		{name: "Redis behind its journal, 250 at a time", make: send(journal, 250)},
	}
	for round := range 4 {
		for k := range loads {
			run := loads[k].make()
			start := time.Now()
			run()
			if round > 0 { // the first warms up
				loads[k].took += time.Since(start)
			}
		}
	}
	for _, l := range loads {
		t.Logf("%s: %.0f acknowledged a second, %.2f of XADD", l.name, 3*events/l.took.Seconds(), loads[0].took.Seconds()/l.took.Seconds())
	}
}

// addAll returns what sends n XADDs over so many connections, one at a time each.
func addAll(t *testing.T, socket string, connections, n int) func() {
	commands := make([][]byte, n)
	for i := range commands {
		value := fmt.Sprintf("u%03d l%04d VIEW %d", i%300, i%2000, i)
		commands[i] = fmt.Appendf(nil, "*5\r\n$4\r\nXADD\r\n$3\r\nlog\r\n$1\r\n*\r\n$1\r\ne\r\n$%d\r\n%s\r\n", len(value), value)
	}
	return func() {
		var wait sync.WaitGroup
		for c := range connections {
			wait.Go(func() {
				conn, err := net.Dial("unix", socket)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				from := bufio.NewReader(conn)
				for i := c; i < n; i += connections {
					_, err := conn.Write(commands[i])
					for line := 0; line < 2 && err == nil; line++ { // a bulk string is two lines
						_, err = from.ReadSlice('\n')
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
	}
}

// explained is a list of twenty made anew, each entry with its reasons: some
// milliseconds of the server's, and little of whoever asks.
func explained() func(i int) string {
	anew := tenAnew()
	return func(i int) string {
		return strings.NewReplacer("first: 10", "first: 20", "rank score", "rank score explanation { score contributions { value share } }").Replace(anew(i))
	}
}

// TestTheOverload finds the peak with as many callers as run at a time, and then
// sends three times what the server can do and more: lists that cost it much and
// its callers little. Goodput is good answers a second of its processor time. Both
// are measured in turns, as a machine that others use is faster now and slower then.
func TestTheOverload(t *testing.T) {
	if !trial.Long() || os.Getenv("VALSE_LOAD_ROLE") != "" {
		t.Skip("a long trial")
	}
	graphql, body := startTarget(t, "sqlite"), explained()
	room := graph.Limits{}.WithDefaults().Requests
	var calm, over outcome
	graphql.drive(t, room, 1_000, body) // warm up
	var slowest time.Duration
	for range 3 {
		calm.add(graphql.drive(t, room, 2_000, body))
		// As many run, as many wait, and each of the others comes again after its
		// impatience and its refusal: three times the peak and more.
		callers := 2*room + int(3.6*calm.rate()*impatience.Seconds())
		over.add(graphql.drive(t, callers, 12_000, body))
		ended := time.Now()
		for {
			again := graphql.drive(t, room, 2*room, body)
			back := time.Since(ended)
			slowest = max(slowest, back)
			if again.refused == 0 && again.p99() <= 2*calm.p99() || back > 10*time.Second {
				break
			}
		}
	}
	after := graphql.drive(t, room, 2_000, body)
	offered := float64(over.good+over.refused) / over.took.Seconds() / calm.rate()
	goodput := over.goodput() / calm.goodput()
	t.Logf("good answers a second of processor time: %.0f at the peak, %.0f (%.2f) when callers send %.1f times the peak, %.0f afterwards",
		calm.goodput(), over.goodput(), goodput, offered, after.goodput())
	t.Logf("99th percentile of the good: %v at the peak, %v in the overload; of %d refused: %v", calm.p99(), over.p99(), over.refused, p99(over.refusals))
	t.Logf("%v at most after an overload %d callers are answered as at the peak", slowest.Round(time.Millisecond), room)
	if offered < 3 {
		t.Errorf("the callers sent %.1f times the peak, want 3", offered)
	}
	if goodput < 0.8 {
		t.Errorf("under overload %.2f of the peak, want 0.8", goodput)
	}
	if after.goodput() < 0.8*calm.goodput() {
		t.Errorf("afterwards %.2f of the peak, want 0.8", after.goodput()/calm.goodput())
	}
	if slowest > 5*time.Second {
		t.Errorf("%v after an overload all is as before, want 5s", slowest)
	}
}

func BenchmarkTenRecommendations(b *testing.B) {
	s := loaded(b, openSQLite(b, b.TempDir()))
	key := at[string](b, s.adminBrowser(b).must(`mutation { createApiKey(name: "load") { secret } }`, nil), "createApiKey", "secret")
	for _, lists := range []struct {
		name string
		body func(i int) string
	}{{"given again", ten}, {"made anew", tenAnew()}} {
		b.Run(lists.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r, _ := http.NewRequest(http.MethodPost, "/graphql", strings.NewReader(lists.body(i)))
				r.RemoteAddr = "127.0.0.1:1"
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+key)
				w := &discard{header: http.Header{}}
				s.server.ServeHTTP(w, r)
				if w.status != http.StatusOK {
					b.Fatalf("status %d", w.status)
				}
			}
		})
	}
}

// discard is a response that nobody reads.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { d.status = max(d.status, 200); return len(p), nil }

// TestUnderOverloadMostIsStillAnswered lets a few requests in at a time and
// sends many more than that at once.
func TestUnderOverloadMostIsStillAnswered(t *testing.T) {
	if os.Getenv("VALSE_LOAD_ROLE") != "" {
		t.Skip("the server of a load")
	}
	s := openShop(t, func(c *Config) { c.Limits.Requests = 4 })
	release := make(chan struct{})
	s.store.hold = release
	status := make(chan int, 20)
	c := s.key(t)
	for range 20 {
		go func() {
			response := c.do(http.MethodPost, "/graphql", "application/json", strings.NewReader(`{"query":"{ users { totalCount } }"}`))
			response.Body.Close()
			if response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After = %q, want 1", response.Header.Get("Retry-After"))
			}
			status <- response.StatusCode
		}()
	}
	for range 16 { // 12 at once, 4 when they have waited
		select {
		case got := <-status:
			if got != http.StatusServiceUnavailable {
				t.Errorf("while four run another is answered %d, want 503", got)
			}
		case <-time.After(patience):
			close(release)
			t.Fatalf("while four run others wait for more than %v", patience)
		}
	}
	if response, _ := c.get("/healthz"); response.StatusCode != http.StatusOK {
		t.Errorf("health is answered %d", response.StatusCode)
	}
	if _, told := c.get("/metrics"); !strings.Contains(told, "valse_graphql_refused_total 16\n") {
		t.Error("the metrics do not tell of 16 refusals")
	}
	close(release)
	for range 4 {
		if got := <-status; got != http.StatusOK {
			t.Errorf("of those let in one is answered %d, want 200", got)
		}
	}
	c.must(`{ users { totalCount } }`, nil)
}
