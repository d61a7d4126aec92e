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

func TestARequestNobodyWaitsForIsNotBegun(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // whether it was queued or not
		if err := s.PutSetting(ctx, "name", []byte("v")); !errors.Is(err, context.Canceled) {
			t.Fatalf("PutSetting of a cancelled context = %v", err)
		}
	}
	if _, err := s.Setting(t.Context(), "name"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Setting = %v, want not found", err)
	}
}

func TestAFailedPartOfAGroupLeavesTheOthersAlone(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	broken := errors.New("broken")
	half := &request{ctx: t.Context(), done: make(chan struct{}), do: func(t *tx) error {
		t.ring(store.NoticeRun, "never")
		if _, err := t.exec("INSERT INTO settings (name, value) VALUES ('half', 'v')"); err != nil {
			return err
		}
		return broken
	}}
	whole := &request{ctx: t.Context(), done: make(chan struct{}), do: func(t *tx) error {
		_, err := t.exec("INSERT INTO settings (name, value) VALUES ('whole', 'v')")
		return err
	}}
	appended := &request{ctx: t.Context(), done: make(chan struct{}), outcomes: make([]store.Outcome, 1),
		batch: []store.Interaction{crashEvent("1-1-1")}}
	s.writer.close() // so that the group can be written by hand
	conn, err := s.writer.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{conn: conn, stmts: newStatements(conn), bell: s.bell, now: time.Now}
	heard, err := s.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.answer([]*request{half, appended, whole})
	conn.Close()
	if !errors.Is(half.err, broken) || whole.err != nil || appended.err != nil || appended.outcomes[0] != store.Created {
		t.Errorf("errors = %v, %v, %v", half.err, whole.err, appended.err)
	}
	names, err := s.SettingNames(t.Context(), "")
	if err != nil || len(names) != 1 || names[0] != "whole" {
		t.Errorf("SettingNames = %q, %v; want only the whole one", names, err)
	}
	if n := <-heard; n.Kind != store.NoticeUser {
		t.Errorf("first notice = %+v, want none of the part that failed", n)
	}
}
