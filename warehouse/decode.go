package warehouse

import (
	"context"
	"runtime"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"

	"valse/engine"
	"valse/internal/disk"
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
	// Where the entries of those stand in the dictionaries of the whole.
	userNumbers, productNumbers, basketNumbers []int32
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
	return disk.CloseAfter(t, guard(t.name, func() error {
		if c.group == 0 { // once a part
			if err := t.checkSum(c.file.Stored); err != nil {
				return err
			}
		}
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

// add returns the numbers of entries, which the dictionary keeps.
func (d *dictionary) add(entries []string) []int32 {
	numbers := make([]int32, len(entries))
	for i, entry := range entries {
		number, ok := d.index[entry]
		if !ok {
			number = int32(len(d.texts))
			d.index[entry] = number
			d.texts = append(d.texts, entry)
		}
		numbers[i] = number
	}
	return numbers
}

// clones returns copies of the texts that hold on to nothing else.
func (d *dictionary) clones() []string {
	texts := make([]string, len(d.texts))
	for i, text := range d.texts {
		texts[i] = strings.Clone(text)
	}
	return texts
}

// unify gives all chunks one dictionary of each kind. The kinds are
// independent of each other, so they go in parallel.
func unify(ctx context.Context, e *engine.Events, chunks []*chunk) error {
	var kinds errgroup.Group
	kinds.Go(func() error {
		users := dictionary{index: map[string]int32{}}
		for _, c := range chunks {
			c.userNumbers = users.add(c.users)
		}
		e.UserIDs = users.clones()
		return nil
	})
	kinds.Go(func() error {
		products := dictionary{index: map[string]int32{}}
		for _, c := range chunks {
			c.productNumbers = products.add(c.products)
		}
		e.ProductIDs = products.clones()
		return nil
	})
	kinds.Go(func() error {
		size := 1
		for _, c := range chunks { // baskets hardly ever recur in another chunk
			size += len(c.baskets)
		}
		baskets := dictionary{index: make(map[string]int32, size)}
		baskets.index[""] = -1
		for _, c := range chunks {
			c.basketNumbers = baskets.add(c.baskets)
		}
		return nil
	})
	kinds.Wait()
	return inParallel(ctx, chunks, func(c *chunk) error {
		rewrite(e.User[c.rows.first:c.rows.end], c.userNumbers)
		rewrite(e.Product[c.rows.first:c.rows.end], c.productNumbers)
		rewrite(e.Basket[c.rows.first:c.rows.end], c.basketNumbers)
		return nil
	})
}

// rewrite replaces local numbers by those of the whole.
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
