package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"valse/store"
)

// Positions returns the last sequence number of each log shard that the
// warehouse holds, read off the names of its parts and of those that went to
// the quarantine. A shard it holds nothing of is absent.
func (w *Warehouse) Positions(ctx context.Context) (map[int]int64, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.positions(ctx)
}

func (w *Warehouse) positions(ctx context.Context) (map[int]int64, error) {
	parts, err := w.parts()
	if err != nil {
		return nil, err
	}
	positions := map[int]int64{}
	record, err := w.readRecord()
	if err != nil {
		return nil, err
	}
	for _, m := range record.Files { // a gap is filled by Restore, never by going back
		if p, ok := parsePartName(m.File); ok {
			parts = append(parts, p)
		}
	}
	for _, p := range parts {
		positions[p.Shard] = max(positions[p.Shard], p.Last)
	}
	return positions, ctx.Err()
}

// AppendLog writes rows of one log shard, which must follow each other in
// sequence, as one part for each UTC day of RecordedAt. Each part is durable
// when the next is begun, so after a crash the warehouse holds a prefix; rows
// it holds already are left out, so calling again with the same rows
// completes them and changes nothing else.
//
// The caller sends a shard's log in order and without gaps (but for what was
// erased): rows beyond a gap would hide it.
//
// A log can lose its end, and give the numbers to other events, while rows of
// it are under way. So still, when not nil, is asked before each part gets its
// name and once more afterwards, when its error takes the part back.
func (w *Warehouse) AppendLog(ctx context.Context, shard int, rows []store.Interaction, still func(context.Context) error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := checkLog(shard, rows); err != nil {
		return err
	}
	positions, err := w.positions(ctx)
	if err != nil {
		return err
	}
	for position, held := positions[shard]; held && len(rows) > 0 && rows[0].Seq <= position; {
		rows = rows[1:]
	}
	for len(rows) > 0 {
		n := sameDay(rows)
		if err := w.writePart(ctx, partOf(rows[:n]), rows[:n], still); err != nil {
			return fmt.Errorf("append log: %w", err)
		}
		rows = rows[n:]
	}
	return nil
}

// checkLog refuses rows that are not a piece of the shard's log.
func checkLog(shard int, rows []store.Interaction) error {
	for i := range rows {
		row := &rows[i]
		switch {
		case row.Shard != shard:
			return &store.Invalid{Field: fmt.Sprintf("rows[%d].shard", i), Value: strconv.Itoa(row.Shard), Want: "the shard being appended"}
		case row.Seq < 0, i > 0 && row.Seq <= rows[i-1].Seq:
			return &store.Invalid{Field: fmt.Sprintf("rows[%d].seq", i), Value: strconv.FormatInt(row.Seq, 10), Want: "above the sequence number before it"}
		case row.RecordedAt.Year() < 1970 || row.RecordedAt.Year() > 9999:
			return &store.Invalid{Field: fmt.Sprintf("rows[%d].recordedAt", i), Value: row.RecordedAt.String(), Want: "a time of acceptance"}
		}
	}
	return nil
}

// CheckRow says why an interaction cannot be a row of a shard's log, if so:
// store.ErrInvalid.
func (w *Warehouse) CheckRow(shard int, row *store.Interaction) error {
	return checkLog(shard, []store.Interaction{*row})
}

// sameDay counts the leading rows that were accepted on one UTC day.
func sameDay(rows []store.Interaction) int {
	day := store.DayOf(rows[0].RecordedAt)
	n := 1
	for n < len(rows) && store.DayOf(rows[n].RecordedAt) == day {
		n++
	}
	return n
}

func (w *Warehouse) writePart(ctx context.Context, name partName, rows []store.Interaction, still func(context.Context) error) error {
	if still == nil {
		still = func(context.Context) error { return nil }
	}
	part := w.path(name.String())
	_, err := w.replace(ctx, part, func(to io.Writer) (int64, error) {
		n, err := writeRows(to, eventRows(rows), nil)
		if err == nil {
			err = still(ctx)
		}
		return n, err
	})
	if err != nil {
		return err
	}
	if err := still(ctx); err != nil {
		return errors.Join(err, w.fs.RemoveAll(part), w.fs.SyncDir(filepath.Dir(part)))
	}
	return nil
}
