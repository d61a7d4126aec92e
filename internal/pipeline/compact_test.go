package pipeline_test

import (
	"testing"
	"time"

	"valse/internal/pipeline"
	"valse/store"
)

// TestTheTransporterMergesWhatItMoved moves events of yesterday one by one.
func TestTheTransporterMergesWhatItMoved(t *testing.T) {
	now := time.Now()
	w := newWorld(t, pipeline.Options{Clock: func() time.Time { return now.AddDate(0, 0, 1) }})
	const n = 20
	for u := range n {
		w.append(t, []store.Interaction{{UserID: "u", EventID: string(rune('a' + u)), ProductID: "p", Type: store.View, Value: 1, Time: day0}})
		if _, err := w.Transport(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.holds(t, n)
	gone, err := w.Compact(t.Context())
	if err != nil || gone < n-2 { // unless midnight came between them all are of one day
		t.Errorf("%d of %d parts are gone (%v)", gone, n, err)
	}
	w.holds(t, n)
	if run := w.trained(t); run.Error == "" && run.State != store.Succeeded {
		t.Errorf("training on it is %+v", run)
	}
	if gone, err := w.Compact(t.Context()); err != nil || gone != 0 {
		t.Errorf("once more, %d are gone (%v)", gone, err)
	}
}
