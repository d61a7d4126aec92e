package sqlite

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"valse/internal/trial"
	"valse/store"
)

// TestTheLogReadsTheSameFromMemory has two processes' stores append, repeat and
// erase in one file, and reads the log of one as a transporter does, with steps
// back: what it gives without looking into the file must be what is there.
func TestTheLogReadsTheSameFromMemory(t *testing.T) {
	random, dir := trial.Rand(t), t.TempDir()
	stores := []*Store{openTest(t, dir, "main"), openTest(t, dir, "main")}
	var position int64
	fromMemory, events := 0, 0
	for range trial.Rounds(400, 5_000) {
		s := stores[0]
		if random.IntN(4) == 0 {
			s = stores[1]
		}
		switch random.IntN(20) {
		case 0:
			if _, err := s.EraseUser(t.Context(), fmt.Sprint("user ", random.IntN(40))); err != nil {
				t.Fatal(err)
			}
		default:
			batch := make([]store.Interaction, []int{1, 2, 40, tailPiece + 1}[random.IntN(4)])
			for n := range batch {
				events += random.IntN(5) // 0: one that is known already
				batch[n] = store.Interaction{
					EventID: fmt.Sprint(events), UserID: fmt.Sprint("user ", events%50), ProductID: fmt.Sprint(events % 7),
					Type: store.Rating, Value: 3, Time: time.Unix(int64(events), 123_456_789), Basket: "b", RecommendationID: "r", Credit: "c",
				}
			}
			if _, err := s.Append(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		limit := 1 + random.IntN(1_000)
		after := max(0, position-int64(random.IntN(3)*random.IntN(500)))
		fromMemory += knows(stores[0], after)
		got, err := stores[0].ReadLog(t.Context(), 0, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		want, err := stores[0].readLogFile(t.Context(), after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d, at most %d: %d entries, the file has %d", after, limit, len(got), len(want))
		}
		if len(got) > 0 {
			position = got[len(got)-1].Seq
		}
	}
	if fromMemory == 0 {
		t.Error("the log was never read from memory")
	}
	t.Logf("%d entries, read from memory %d times", position, fromMemory)
}

// knows is 1 if the tail has entries after a sequence number.
func knows(s *Store, after int64) int {
	t := &s.writer.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wanted && t.from <= after && after < t.to {
		return 1
	}
	return 0
}

func TestATailStaysWithinItsBounds(t *testing.T) {
	var tl tail
	if _, known := tl.after(0, 1, 0, 0); !known {
		t.Error("an empty log is not known")
	}
	entry := func(seq int) store.Interaction { return store.Interaction{Seq: int64(seq)} }
	const all = 3 * tailSize
	for seq := 1; seq <= all; seq++ {
		tl.add([]store.Interaction{entry(seq)})
	}
	if tl.size > tailSize || tl.size < tailSize-tailPiece {
		t.Errorf("a tail has %d entries, want nearly %d", tl.size, tailSize)
	}
	if _, known := tl.after(all-tailSize-1, 1, all, 0); known {
		t.Error("an entry before its first is known")
	}
	got, known := tl.after(all-2, 10, all, 0)
	if !known || len(got) != 2 || got[1].Seq != all {
		t.Errorf("the last two are %v, %v", got, known)
	}
	if len(tl.pieces) != 1 {
		t.Errorf("%d pieces are kept after they were passed, want the last", len(tl.pieces))
	}
}
