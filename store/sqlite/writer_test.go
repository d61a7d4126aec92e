package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"valse/store"
)

// byHand ends the writer and returns one that writes groups when told.
func byHand(t *testing.T, s *Store) *writer {
	t.Helper()
	s.writer.close()
	conn, err := s.writer.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &writer{conn: conn, stmts: newStatements(conn), bell: s.bell, now: time.Now, stamps: s.writer.stamps}
}

// part is a request that runs statements and then ends in err.
func part(t *testing.T, err error, queries ...string) *request {
	return &request{ctx: t.Context(), done: make(chan struct{}), do: func(t *tx) error {
		t.ring(store.NoticeRun, "part")
		for _, query := range queries {
			if _, err := t.exec(query); err != nil {
				return err
			}
		}
		return err
	}}
}

func appendPart(t *testing.T) *request {
	return &request{ctx: t.Context(), done: make(chan struct{}), outcomes: make([]store.Outcome, 1),
		batch: []store.Interaction{crashEvent("1-1-1")}}
}

const putHalf, putWhole = "INSERT INTO settings (name, value) VALUES ('half', 'v')", "INSERT INTO settings (name, value) VALUES ('whole', 'v')"

func TestAFailedPartOfAGroupLeavesTheOthersAlone(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	heard, err := s.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	half, appended, whole := part(t, broken, putHalf), appendPart(t), part(t, nil, putWhole)
	byHand(t, s).answer([]*request{half, appended, whole})
	if !errors.Is(half.err, broken) || whole.err != nil || appended.err != nil || appended.outcomes[0] != store.Created {
		t.Errorf("errors = %v, %v, %v; want only the first", half.err, whole.err, appended.err)
	}
	names, err := s.SettingNames(t.Context(), "", "")
	if err != nil || len(names) != 1 || names[0] != "whole" {
		t.Errorf("SettingNames = %q, %v; want only the whole one", names, err)
	}
	if len(heard) != 2 {
		t.Errorf("%d notices, want one of the part and one of the append that succeeded", len(heard))
	}
}

func TestAGroupWhoseTransactionIsGivenUpFailsWhole(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	full := errors.New("the disk is full")
	before, fails, after, appended := part(t, nil, putHalf), part(t, full, "ROLLBACK"), part(t, nil, putWhole), appendPart(t)
	w := byHand(t, s)
	w.answer([]*request{before, fails, after, appended})
	for n, r := range []*request{before, fails, after, appended} {
		if !errors.Is(r.err, full) {
			t.Errorf("error of part %d = %v, want %v", n, r.err, full)
		}
	}
	again := part(t, nil, putWhole)
	w.answer([]*request{again})
	names, err := s.SettingNames(t.Context(), "", "")
	if again.err != nil || err != nil || len(names) != 1 || names[0] != "whole" {
		t.Errorf("SettingNames after the next group (%v) = %q, %v; want only what it put", again.err, names, err)
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
