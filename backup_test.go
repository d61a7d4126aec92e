package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"valse/store/redis/redistest"
)

// TestABackupUnderWritersHasAllThatWasAcknowledgedBefore copies a shop that
// sixteen writers use, and starts from the copy: of what was acknowledged before
// nothing may be missing or there twice. With Redis the copy is of the warehouse,
// and an empty Redis is filled from it.
func TestABackupUnderWritersHasAllThatWasAcknowledgedBefore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		copied := filepath.Join(t.TempDir(), "backup")
		backUp(t, copied, "sqlite:"+t.TempDir(), "sqlite:"+copied)
	})
	t.Run("redis", func(t *testing.T) {
		backUp(t, filepath.Join(t.TempDir(), "backup"), redistest.Start(t).URL, redistest.Start(t).URL)
	})
}

// backUp copies to a folder while a server on one store is written to, and looks
// for the events in a server on another.
func backUp(t *testing.T, folder, from, to string) {
	place := func(store, warehouse string) []string {
		return append(os.Environ(), "VALSE_STORE="+store, "VALSE_WAREHOUSE="+warehouse, "VALSE_JOURNAL="+t.TempDir(),
			"VALSE_PARTITION=backup", "VALSE_LOG_LEVEL=error", "VALSE_TRANSPORT_EVERY=1s")
	}
	s := &victim{t: t, listen: freeAddress(t), env: place(from, t.TempDir())}
	s.key = s.createKey()
	s.start()
	ctx, stop := context.WithCancel(t.Context())
	writers := make([]*writer, 16)
	var wrote sync.WaitGroup
	for i := range writers {
		writers[i] = &writer{server: s, user: "writer-" + string(rune('a'+i))}
		wrote.Go(func() { writers[i].run(ctx) })
	}
	for s.acknowledged.Load() < 2_000 {
		time.Sleep(10 * time.Millisecond)
	}
	before := s.acknowledged.Load()
	out, err := s.command("backup", folder).CombinedOutput()
	stop()
	wrote.Wait()
	s.kill()
	if err != nil {
		t.Fatalf("valse backup: %v\n%s", err, out)
	}

	s.env = place(to, filepath.Join(folder, "warehouse"))
	s.key = s.createKey()
	s.start()
	defer s.kill()
	found := int64(0)
	for _, w := range writers {
		w.acknowledged = 0 // from here on: how many of its events are found, in order
		stored := w.stored()
		for stored[w.event(w.acknowledged)] == 1 {
			w.acknowledged++
		}
		if len(stored) != w.acknowledged {
			t.Errorf("%s has %d events in the copy, the first %d of them once each", w.user, len(stored), w.acknowledged)
		}
		found += int64(w.acknowledged)
	}
	t.Logf("%d acknowledged before, %d found in the copy, %d acknowledged when it was made", before, found, s.acknowledged.Load())
	if found < before {
		t.Errorf("%d events were acknowledged before, and the copy has %d", before, found)
	}
	if out, err := s.command("transport").CombinedOutput(); err != nil {
		t.Errorf("go on from the copy: %v\n%s", err, out)
	}
	if out, err := s.command("verify").CombinedOutput(); err != nil {
		t.Errorf("valse verify: %v\n%s", err, out)
	}
}
