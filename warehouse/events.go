package warehouse

import (
	"context"
	"fmt"
	"slices"

	"valse/engine"
	"valse/internal/disk"
)

// Events reads the snapshot's interactions as columns, in log order. The same
// snapshot always gives the same columns, dictionaries included.
//
// It works in three steps. Row groups are decoded in parallel, page by page,
// straight into their place in the columns, with indices into each group's
// own dictionaries; then each group's dictionary entries, in order, are given
// their index in the whole; then the indices are rewritten, in parallel.
// Nothing is done once a row but copying numbers.
func (s *Snapshot) Events(ctx context.Context) (*engine.Events, error) {
	s.warehouse.mu.RLock()
	defer s.warehouse.mu.RUnlock()
	events, err := s.events(ctx)
	if err != nil {
		return nil, fmt.Errorf("read snapshot %s: %w", s.Name, err)
	}
	return events, nil
}

// piece is one part of a snapshot with its place in the columns.
type piece struct {
	file   SnapshotFile
	groups []int64 // rows of each row group
	rows   int64
	skip   int64 // leading rows that an earlier part holds already
}

// pieces lists the parts and what to skip of each: two transporters that
// raced leave parts whose ranges overlap.
func (s *Snapshot) pieces(ctx context.Context) ([]piece, error) {
	pieces := make([]piece, len(s.Parts))
	covered := map[int]int64{} // by shard: everything up to here was seen
	for i, file := range s.Parts {
		name, _ := parsePartName(file.Name)
		t, err := s.openPart(file)
		if err != nil {
			return nil, err
		}
		p := piece{file: file, rows: t.NumRows()}
		for _, group := range t.RowGroups() {
			p.groups = append(p.groups, group.NumRows())
		}
		if last, any := covered[name.Shard]; any && name.First <= last {
			p.skip, err = t.rowsUpTo(ctx, last)
		}
		if err := disk.CloseAfter(t, err); err != nil {
			return nil, err
		}
		covered[name.Shard] = max(covered[name.Shard], name.Last)
		pieces[i] = p
	}
	return pieces, nil
}

// openPart opens a file of the snapshot and checks that it is the one meant.
func (s *Snapshot) openPart(file SnapshotFile) (*table, error) {
	t, err := s.warehouse.openTable(file.Name)
	if err != nil {
		return nil, err
	}
	same := t.Size() == file.Bytes && t.NumRows() == file.Rows
	if !same && t.replaces() != file.SHA256 {
		err := corrupt(file.Name, "%d rows in %d bytes, the snapshot promises %d in %d",
			t.NumRows(), t.Size(), file.Rows, file.Bytes)
		return nil, disk.CloseAfter(t, err)
	}
	return t, nil
}

// checkSizes opens every file of the snapshot.
func (s *Snapshot) checkSizes() error {
	for _, file := range slices.Concat(s.Parts, s.Tables) {
		t, err := s.openPart(file)
		if err == nil {
			err = t.Close()
		}
		if err != nil {
			return fmt.Errorf("snapshot %s: %w", s.Name, err)
		}
	}
	return nil
}

// rowsUpTo counts the leading rows whose sequence number is at most last.
func (t *table) rowsUpTo(ctx context.Context, last int64) (int64, error) {
	var count int64
	err := guard(t.name, func() error {
		for _, group := range t.RowGroups() {
			sequence := make([]int64, group.NumRows())
			if err := t.ints(group, "seq", sequence); err != nil {
				return err
			}
			n, _ := slices.BinarySearch(sequence, last+1)
			if count += int64(n); n < len(sequence) {
				return nil
			}
		}
		return ctx.Err()
	})
	return count, err
}

func (s *Snapshot) events(ctx context.Context) (*engine.Events, error) {
	pieces, err := s.pieces(ctx)
	if err != nil {
		return nil, err
	}
	var chunks []*chunk
	var repeated []span
	total := 0
	for _, p := range pieces {
		repeated = append(repeated, span{total, total + int(p.skip)})
		for i, rows := range p.groups {
			next := total + int(rows)
			chunks = append(chunks, &chunk{file: p.file, group: i, rows: span{total, next}})
			total = next
		}
	}
	e := newEvents(total)
	err = inParallel(ctx, chunks, func(c *chunk) error { return s.decode(c, e) })
	if err != nil {
		return nil, err
	}
	if err := unify(ctx, e, chunks); err != nil {
		return nil, err
	}
	for _, rows := range slices.Backward(repeated) {
		drop(e, rows)
	}
	return e, nil
}
