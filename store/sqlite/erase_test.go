package sqlite

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"valse/store"
)

func TestAnErasureCutShortIsFinishedAtTheNextOpening(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, "main")
	batch := make([]store.Interaction, eraseChunk+10)
	for n := range batch {
		batch[n] = store.Interaction{
			EventID: fmt.Sprint(n), UserID: "gone", ProductID: "p", Type: store.View, Value: 1,
			Time: time.Unix(int64(n)*60, 0),
		}
	}
	batch[0].UserID = "stays"
	if _, err := s.Append(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	// What EraseUser does first; then the process ends.
	if err := s.write(t.Context(), func(t *tx) error { _, err := t.bury("gone"); return err }); err != nil {
		t.Fatal(err)
	}
	log, err := s.ReadLog(t.Context(), 0, 0, 100)
	if err != nil || len(log) != 1 {
		t.Errorf("the log of a half erased user has %d entries, %v; want only that of another", len(log), err)
	}
	s.Close()

	s = openTest(t, dir, "main")
	var rows, pending int
	counted := int64(0)
	err = errors.Join(
		s.read.get(t.Context(), []any{&rows, &pending}, "SELECT (SELECT count(*) FROM interactions), (SELECT count(*) FROM erasures WHERE pending <> 0)"),
		s.Counts(t.Context(), 0, func(c store.Count) error { counted += c.N; return nil }))
	if err != nil || rows != 1 || pending != 0 || counted != 1 {
		t.Errorf("after opening again: %d rows, %d pending, %d counted, %v; want 1, 0, 1", rows, pending, counted, err)
	}
	if n, err := s.EraseUser(t.Context(), "gone"); n != 0 || err != nil {
		t.Errorf("EraseUser again = %d, %v; want nothing left", n, err)
	}
}
