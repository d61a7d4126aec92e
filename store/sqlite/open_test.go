package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"valse/store"
)

func TestAPartitionMustBeAFileName(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../up", "a/b", `a\b`, "a b", ".hidden", "ä", "a\x00", strings.Repeat("a", 101)} {
		if _, err := Open(t.Context(), t.TempDir(), name, Options{}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Open(%q) = %v, want invalid", name, err)
		}
	}
	for _, name := range []string{"a", "Shop-1.eu_west", "0", strings.Repeat("a", 100)} {
		dir := t.TempDir()
		openTest(t, dir, name)
		if _, err := os.Stat(filepath.Join(dir, name+".db")); err != nil {
			t.Error(err)
		}
	}
}

func TestAFolderOfAnyNameIsMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b", "100%25?mode=memory#ü&x=1")
	s := openTest(t, dir, "main")
	if err := s.PutSetting(t.Context(), "name", []byte("value")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "main.db")); err != nil || info.Size() == 0 {
		t.Errorf("main.db = %v, %v", info, err)
	}
}

func TestADamagedFileIsNamedAsSuch(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "main.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database, but long enough. ", 1_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, "main", Options{})
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("Open of a damaged file = %v, want its path and what is wrong", err)
	}
}

func TestAFileHeldByAnotherWriterSaysSo(t *testing.T) {
	dir := t.TempDir()
	holder := openTest(t, dir, "main")
	waiter, err := Open(t.Context(), dir, "main", Options{BusyTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer waiter.Close()
	held, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- holder.write(context.Background(), func(*tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	if err := waiter.PutSetting(t.Context(), "name", []byte("v")); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("PutSetting while another writes = %v, want to hear of another process", err)
	}
	if _, err := waiter.Publications(t.Context(), 1); err != nil {
		t.Errorf("Publications while another writes = %v, want reads to go on", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := waiter.PutSetting(t.Context(), "name", []byte("v")); err != nil {
		t.Errorf("PutSetting after the other has ended: %v", err)
	}
}

func TestManyMayOpenANewFileAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := Open(t.Context(), dir, "main", Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.InitSetting(t.Context(), "secret", []byte("x")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestCommitsReachTheDiskBeforeTheyAreAnswered(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2"} {
		var got string
		if err := s.writer.stmts.get(t.Context(), []any{&got}, "PRAGMA "+pragma); err != nil || got != want {
			t.Errorf("%s of the writer = %q, %v; want %q", pragma, got, err, want)
		}
	}
}
