package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"valse/store"
)

// crashDir is the environment variable that turns the test binary into the
// program to be killed.
const crashDir = "VALSE_SQLITE_CRASH_DIR"

const (
	crashWriters = 8
	crashKills   = 10
)

// crashEvent is the event under an id like "3-7-120": kill, writer, number.
// Writers share users, and days differ.
func crashEvent(id string) store.Interaction {
	var kill, writer, n int
	if _, err := fmt.Sscanf(id, "%d-%d-%d", &kill, &writer, &n); err != nil {
		panic(fmt.Sprintf("event %q: %v", id, err))
	}
	return store.Interaction{
		EventID: id, UserID: fmt.Sprint("user ", n%5), ProductID: fmt.Sprint("product ", n%7), Type: store.Rating,
		Value: float64(1 + n%5), Time: time.Unix(int64(1_700_000_000+n*3600), 0).UTC(),
	}
}

// appendUntilKilled has writers append as fast as they can; each prints the id
// of an event once it is acknowledged.
func appendUntilKilled(dir string) {
	s, err := Open(context.Background(), dir, "main", Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kill := os.Args[len(os.Args)-1]
	for w := range crashWriters {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%s-%d-%d", kill, w, n)
				outcomes, err := s.Append(context.Background(), []store.Interaction{crashEvent(id)})
				if err != nil || outcomes[0] != store.Created {
					fmt.Fprintln(os.Stderr, id, outcomes, err)
					os.Exit(1)
				}
				fmt.Println(id)
			}
		}()
	}
	select {}
}

// killOne starts the program, kills it after a while and returns what it
// acknowledged.
func killOne(t *testing.T, dir string, kill int, after time.Duration) (acknowledged []string) {
	t.Helper()
	program := exec.Command(os.Args[0], fmt.Sprint(kill))
	program.Env = append(os.Environ(), crashDir+"="+dir)
	var complaints strings.Builder
	program.Stderr = &complaints
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line cut short by the kill was not acknowledged to anyone
			break
		}
		once.Do(func() { time.AfterFunc(after, func() { program.Process.Kill() }) })
		acknowledged = append(acknowledged, strings.TrimSpace(line))
	}
	program.Wait()
	if complaints.Len() > 0 || len(acknowledged) == 0 {
		t.Fatalf("kill %d: the program acknowledged %d events and said %q", kill, len(acknowledged), &complaints)
	}
	return acknowledged
}

func TestEveryAcknowledgedEventSurvivesKillsOnce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	var acknowledged []string
	for kill := range crashKills {
		acknowledged = append(acknowledged, killOne(t, dir, kill, time.Duration(random.IntN(250))*time.Millisecond)...)
	}

	s := openTest(t, dir, "main")
	stored := map[string]int{}
	last := int64(0)
	for {
		page, err := s.ReadLog(t.Context(), 0, last, 5_000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, i := range page {
			if i.Seq != last+1 {
				t.Errorf("the log goes from %d to %d", last, i.Seq)
			}
			last = i.Seq
			stored[i.EventID]++
			if want := crashEvent(i.EventID); !want.Same(&i) {
				t.Errorf("stored %+v, want %+v", i, want)
			}
		}
	}
	again := make([]store.Interaction, len(acknowledged))
	for n, id := range acknowledged {
		if stored[id] != 1 {
			t.Errorf("acknowledged event %s is stored %d times", id, stored[id])
		}
		again[n] = crashEvent(id)
	}
	counted := 0
	err := s.Counts(t.Context(), 0, func(c store.Count) error {
		counted += int(c.N)
		return nil
	})
	if err != nil || counted != len(stored) {
		t.Errorf("Counts add up to %d, %v; want %d", counted, err, len(stored))
	}
	outcomes, err := s.Append(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	for n, got := range outcomes {
		if got != store.Exists {
			t.Errorf("event %s sent again = %v, want EXISTS", acknowledged[n], got)
		}
	}
	t.Logf("seed %d: %d kills, %d acknowledged, %d stored", seed, crashKills, len(acknowledged), len(stored))
}
