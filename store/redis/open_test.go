package redis

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"valse/store"
	"valse/store/redis/redistest"
)

func TestOpenRefusesWhatItCannotServe(t *testing.T) {
	ctx := t.Context()
	for name, partition := range map[string]string{"empty": "", "brace": "a}b", "blank": "a b", "long": strings.Repeat("x", 65)} {
		if _, err := Open(ctx, "redis://localhost", partition, Options{}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Open(partition %s) = %v, want invalid", name, err)
		}
	}
	for _, address := range []string{"redis://user:secret@host:port/x", "http://secret@localhost", "redis://secret@localhost?nonsense=1"} {
		if _, err := Open(ctx, address, "main", Options{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%s) = %v, want an error that keeps the secret", address, err)
		}
	}
}

func TestOpenSaysWhatAnAcknowledgementIsWorth(t *testing.T) {
	for _, c := range []struct {
		settings []string
		want     string
		warns    bool
	}{
		{nil, "lost when the server stops", true},
		{redistest.Durable, "on the server's disk when acknowledged", false},
		{[]string{"--appendonly", "yes", "--appendfsync", "everysec"}, "the last second", true},
		{append([]string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}, redistest.Durable...), "evicted", true},
		{[]string{"--rename-command", "CONFIG", ""}, "unknown", true},
	} {
		server := redistest.Start(t, c.settings...)
		var log bytes.Buffer
		s, err := Open(t.Context(), server.URL, "main", Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if got := s.Durability(); !strings.Contains(got, c.want) {
			t.Errorf("Durability() with %q = %q, want %q in it", c.settings, got, c.want)
		}
		if warned := strings.Contains(log.String(), "level=WARN"); warned != c.warns {
			t.Errorf("Open with %q logged %q, want a warning: %v", c.settings, &log, c.warns)
		}
	}
}

func TestACallAgainstAStoppedServerFailsInTime(t *testing.T) {
	server := redistest.Start(t)
	s := openAt(t, server, time.Now)
	server.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := s.Product(ctx, "p")
	if err == nil || errors.Is(err, store.ErrNotFound) || time.Since(begun) > 5*time.Second {
		t.Errorf("Product = %v after %v, want an error soon that is not ErrNotFound", err, time.Since(begun))
	}
}

// openAt opens partition main under a clock for the length of a test.
func openAt(t *testing.T, server *redistest.Server, now func() time.Time) *Store {
	t.Helper()
	s, err := Open(t.Context(), server.URL, "main", Options{Now: now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAWatchOutlivesARestartOfTheServerAndTellsWhatWasMissed(t *testing.T) {
	server := redistest.Start(t)
	s := openAt(t, server, time.Now)
	notices, err := s.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server.Restart()
	for _, want := range []store.NoticeKind{store.NoticeMissed, store.NoticeCatalog} {
		select {
		case notice := <-notices:
			if notice.Kind != want {
				t.Errorf("notice %+v, want %s", notice, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("no notice of %s after a restart", want)
		}
		s.ring(t.Context(), store.NoticeCatalog, "") // the subscription stands again
	}
}

func TestAnErasureThatNobodyFinishedIsTakenOver(t *testing.T) {
	ctx := t.Context()
	server := redistest.Start(t)
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := openAt(t, server, func() time.Time { return now })
	event := store.Interaction{EventID: "e", UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: now}
	if _, err := s.Append(ctx, []store.Interaction{event}); err != nil {
		t.Fatal(err)
	}
	// A process writes that it begins, and dies.
	begun, cancel := context.WithCancel(ctx)
	s.client.AddHook(cancelAfter{"zadd", cancel})
	if _, err := s.EraseUser(begun, "u"); err == nil {
		t.Fatal("EraseUser goes on although its process died")
	}

	other := openAt(t, server, func() time.Time { return now })
	erased := func() int {
		t.Helper()
		tombstones, err := other.Erased(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(tombstones)
	}
	now = now.Add(eraseTakeover - time.Second)
	if n := erased(); n != 0 {
		t.Errorf("after less than a minute %d tombstones, want the eraser left to it", n)
	}
	now = now.Add(2 * time.Second)
	if n := erased(); n != 1 {
		t.Errorf("after a minute %d tombstones, want 1", n)
	}
	if n := erased(); n != 1 {
		t.Errorf("asked again %d tombstones, want 1", n)
	}
	if log, err := other.ReadLog(ctx, shardOf("u"), 0, 10); err != nil || len(log) != 0 {
		t.Errorf("ReadLog = %v, %v, want nothing of the erased user", log, err)
	}
	outcomes, err := other.Append(ctx, []store.Interaction{event})
	if err != nil || outcomes[0] != store.Erased {
		t.Errorf("Append = %v, %v, want it refused", outcomes, err)
	}
}
