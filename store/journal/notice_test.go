package journal_test

import (
	"testing"
	"time"

	"valse/store"
	"valse/store/journal"
	"valse/store/redis/redistest"
)

// TestWhoWatchesHearsOfWhatIsAcceptedAndOfTheReturn has a watcher before,
// during and after an absence of Redis.
func TestWhoWatchesHearsOfWhatIsAcceptedAndOfTheReturn(t *testing.T) {
	server := redistest.Start(t, redistest.Durable...)
	s := open(t, server, "main", t.TempDir(), journal.Options{Patience: time.Minute})
	notices, err := s.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard := func(kind store.NoticeKind, id string) {
		t.Helper()
		for timeout := time.After(time.Minute); ; {
			select {
			case n := <-notices:
				if n.Kind == kind && n.ID == id {
					return
				}
			case <-timeout:
				t.Fatalf("%s %q was not heard", kind, id)
			}
		}
	}
	w := writer{name: "w"}
	mustAppend(t, s, store.Created, w.event(0))
	heard(store.NoticeUser, "w-0")
	server.Kill()
	for deadline := time.Now().Add(time.Minute); s.Away() == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody sees that Redis is away")
		}
	}
	mustAppend(t, s, store.Accepted, w.event(1))
	heard(store.NoticeUser, "w-1")
	late, err := s.Watch(t.Context())
	if err != nil {
		t.Fatalf("Watch while Redis is away = %v", err)
	}
	server.Restart()
	awaitBack(t, s)
	for range 2 { // once the subscription stands again, and once everything is applied
		heard(store.NoticeMissed, "")
	}
	notices = late
	heard(store.NoticeMissed, "")
}
