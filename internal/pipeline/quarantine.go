package pipeline

import (
	"context"
	"errors"
	"fmt"

	"valse/store"
	"valse/warehouse"
)

// Quarantined is what [Pipeline.Quarantine] did.
type Quarantined struct {
	// Found are the files that were damaged or gone, now set aside.
	Found []warehouse.Missing `json:"found"`
	// Restored counts rows that the store had still and that were written anew.
	Restored int64 `json:"restored"`
	// Missing is what is missing all the same, also from earlier times.
	Missing []warehouse.Missing `json:"missing"`
}

// Quarantine sets damaged files of the warehouse aside, on the record, and
// writes anew what the store has of them: parts from its log, and the tables of
// products and users. What it has not stays missing, and snapshots say so.
func (p *Pipeline) Quarantine(ctx context.Context) (Quarantined, error) {
	var out Quarantined
	err := p.holding(ctx, transportLease, transportTTL, func(ctx context.Context, _ store.Lease) (err error) {
		if out.Found, err = p.warehouse.Quarantine(ctx, p.o.Clock()); err != nil {
			return err
		}
		missing, err := p.warehouse.Missing()
		if err != nil {
			return err
		}
		for _, m := range missing {
			if m.Restored > 0 {
				continue // the store had no more of it
			}
			restored, err := p.restore(ctx, &m)
			if err != nil {
				return err
			}
			out.Restored += restored
		}
		if err := p.moveTables(ctx, nil); err != nil {
			return err
		}
		out.Missing, err = p.warehouse.Missing()
		return err
	})
	if err != nil {
		return out, fmt.Errorf("quarantine: %w", err)
	}
	return out, nil
}

// restore writes a missing part anew from the store's log, if it has any of it.
func (p *Pipeline) restore(ctx context.Context, m *warehouse.Missing) (int64, error) {
	shard, first, last, isPart := m.Gap()
	if !isPart {
		return 0, nil
	}
	still, err := p.sameLog(ctx)
	if err != nil {
		return 0, err
	}
	rows, err := p.store.ReadLog(ctx, shard, first-1, int(last-first+1))
	if err != nil {
		return 0, fmt.Errorf("read log shard %d after %d: %w", shard, first-1, err)
	}
	for len(rows) > 0 && rows[len(rows)-1].Seq > last {
		rows = rows[:len(rows)-1]
	}
	if len(rows) == 0 {
		return 0, nil
	}
	return p.warehouse.Restore(ctx, m.File, rows, still)
}

// advise tells what to do about a damaged file that stops a run.
func advise(err error) error {
	if errors.Is(err, warehouse.ErrCorrupt) {
		return fmt.Errorf("%w (valse verify --quarantine sets damaged files aside)", err)
	}
	return err
}
