package sources

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"valse/store"
)

func TestBatchesKeepEachUserTogetherInOrderOfTime(t *testing.T) {
	const users, rows = 7, 2*batchSize + 3
	var h hold
	for n := range rows {
		h.add(store.Interaction{UserID: fmt.Sprint("u", n*n%users), Value: float64(n), Time: time.Unix(int64(n%1_000), 0)})
	}
	var got []store.Interaction
	var sizes []int
	err := h.batches(func(batch []store.Interaction) error {
		got, sizes = append(got, batch...), append(sizes, len(batch))
		return nil
	})
	if err != nil || !slices.Equal(sizes, []int{batchSize, batchSize, 3}) {
		t.Fatalf("batches of %v, %v; want two of %d and one of 3", sizes, err, batchSize)
	}
	var order []string // users as they begin
	for n, i := range got {
		switch {
		case n == 0 || i.UserID != got[n-1].UserID:
			order = append(order, i.UserID)
		case cmp.Or(i.Time.Compare(got[n-1].Time), cmp.Compare(i.Value, got[n-1].Value)) <= 0:
			t.Fatalf("event %v of %s at %v comes after %v at %v", i.Value, i.UserID, i.Time, got[n-1].Value, got[n-1].Time)
		}
	}
	if want := []string{"u0", "u1", "u4", "u2"}; !slices.Equal(order, want) {
		t.Errorf("users begin as %v, want %v: each once, by first appearance", order, want)
	}
}

func TestLongTextsTakeTheirRoom(t *testing.T) {
	var h hold
	long := strings.Repeat("x", 1<<20)
	h.addProduct(store.Product{ID: "p", Description: long, Attributes: map[string]string{"a": long}})
	h.addUser(store.User{ID: "u", Name: long, Attributes: map[string]string{"a": long}})
	if got, want := h.size(), 4<<20/heldBytes+2*heldText; got != want {
		t.Errorf("4 MiB of texts take the room of %d interactions, want %d", got, want)
	}
}

// counted counts how often its rows are read.
type counted struct {
	CSV
	reads *int
}

func (c counted) Open(in Input) (Reader, error) {
	r, err := c.CSV.Open(in)
	return countedReader{r, c.reads}, err
}

type countedReader struct {
	Reader
	reads *int
}

func (r countedReader) Read(ctx context.Context, pass *Pass) error {
	*r.reads++
	return r.Reader.Read(ctx, pass)
}

func TestWhatFitsIsReadOnceAndEveryRoomGivesTheSame(t *testing.T) {
	whole := newShelf()
	var reads int
	mustImport(t, Plan{Source: counted{reads: &reads}, Input: Input{Path: "testdata/csv"}}, whole)
	if reads != 1 {
		t.Errorf("a small folder was read %d times, want once", reads)
	}
	for room := 1; room < 50; room *= 2 {
		for _, carryOn := range []bool{false, true} {
			s, reads := newShelf(), 0
			plan := Plan{Source: counted{reads: &reads}, Input: Input{Path: "testdata/csv"}, ContinueOnError: carryOn, Now: now, room: room}
			var steps []Progress
			report, err := Import(t.Context(), plan, s, func(p Progress) { steps = append(steps, p) })
			if err != nil {
				t.Fatal(err)
			}
			if difference := diff.Diff(whole.events, s.events); difference != "" || report.Interactions.Created != len(whole.events) {
				t.Errorf("room for %d, continue %v: created %d; events (-want +got):\n%s", room, carryOn, report.Interactions.Created, difference)
			}
			if want := map[bool]int{false: 2, true: 1}[carryOn]; reads != want {
				t.Errorf("room for %d, continue %v: read %d times, want %d", room, carryOn, reads, want)
			}
			applied := steps[slices.IndexFunc(steps, func(p Progress) bool { return p.Phase == "applying" }):]
			if !slices.IsSortedFunc(applied, func(a, b Progress) int { return a.Rows - b.Rows }) || applied[len(applied)-1].Rows != 8 {
				t.Errorf("room for %d, continue %v: progress %+v, want it to grow to 8 rows", room, carryOn, applied)
			}
		}
	}
}

func TestADryRunReadsOnceAndHoldsNothing(t *testing.T) {
	var reads int
	report := mustImport(t, Plan{Source: counted{reads: &reads}, Input: Input{Path: "testdata/csv"}, DryRun: true}, nil)
	if reads != 1 || report.Interactions.Read != 5 {
		t.Errorf("read %d times, %d interactions; want 1 and 5", reads, report.Interactions.Read)
	}
	pass := newPass(Plan{Source: CSV{}, DryRun: true, Now: now}, nil, func(Progress) {}, true, 0)
	if err := pass.Interaction(t.Context(), Place{}, store.Interaction{UserID: "u", ProductID: "p", Type: store.View, Value: 1, Time: time.Unix(0, 0)}); err != nil || pass.held.rows() != 0 {
		t.Errorf("a dry run holds %d rows, %v; want none", pass.held.rows(), err)
	}
}
