package warehouse

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"valse/store"
)

// BenchmarkEvents reads two million interactions of 20,000 users and 5,000
// products in four parts; rows/s is over all processors.
func BenchmarkEvents(b *testing.B) {
	const rows, parts = 2_000_000, 4
	w := newWarehouse(b)
	random := rand.New(rand.NewPCG(1, 1))
	for part := range parts {
		log := make([]store.Interaction, rows/parts)
		for i := range log {
			seq := int64(part*len(log) + i + 1)
			log[i] = store.Interaction{
				EventID: fmt.Sprintf("%016x", random.Uint64()), UserID: fmt.Sprint("user-", random.IntN(20_000)),
				ProductID: fmt.Sprint("product-", random.IntN(5_000)), Type: store.EventType(1 + random.IntN(5)),
				Value: 1, Time: day.Add(-time.Duration(random.Int64N(1e15))), Seq: seq, RecordedAt: day, Basket: fmt.Sprint("b", seq/10),
			}
		}
		mustAppend(b, w, log, len(log))
	}
	s := mustSnapshot(b, w, "s")
	for b.Loop() {
		if e := mustEvents(b, s); e.Len() != rows {
			b.Fatalf("%d rows, want %d", e.Len(), rows)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
