package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"valse/store"
)

// TestACopyHasAllThatWasAcknowledgedBefore copies a store while somebody writes
// to it: the copy has the log up to somewhere after what was acknowledged before.
func TestACopyHasAllThatWasAcknowledgedBefore(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	ctx, stop := context.WithCancel(t.Context())
	var acknowledged atomic.Int64
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		for n := 0; ctx.Err() == nil; n++ {
			e := store.Interaction{UserID: fmt.Sprint("u", n%9), EventID: fmt.Sprint(n), ProductID: "p", Type: store.View, Value: 1, Time: time.Now()}
			if _, err := s.Append(t.Context(), []store.Interaction{e}); err != nil {
				t.Error(err)
				return
			}
			acknowledged.Add(1)
		}
	}()
	for acknowledged.Load() < 200 {
		time.Sleep(time.Millisecond)
	}
	before := acknowledged.Load()
	folder := t.TempDir()
	err := s.CopyTo(t.Context(), folder)
	stop()
	<-wrote
	if err != nil {
		t.Fatal(err)
	}
	log, err := openTest(t, folder, "main").ReadLog(t.Context(), 0, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if n := int64(len(log)); n < before || n > acknowledged.Load() {
		t.Errorf("the copy has %d events; %d were acknowledged before and %d after", n, before, acknowledged.Load())
	}
	for n, e := range log {
		if e.EventID != fmt.Sprint(n) {
			t.Fatalf("event %d of the copy is %s: one is missing", n, e.EventID)
		}
	}
}

func TestACopyThatCannotBeMadeLeavesNothing(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.CopyTo(ctx, folder); err == nil {
		t.Error("a copy that was cancelled succeeded")
	}
	if err := s.CopyTo(t.Context(), filepath.Join(folder, "gone")); err == nil {
		t.Error("a copy into a folder that is not there succeeded")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}
