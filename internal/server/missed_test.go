package server

import (
	"context"
	"sync"
	"testing"
	"time"

	"valse/store"
)

// deafStore is a store whose notices do not come through while it is deaf, and
// which says afterwards that some were missed.
type deafStore struct {
	store.Store
	mu   sync.Mutex
	deaf bool
	outs []chan store.Notice
}

func (d *deafStore) Watch(ctx context.Context) (<-chan store.Notice, error) {
	notices, err := d.Store.Watch(ctx)
	if err != nil {
		return nil, err
	}
	out := make(chan store.Notice, 1000)
	d.mu.Lock()
	d.outs = append(d.outs, out)
	d.mu.Unlock()
	go func() {
		for n := range notices {
			d.mu.Lock()
			if !d.deaf {
				out <- n
			}
			d.mu.Unlock()
		}
		close(out)
	}()
	return out, nil
}

func (d *deafStore) set(deaf bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deaf = deaf; !deaf {
		for _, out := range d.outs {
			out <- store.Notice{Kind: store.NoticeMissed, At: time.Now()}
		}
	}
}

func TestRunsThatChangedWhileNoNoticesCameThroughAreSentAfterwards(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	fill(t, st)
	deaf := &deafStore{Store: st}
	s := openShopOver(t, deaf)
	admin := s.adminBrowser(t)
	queue := func(title string) store.Run {
		run, err := s.pipeline.Queue(t.Context(), store.RunTrain, title, struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	long := queue("ended long ago")
	if _, err := st.RequestCancel(t.Context(), long.ID, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	waits, ends := queue("waits"), queue("ends")
	eventually(t, "live hears", func() bool { return s.store.watches.Load() > 0 })
	before := s.store.watches.Load()
	all := admin.events(t.Context(), `subscription { runs { runId state } }`)
	eventually(t, "the subscription stands", func() bool { return s.store.watches.Load() > before })
	deaf.set(true)
	if _, err := st.RequestCancel(t.Context(), ends.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	fresh := queue("came meanwhile")
	deaf.set(false)
	for _, want := range []struct{ id, state string }{{waits.ID, "QUEUED"}, {ends.ID, "CANCELLED"}, {fresh.ID, "QUEUED"}} {
		data := next(t, all).Data
		if id, state := at[string](t, data, "runs", "runId"), at[string](t, data, "runs", "state"); id != want.id || state != want.state {
			t.Errorf("the stream sent run %s, %s; want %s, %s", id, state, want.id, want.state)
		}
	}
}
