package warehouse

import (
	"context"
	"runtime"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"

	"valse/engine"
	"valse/store"
)

// span is the rows from first up to, not including, end.
type span struct{ first, end int }

// chunk is one row group of a part on its way into the columns.
type chunk struct {
	file  SnapshotFile
	group int
	rows  span // its place in the columns

	users, products, baskets []string // local dictionaries
}

func newEvents(n int) *engine.Events {
	return &engine.Events{
		User: make([]int32, n), Product: make([]int32, n), Basket: make([]int32, n),
		Type: make([]store.EventType, n), Value: make([]float32, n), Time: make([]int64, n),
	}
}

// decode reads a chunk into its place, ids as indices into its dictionaries.
func (s *Snapshot) decode(c *chunk, e *engine.Events) error {
	t, err := s.openPart(c.file)
	if err != nil {
		return err
	}
	return closeAfter(t, guard(t.name, func() error {
		groups := t.RowGroups()
		if c.group >= len(groups) || groups[c.group].NumRows() != int64(c.rows.end-c.rows.first) {
			return corrupt(t.name, "it changed while it was read")
		}
		return c.decode(t, groups[c.group], e)
	}))
}

func (c *chunk) decode(t *table, group parquet.RowGroup, e *engine.Events) (err error) {
	first, end := c.rows.first, c.rows.end
	if c.users, err = t.texts(group, "user_id", e.User[first:end]); err != nil {
		return err
	}
	if c.products, err = t.texts(group, "product_id", e.Product[first:end]); err != nil {
		return err
	}
	if c.baskets, err = t.texts(group, "basket", e.Basket[first:end]); err != nil {
		return err
	}
	if err := t.types(group, e.Type[first:end]); err != nil {
		return err
	}
	if err := t.floats(group, "value", e.Value[first:end]); err != nil {
		return err
	}
	return t.ints(group, "time", e.Time[first:end])
}

// types fills dst with the type column.
func (t *table) types(group parquet.RowGroup, dst []store.EventType) error {
	local := make([]int32, len(dst))
	names, err := t.texts(group, "type", local)
	if err != nil {
		return err
	}
	types := make([]store.EventType, len(names))
	for i, name := range names {
		if types[i], err = store.ParseEventType(name); err != nil {
			return corrupt(t.name, "%v", err)
		}
	}
	_, err = gather(t.name, local, types, dst)
	return err
}

// dictionary numbers distinct texts in order of first appearance.
type dictionary struct {
	index map[string]int32
	texts []string
}

// add returns the numbers of entries. New ones are cloned, so that they do
// not hold on to what they were cut from.
func (d *dictionary) add(entries []string) []int32 {
	if d.index == nil {
		d.index = make(map[string]int32, len(entries))
	}
	numbers := make([]int32, len(entries))
	for i, entry := range entries {
		number, ok := d.index[entry]
		if !ok {
			number = int32(len(d.texts))
			entry = strings.Clone(entry)
			d.index[entry] = number
			d.texts = append(d.texts, entry)
		}
		numbers[i] = number
	}
	return numbers
}

// unify gives all chunks one dictionary of each kind.
func unify(ctx context.Context, e *engine.Events, chunks []*chunk) error {
	var users, products dictionary
	baskets := dictionary{index: map[string]int32{"": -1}}
	type numbers struct{ users, products, baskets []int32 }
	renumber := map[*chunk]numbers{}
	for _, c := range chunks {
		renumber[c] = numbers{users.add(c.users), products.add(c.products), baskets.add(c.baskets)}
		c.users, c.products, c.baskets = nil, nil, nil
	}
	e.UserIDs, e.ProductIDs = users.texts, products.texts
	return inParallel(ctx, chunks, func(c *chunk) error {
		to := renumber[c]
		rewrite(e.User[c.rows.first:c.rows.end], to.users)
		rewrite(e.Product[c.rows.first:c.rows.end], to.products)
		rewrite(e.Basket[c.rows.first:c.rows.end], to.baskets)
		return nil
	})
}

func rewrite(column, to []int32) {
	for i, v := range column {
		column[i] = to[v]
	}
}

// drop removes rows from all columns.
func drop(e *engine.Events, rows span) {
	if rows.first == rows.end {
		return
	}
	e.User = slices.Delete(e.User, rows.first, rows.end)
	e.Product = slices.Delete(e.Product, rows.first, rows.end)
	e.Type = slices.Delete(e.Type, rows.first, rows.end)
	e.Value = slices.Delete(e.Value, rows.first, rows.end)
	e.Time = slices.Delete(e.Time, rows.first, rows.end)
	e.Basket = slices.Delete(e.Basket, rows.first, rows.end)
}

// inParallel calls f for every chunk on all processors and returns the first
// error.
func inParallel(ctx context.Context, chunks []*chunk, f func(*chunk) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, c := range chunks {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f(c)
		})
	}
	return group.Wait()
}
