package redis

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
	"valse/store/redis/redistest"
)

// meanwhile calls then, once, when a pipeline has been answered and nobody has
// looked at the answers.
type meanwhile struct{ then func() }

func (m *meanwhile) DialHook(next goredis.DialHook) goredis.DialHook          { return next }
func (m *meanwhile) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook { return next }

func (m *meanwhile) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, commands []goredis.Cmder) error {
		err := next(ctx, commands)
		if then := m.then; then != nil {
			m.then = nil
			then()
		}
		return err
	}
}

func TestAppendsDuringTheLookForARestartAreNoRestart(t *testing.T) {
	server := redistest.Start(t)
	s, err := Open(t.Context(), server.URL, "main", Options{Gate: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Arm(t.Context()); err != nil {
		t.Fatal(err)
	}
	add := func(eventID string) {
		event := store.Interaction{UserID: "u", EventID: eventID, ProductID: "p", Type: store.View, Time: time.Unix(1, 0)}
		if _, err := s.Append(t.Context(), []store.Interaction{event}); err != nil {
			t.Fatal(err)
		}
	}
	add("before")
	s.client.AddHook(&meanwhile{then: func() { add("meanwhile") }})
	if _, err := s.LogEpoch(t.Context()); err != nil {
		t.Errorf("LogEpoch() while events are appended = %v, want none", err)
	}
	if armed, err := s.Armed(t.Context()); !armed || err != nil {
		t.Errorf("Armed() = %v, %v, want true", armed, err)
	}
	if err := s.client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if armed, err := s.Armed(t.Context()); armed || err != nil {
		t.Errorf("Armed() after everything was lost = %v, %v, want false", armed, err)
	}
}
