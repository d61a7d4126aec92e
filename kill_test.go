package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store/redis/redistest"
)

// TestAcknowledgedInteractionsSurviveKillingTheServer kills the real server at
// random while sixteen writers record events, so often and until so many events
// are acknowledged, and then looks for each of them: it must be there, once.
func TestAcknowledgedInteractionsSurviveKillingTheServer(t *testing.T) {
	for name, address := range map[string]string{"sqlite": "sqlite:" + t.TempDir(), "redis": redistest.Start(t, redistest.Durable...).URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time nothing happens but waiting for the next kill
			surviveKills(t, address)
		})
	}
}

func surviveKills(t *testing.T, address string) {
	least, enough := trial.Rounds(50, 200), int64(trial.Rounds(1, 50_001))
	random := trial.Rand(t)
	s := &victim{t: t, listen: freeAddress(t), env: append(os.Environ(),
		"VALSE_STORE="+address, "VALSE_WAREHOUSE="+t.TempDir(), "VALSE_JOURNAL="+t.TempDir(), "VALSE_PARTITION=kill", "VALSE_LOG_LEVEL=error")}
	s.key = s.createKey()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	writers := make([]*writer, 16)
	var wg sync.WaitGroup
	for i := range writers {
		writers[i] = &writer{server: s, user: fmt.Sprintf("writer-%d", i)}
		wg.Go(func() { writers[i].run(ctx) })
	}
	kills := 0
	for kills < least || s.acknowledged.Load() < enough && kills < 10*least {
		s.start()
		time.Sleep(time.Duration(50+random.IntN(300)) * time.Millisecond)
		s.kill()
		kills++
	}
	s.start()
	stop()
	wg.Wait()
	lost, doubled := 0, 0
	for _, w := range writers {
		stored := w.stored()
		for event := range w.acknowledged {
			switch stored[w.event(event)] {
			case 0:
				lost++
			case 1:
			default:
				doubled++
			}
		}
	}
	s.kill()
	t.Logf("%d kills, %d acknowledged, %d lost, %d doubled", kills, s.acknowledged.Load(), lost, doubled)
	if s.acknowledged.Load() < enough || lost > 0 || doubled > 0 {
		t.Errorf("want at least %d acknowledged, none lost and none doubled", enough)
	}
}

// victim is a server that gets killed.
type victim struct {
	t       *testing.T
	listen  string
	env     []string
	key     string
	browser *http.Client // keeps the cookies of who has no key
	process *exec.Cmd

	acknowledged atomic.Int64 // to all writers
}

func (v *victim) command(args ...string) *exec.Cmd {
	cmd := exec.Command("valse", args...)
	cmd.Env = v.env
	return cmd
}

func (v *victim) createKey() string {
	out, err := v.command("keys", "create", "kill-test").Output()
	if err != nil {
		v.t.Fatalf("valse keys create: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// start starts the server and waits until it is ready.
func (v *victim) start() {
	v.t.Helper()
	v.process = v.command("serve", "--listen", v.listen)
	var said bytes.Buffer
	v.process.Stderr = &said
	if err := v.process.Start(); err != nil {
		v.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get("http://" + v.listen + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			_ = v.process.Process.Signal(syscall.SIGQUIT) // it says what it was doing
			_ = v.process.Wait()
			v.t.Fatalf("the server was not ready within a minute:\n%s", said.Bytes())
		}
	}
}

func (v *victim) kill() {
	_ = v.process.Process.Kill()
	_ = v.process.Wait()
}

// ask sends a GraphQL request and decodes its data.
func (v *victim) ask(ctx context.Context, query string, variables any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+v.listen+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	client := http.DefaultClient
	if v.browser != nil {
		client = v.browser
	} else {
		request.Header.Set("Authorization", "Bearer "+v.key)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, data)
}

// writer records its events in order, a batch at a time, and repeats each batch,
// under the same event ids, until it is acknowledged.
type writer struct {
	server       *victim
	user         string
	acknowledged int
}

func (w *writer) event(n int) string { return fmt.Sprintf("%s-%d", w.user, n) }

func (w *writer) run(ctx context.Context) {
	const batch = 5
	const record = `mutation($i: [InteractionInput!]!) { recordInteractions(interactions: $i) { results { outcome } userErrors { message } } }`
	for ctx.Err() == nil {
		events := make([]any, batch)
		for i := range events {
			n := w.acknowledged + i
			events[i] = map[string]any{
				"eventId": w.event(n), "userId": w.user, "type": "VIEW",
				"productId": fmt.Sprintf("p%d", n%97), "time": "2026-01-02T03:04:05Z",
			}
		}
		var data struct {
			RecordInteractions struct{ Results []struct{ Outcome string } }
		}
		err := w.server.ask(ctx, record, map[string]any{"i": events}, &data)
		if err != nil || len(data.RecordInteractions.Results) != batch {
			time.Sleep(5 * time.Millisecond) // dead, or not up again yet
			continue
		}
		w.acknowledged += batch
		w.server.acknowledged.Add(batch)
	}
}

// stored counts how often each event of the writer is in its history.
func (w *writer) stored() map[string]int {
	const history = `query($u: ID!, $after: String) { interactions(userId: $u, first: 100, after: $after) { nodes { eventId } pageInfo { hasNextPage endCursor } } }`
	counts := map[string]int{}
	for after := any(nil); ; {
		var data struct {
			Interactions struct {
				Nodes    []struct{ EventID string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		if err := w.server.ask(context.Background(), history, map[string]any{"u": w.user, "after": after}, &data); err != nil {
			w.server.t.Fatal(err)
		}
		for _, n := range data.Interactions.Nodes {
			counts[n.EventID]++
		}
		if !data.Interactions.PageInfo.HasNextPage {
			return counts
		}
		after = data.Interactions.PageInfo.EndCursor
	}
}

// freeAddress is an address that nobody listens on, below the ports that systems
// hand out: nobody else is given it while its server is down.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free address")
	return ""
}
