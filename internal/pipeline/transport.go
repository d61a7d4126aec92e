package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"valse/store"
	"valse/warehouse"
)

// Names of what the transporter keeps in the store.
const (
	transportLease = "transport"
	transportTTL   = 20 * time.Second
	erasedSetting  = "transport/erased" // last erasure that the warehouse followed
)

// compactTurns is after how many turns small parts are merged.
const compactTurns = 20

// moveBatch bounds the events of one log range, and so of one part.
const moveBatch = 500_000

// errOlder stops the transporter: events that the store accepts now would get
// numbers that the warehouse takes for moved.
var errOlder = errors.New("the store is older than its warehouse: go back to a backup of both")

// Moved is what one turn of the transporter did.
type Moved struct {
	Rows   int `json:"rows"`   // events written to the warehouse
	Erased int `json:"erased"` // users whose erasure the warehouse followed
}

// RunTransporter moves what is new every [Options.TransportEvery] until ctx
// ends, merges small parts of the warehouse every so many turns, and completes
// merges of users that a crash has interrupted. Errors are logged and tried again
// at the next turn.
func (p *Pipeline) RunTransporter(ctx context.Context) error {
	tick := time.NewTicker(p.o.TransportEvery)
	defer tick.Stop()
	compact := time.NewTicker(compactTurns * p.o.TransportEvery)
	defer compact.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			p.logError("resume merges of users", store.ResumeMerges(ctx, p.store))
			if _, err := p.Transport(ctx); err != nil && !errors.Is(err, store.ErrHeld) {
				p.logError("transport", err)
			}
		case <-compact.C:
			if _, err := p.Compact(ctx); err != nil && ctx.Err() == nil {
				p.logError("merge small parts", err)
			}
		}
	}
}

// Transport moves every event accepted so far that the warehouse lacks, in order,
// then the tables of products and users if they changed, then follows
// erasures. It may be killed anywhere and run again: a part's name says which
// range of the log it holds, so the names are the position to resume from and
// the same range is never written twice. One process at a time transports;
// another waits until ctx ends.
func (p *Pipeline) Transport(ctx context.Context) (Moved, error) {
	return p.transport(ctx, p.moveLog, p.moveTables, p.followErasures)
}

// Compact merges small parts of the warehouse and returns how many there are less.
func (p *Pipeline) Compact(ctx context.Context) (gone int, err error) {
	_, err = p.transport(ctx, func(ctx context.Context, _ *Moved) (err error) {
		gone, err = p.warehouse.Compact(ctx, store.DayOf(p.o.Clock()))
		return err
	})
	return gone, advise(err)
}

// transport takes steps while it holds the lease.
func (p *Pipeline) transport(ctx context.Context, steps ...func(context.Context, *Moved) error) (Moved, error) {
	var moved Moved
	err := p.holding(ctx, transportLease, transportTTL, func(ctx context.Context, _ store.Lease) error {
		for _, step := range steps {
			if err := step(ctx, &moved); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return moved, fmt.Errorf("transport: %w", err)
	}
	return moved, nil
}

// sameLog returns what says whether the log is the one it is now still:
// store.ErrRestarted when it lost entries meanwhile.
func (p *Pipeline) sameLog(ctx context.Context) (still func(context.Context) error, err error) {
	epoch, err := p.store.LogEpoch(ctx)
	return func(ctx context.Context) error {
		now, err := p.store.LogEpoch(context.WithoutCancel(ctx))
		if err == nil && now != epoch {
			err = store.ErrRestarted
		}
		return err
	}, err
}

func (p *Pipeline) moveLog(ctx context.Context, moved *Moved) error {
	return p.moveParts(ctx, func(rows int) { moved.Rows += rows })
}

// moveParts moves the log and tells of each part how many events it holds.
func (p *Pipeline) moveParts(ctx context.Context, tell func(rows int)) error {
	still, err := p.sameLog(ctx)
	if err != nil {
		return err
	}
	positions, err := p.warehouse.Positions(ctx)
	if err != nil {
		return err
	}
	ends, err := p.store.LogEnd(ctx)
	if err != nil {
		return err
	}
	for shard := range p.store.Shards() {
		if positions[shard] > ends[shard] {
			return fmt.Errorf("shard %d of the store's log ends at %d and the warehouse has it up to %d: %w", shard, ends[shard], positions[shard], errOlder)
		}
		for after := positions[shard]; after < ends[shard]; { // not on and on behind who writes on and on
			rows, err := p.store.ReadLog(ctx, shard, after, moveBatch)
			if err != nil {
				return fmt.Errorf("read log shard %d after %d: %w", shard, after, err)
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Seq
			err = p.warehouse.AppendLog(ctx, shard, rows, still)
			if errors.Is(err, store.ErrInvalid) {
				if rows, err = p.bury(ctx, shard, rows); err == nil {
					err = p.warehouse.AppendLog(ctx, shard, rows, still)
				}
			}
			if err != nil {
				return err
			}
			tell(len(rows))
		}
	}
	return nil
}

// moveTables copies products and users if they changed since last time.
func (p *Pipeline) moveTables(ctx context.Context, _ *Moved) error {
	version, err := p.store.CatalogVersion(ctx)
	if err != nil {
		return err
	}
	err = p.warehouse.PutProducts(ctx, version, func(put func([]store.Product) error) error {
		return p.store.EachProduct(ctx, put)
	})
	if err != nil {
		return err
	}
	if version, err = p.store.UsersVersion(ctx); err != nil {
		return err
	}
	return p.warehouse.PutUsers(ctx, version, func(put func([]store.User) error) error {
		return p.store.EachUser(ctx, put)
	})
}

// followErasures removes from the warehouse whoever was erased from the store
// since last time. It comes after the log was moved, so that nothing of an
// erased user slips in behind it.
func (p *Pipeline) followErasures(ctx context.Context, moved *Moved) error {
	done, err := p.followed(ctx)
	if err != nil {
		return err
	}
	erasures, err := p.store.Erased(ctx, done)
	if err != nil || len(erasures) == 0 {
		return err
	}
	if _, err := p.warehouse.EraseUser(ctx, usersOf(erasures)...); err != nil {
		return err
	}
	moved.Erased += len(erasures)
	return p.store.PutSetting(ctx, erasedSetting, strconv.AppendInt(nil, erasures[len(erasures)-1].Seq, 10))
}

// followed is the last erasure that the warehouse followed: whoever was erased
// up to it is in nothing that is read from there.
func (p *Pipeline) followed(ctx context.Context) (int64, error) {
	value, err := p.store.Setting(ctx, erasedSetting)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	done, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("setting %s: %w", erasedSetting, err)
	}
	return done, nil
}

// eraseSince removes from the warehouse whoever was erased after an erasure:
// what was made of rows that were read by then holds them still.
func (p *Pipeline) eraseSince(ctx context.Context, last int64) error {
	erasures, err := p.store.Erased(ctx, last)
	if err != nil || len(erasures) == 0 {
		return err
	}
	_, err = p.eraseFromWarehouse(ctx, usersOf(erasures)...)
	return err
}

// eraseFromWarehouse removes users while no transporter is at work, and returns
// how many rows went.
func (p *Pipeline) eraseFromWarehouse(ctx context.Context, ids ...string) (rows int, err error) {
	err = p.holding(ctx, transportLease, transportTTL, func(ctx context.Context, _ store.Lease) (err error) {
		rows, err = p.warehouse.EraseUser(ctx, ids...)
		return err
	})
	return rows, err
}

func usersOf(erasures []store.Erasure) []string {
	ids := make([]string, len(erasures))
	for i, e := range erasures {
		ids[i] = e.UserID
	}
	return ids
}

// Status tells how far the warehouse is.
type Status struct {
	Rows      int64 `json:"rows"` // events in the warehouse
	Parts     int   `json:"parts"`
	Bytes     int64 `json:"bytes"`
	Lag       int64 `json:"lag"` // accepted events not yet in the warehouse
	Snapshots int   `json:"snapshots"`
	// Missing are files that were damaged, set aside and not restored.
	Missing []warehouse.Missing `json:"missing"`
}

// Status reads how far the warehouse is behind the store.
func (p *Pipeline) Status(ctx context.Context) (Status, error) {
	stats, err := p.warehouse.Stats(ctx)
	if err != nil {
		return Status{}, err
	}
	missing, err := p.warehouse.Missing()
	if err != nil {
		return Status{}, err
	}
	ends, err := p.store.LogEnd(ctx)
	if err != nil {
		return Status{}, err
	}
	return Status{
		Rows: stats.Rows, Parts: stats.Parts, Bytes: stats.Bytes, Snapshots: stats.Snapshots, Missing: missing,
		Lag: behind(ends, stats.Positions),
	}, nil
}

// Lag is how many accepted events are not in the warehouse yet: read off names,
// unlike [Pipeline.Status], which opens every part.
func (p *Pipeline) Lag(ctx context.Context) (int64, error) {
	positions, err := p.warehouse.Positions(ctx)
	if err != nil {
		return 0, err
	}
	ends, err := p.store.LogEnd(ctx)
	return behind(ends, positions), err
}

// behind is how many events lie between positions and the ends of the log.
func behind(ends []int64, positions map[int]int64) (events int64) {
	for shard, end := range ends {
		events += max(0, end-positions[shard])
	}
	return events
}
