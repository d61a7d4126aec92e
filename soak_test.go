package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store/redis/redistest"
)

// foot is what the server holds, as its metrics tell.
type foot struct{ heap, goroutines, files float64 }

func (f foot) String() string {
	return fmt.Sprintf("%.1f MiB of heap, %.0f goroutines, %.0f open files", f.heap/(1<<20), f.goroutines, f.files)
}

// TestAServerStaysAsItIsThroughRestartsOfRedisAndTrainings keeps a server under
// writers, readers and subscriptions while its Redis is killed again and again
// and models are trained, and compares what it holds after the first part of
// the time with what it holds at the end, each at rest. A long run first fills what
// it remembers: the journal, of up to 100,000 events.
func TestAServerStaysAsItIsThroughRestartsOfRedisAndTrainings(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("open files are counted on Linux only")
	}
	length := time.Duration(trial.Rounds(12, 480)) * time.Second
	rounds := trial.Rounds(2, 8) // each with a restart of Redis; two end with a training
	random := trial.Rand(t)
	backend := redistest.Start(t, redistest.Durable...)
	const token = "token-of-the-soak"
	s := &victim{t: t, listen: freeAddress(t), env: append(os.Environ(), "VALSE_STORE="+backend.URL, "VALSE_WAREHOUSE="+t.TempDir(),
		"VALSE_JOURNAL="+t.TempDir(), "VALSE_WORK_DIR="+t.TempDir(), "VALSE_PARTITION=soak", "VALSE_LOG_LEVEL=error", "VALSE_ADMIN_TOKEN="+token, "VALSE_TRANSPORT_EVERY=1s", "VALSE_REMEMBER=1000",
		"GOGC=20")} // so that what was reachable is looked at often
	s.key = s.createKey()
	s.start()
	defer s.kill()
	admin := s.signedIn(token)
	s.fill(trial.Rounds(500, 110_000))

	var reading sync.WaitGroup
	listening, stop := context.WithCancel(t.Context())
	defer func() { stop(); reading.Wait() }()
	var lists atomic.Int64
	for n := range 50 {
		reading.Go(func() { s.follow(listening, fmt.Sprint("soak-", n), &lists) })
	}

	var acknowledged, reads, away atomic.Int64
	var half foot
	for round := range rounds {
		working, pause := context.WithTimeout(t.Context(), length/time.Duration(rounds))
		var work sync.WaitGroup
		for w := range 8 {
			work.Go(func() { s.shops(working, w, round, &acknowledged, &reads, &away) })
		}
		time.Sleep(time.Duration(random.IntN(int(length) / rounds / 2)))
		backend.Restart()
		work.Wait()
		pause()
		if round == 0 || round == rounds-1 {
			s.trains(admin)
		}
		if round == (rounds-1)/2 {
			half = s.atRest()
		}
	}
	end := s.atRest()
	t.Logf("%v with %d restarts of Redis and 2 trainings: %d events acknowledged, %d lists read (%d refused), %d pushed; at half-time %v, at the end %v",
		length, rounds, acknowledged.Load(), reads.Load(), away.Load(), lists.Load(), half, end)
	if acknowledged.Load() == 0 || lists.Load() == 0 || away.Load() > 0 {
		t.Errorf("%d events, %d lists pushed, %d reads refused: want some, some, 0", acknowledged.Load(), lists.Load(), away.Load())
	}
	if end.goroutines > half.goroutines+10 || end.files > half.files+10 || end.heap > half.heap+8<<20 {
		t.Errorf("it grew from %v to %v", half, end)
	}
}

const record = `mutation($i: [InteractionInput!]!) { recordInteractions(interactions: $i) { results { outcome } userErrors { message } } }`

const listOf = `query($u: ID!) { recommendations(userId: $u, first: 10) { items { score product { title } } } }`

// fill records events of users who are never looked at.
func (v *victim) fill(events int) {
	v.t.Helper()
	const batch = 250
	for n := 0; n < events; n += batch {
		inputs := make([]map[string]any, batch)
		for i := range inputs {
			inputs[i] = map[string]any{
				"eventId": fmt.Sprint("fill/", n+i), "userId": fmt.Sprint("filler-", (n+i)/50), "type": "VIEW", "productId": fmt.Sprint("p", (n+i)%97),
			}
		}
		var data struct {
			RecordInteractions struct{ Results []struct{ Outcome string } }
		}
		err := v.ask(v.t.Context(), record, map[string]any{"i": inputs}, &data)
		if err != nil || len(data.RecordInteractions.Results) != batch {
			v.t.Fatalf("batch at %d: %v, %d results", n, err, len(data.RecordInteractions.Results))
		}
	}
}

// shops records and reads for one of the users at a time until the time is over.
func (v *victim) shops(ctx context.Context, w, round int, acknowledged, reads, away *atomic.Int64) {
	for n := 0; ctx.Err() == nil; n++ {
		user := fmt.Sprint("soak-", (n*8+w)%200)
		event := map[string]any{"eventId": fmt.Sprint(round, "/", w, "/", n), "userId": user, "type": "PURCHASE", "productId": fmt.Sprint("p", (n*7+w*3)%97)}
		var data struct {
			RecordInteractions struct{ Results []struct{ Outcome string } }
		}
		if err := v.ask(ctx, record, map[string]any{"i": []any{event}}, &data); err == nil && len(data.RecordInteractions.Results) == 1 {
			acknowledged.Add(1)
		}
		if err := v.ask(ctx, listOf, map[string]any{"u": user}, &struct{}{}); err == nil {
			reads.Add(1)
		} else if ctx.Err() == nil {
			away.Add(1)
		}
		time.Sleep(15 * time.Millisecond)
	}
}

// follow follows a user's list until ctx ends.
func (v *victim) follow(ctx context.Context, user string, lists *atomic.Int64) {
	body := `{"query":"subscription { recommendations(userId: \"` + user + `\", first: 10) { items { score } } }"}`
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+v.listen+"/graphql", strings.NewReader(body))
		if err != nil {
			return
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Accept", "text/event-stream")
		request.Header.Set("Authorization", "Bearer "+v.key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return
		}
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "data:") {
				lists.Add(1)
			}
		}
		response.Body.Close()
	}
}

// signedIn is a victim that is asked as an admin.
func (v *victim) signedIn(token string) *victim {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	admin := &victim{t: v.t, listen: v.listen, browser: &http.Client{Jar: jar}}
	if err := admin.ask(v.t.Context(), `mutation($t: String!) { adminSignIn(token: $t) { userErrors { message } } }`, map[string]any{"t": token}, &struct{}{}); err != nil {
		v.t.Fatal(err)
	}
	return admin
}

// trains trains and publishes a model in the server.
func (v *victim) trains(admin *victim) {
	v.t.Helper()
	var started struct {
		StartTraining struct{ Run struct{ ID string } }
	}
	err := admin.ask(v.t.Context(), `mutation { startTraining(input: {rank: 8, iterations: 3, evaluate: false, publish: true}) { run { id } userErrors { message } } }`, nil, &started)
	if err != nil {
		v.t.Fatal(err)
	}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		var now struct{ Node struct{ State, Error string } }
		err := admin.ask(v.t.Context(), `query($id: ID!) { node(id: $id) { ... on Run { state error } } }`, map[string]any{"id": started.StartTraining.Run.ID}, &now)
		if err == nil && now.Node.State == "SUCCEEDED" {
			return
		}
		if err == nil && now.Node.State == "FAILED" || time.Now().After(deadline) {
			v.t.Fatalf("the training is %+v, %v", now.Node, err)
		}
	}
}

// atRest is the least that the server holds while one reader keeps it going.
func (v *victim) atRest() foot {
	v.t.Helper()
	time.Sleep(time.Second)
	least := v.foot()
	for n := range 1000 {
		if err := v.ask(v.t.Context(), listOf, map[string]any{"u": fmt.Sprint("soak-", n%200)}, &struct{}{}); err != nil {
			v.t.Fatal(err)
		}
		if n%10 == 0 {
			now := v.foot()
			least = foot{min(least.heap, now.heap), min(least.goroutines, now.goroutines), min(least.files, now.files)}
		}
	}
	return least
}

func (v *victim) foot() (f foot) {
	v.t.Helper()
	response, err := http.Get("http://" + v.listen + "/metrics")
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		number, _ := strconv.ParseFloat(value, 64)
		switch name {
		case "go_memstats_next_gc_bytes": // a fifth above what was reachable (GOGC=20)
			f.heap = number / 1.2
		case "go_goroutines":
			f.goroutines = number
		case "process_open_fds":
			f.files = number
		}
	}
	return f
}
