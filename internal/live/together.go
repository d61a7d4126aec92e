package live

import (
	"context"

	"valse/engine"
)

// togetherPart is what the newest interactions of the log say about which
// products go together. It needs no model and no training, so that it works on
// the first day; the log is read forward, each entry once.
type togetherPart struct {
	after   []int64 // sequence number read up to, by shard
	events  *engine.Builder
	counted int // events that the pairs were made of
	pairs   *engine.Pairs
}

// logPage is how many entries are read at a time.
const logPage = 2000

// renewTogether reads what is new in the log and counts again once that is a
// fiftieth of all.
func (k *keeper) renewTogether(ctx context.Context) (changed bool, err error) {
	if err := k.readLog(ctx); err != nil {
		return false, err
	}
	t := &k.together
	if fresh := t.events.Len() - t.counted; fresh == 0 || fresh < t.counted/50 {
		return false, nil
	}
	t.pairs = engine.Together(t.events.Events())
	t.counted = t.events.Len()
	return true, nil
}

// readLog reads what is new in the log, beginning anew when the window has grown
// to twice its size.
func (k *keeper) readLog(ctx context.Context) error {
	t := &k.together
	if t.events == nil || t.events.Len() > 2*k.o.TogetherWindow {
		if err := k.startWindow(ctx); err != nil {
			return err
		}
	}
	for shard := range t.after {
		if err := k.readShard(ctx, shard); err != nil {
			return err
		}
	}
	return nil
}

// startWindow begins anew with the newest part of each shard.
func (k *keeper) startWindow(ctx context.Context) error {
	ends, err := k.store.LogEnd(ctx)
	if err != nil {
		return err
	}
	after := make([]int64, len(ends))
	for shard, end := range ends {
		after[shard] = max(0, end-int64(k.o.TogetherWindow/len(ends)))
	}
	k.together.after, k.together.events, k.together.counted = after, &engine.Builder{}, 0
	return nil
}

// readShard appends the rest of one shard.
func (k *keeper) readShard(ctx context.Context, shard int) error {
	t := &k.together
	for {
		page, err := k.store.ReadLog(ctx, shard, t.after[shard], logPage)
		if err != nil {
			return err
		}
		for i := range page {
			t.events.Add(&page[i])
			t.after[shard] = page[i].Seq
		}
		if len(page) < logPage {
			return nil
		}
	}
}
