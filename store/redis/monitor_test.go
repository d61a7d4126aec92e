package redis_test

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"valse/store/redis/redistest"
)

// monitor reads everything the server does, its scripts' own commands too, and
// collects commands whose keys lie in more than one slot and scripts that touch
// a key they were not given. done ends it and returns what it found and how
// many commands it saw.
func monitor(t *testing.T, server *redistest.Server) (done func() (faults []string, seen int)) {
	t.Helper()
	conn, err := net.Dial("unix", strings.TrimPrefix(server.URL, "unix://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	lines := bufio.NewReaderSize(conn, 1<<20)
	fmt.Fprint(conn, "MONITOR\r\n")
	if reply, err := lines.ReadString('\n'); err != nil || reply != "+OK\r\n" {
		t.Fatalf("MONITOR = %q, %v", reply, err)
	}
	const goodbye = "that was all"
	var faults []string
	seen := 0
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var given map[string]bool
		for {
			line, err := lines.ReadString('\n')
			if err != nil || strings.Contains(line, goodbye) {
				return
			}
			seen++
			keys := keysOf(line)
			if !strings.Contains(line, " lua] ") {
				given = map[string]bool{}
				for _, key := range keys {
					given[key] = true
				}
				if tags := tagsOf(keys); len(tags) > 1 {
					faults = append(faults, fmt.Sprintf("slots %q in %.200s", tags, line))
				}
				continue
			}
			for _, key := range keys {
				if !given[key] {
					faults = append(faults, fmt.Sprintf("key %s not given in %.200s", key, line))
				}
			}
		}
	}()
	return func() ([]string, int) {
		t.Helper()
		client := direct(t, server)
		if err := client.Echo(t.Context(), goodbye).Err(); err != nil {
			t.Fatal(err)
		}
		<-ended
		return faults, seen
	}
}

// direct connects to a server without a store.
func direct(t *testing.T, server *redistest.Server) *goredis.Client {
	t.Helper()
	options, err := goredis.ParseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// keyHead opens every key, as MONITOR quotes it.
const keyHead = `"v1:{`

// keysOf is what a line of MONITOR quotes that is a key, by the prefix that
// every key has.
func keysOf(line string) []string {
	var keys []string
	for {
		start := strings.Index(line, keyHead)
		if start < 0 {
			return keys
		}
		line = line[start:]
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return keys
		}
		line = line[len(quoted):]
		if !strings.HasSuffix(quoted, `}:notices"`) {
			keys = append(keys, quoted)
		}
	}
}

// tagsOf is the distinct hash tags of keys.
func tagsOf(keys []string) []string {
	var tags []string
	seen := map[string]bool{}
	for _, key := range keys {
		_, rest, _ := strings.Cut(key, "{")
		tag, _, _ := strings.Cut(rest, "}")
		if !seen[tag] {
			seen[tag] = true
			tags = append(tags, tag)
		}
	}
	return tags
}

func TestTheMonitorSeesCommandsAndScriptsThatLeaveTheirSlot(t *testing.T) {
	server := redistest.Start(t)
	done := monitor(t, server)
	client := direct(t, server)
	client.Unlink(t.Context(), "v1:{a/s00}:x", "v1:{a/s01}:x")
	client.Eval(t.Context(), `redis.call('SET', KEYS[1] .. 'other', 1)`, []string{"v1:{a/s00}:x"})
	if faults, _ := done(); len(faults) != 2 {
		t.Errorf("the monitor found %q, want one command over two slots and one key not given", faults)
	}
}
