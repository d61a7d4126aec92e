package warehouse

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// page is one data page of a column: either plain values, or indices into the
// values of a dictionary.
type page struct {
	values     encoding.Values // plain, or the dictionary's
	index      []int32         // nil for a plain page
	dictionary parquet.Dictionary
	repetition []byte // of a list's values: 0 where a row begins
}

// eachPage calls f with the pages of one column of a row group, checking that
// the column has the kind expected, no nulls and want values in all.
func (t *table) eachPage(group parquet.RowGroup, name string, kind parquet.Kind, want int64, f func(page) error) error {
	column := t.Root().Column(name)
	if column == nil || !column.Leaf() || column.Type().Kind() != kind || column.Repeated() {
		return corrupt(t.name, "no column %q of kind %v", name, kind)
	}
	return t.eachLeafPage(group, column, want, f)
}

func (t *table) eachLeafPage(group parquet.RowGroup, column *parquet.Column, want int64, f func(page) error) error {
	if err := t.checkPages(); err != nil {
		return err
	}
	pages := group.ColumnChunks()[column.Index()].Pages()
	defer pages.Close()
	var count int64
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return corrupt(t.name, "column %q: %v", column.Name(), err)
		}
		if count += p.NumValues(); p.NumNulls() != 0 || count > want {
			return corrupt(t.name, "column %q holds nulls or more than %d values", column.Name(), want)
		}
		err = f(newPage(p))
		parquet.Release(p)
		if err != nil {
			return err
		}
	}
	if count != want {
		return corrupt(t.name, "column %q holds %d values, want %d", column.Name(), count, want)
	}
	return nil
}

func newPage(p parquet.Page) page {
	values := p.Data()
	dictionary := p.Dictionary()
	if dictionary == nil {
		return page{values: values, repetition: p.RepetitionLevels()}
	}
	return page{
		values: dictionary.Page().Data(), index: values.Int32(),
		dictionary: dictionary, repetition: p.RepetitionLevels(),
	}
}

// ints fills dst with an int64 column.
func (t *table) ints(group parquet.RowGroup, name string, dst []int64) error {
	return t.eachPage(group, name, parquet.Int64, int64(len(dst)), func(p page) error {
		n, err := gather(t.name, p.index, p.values.Int64(), dst)
		dst = dst[n:]
		return err
	})
}

// floats fills dst with a double column.
func (t *table) floats(group parquet.RowGroup, name string, dst []float32) error {
	return t.eachPage(group, name, parquet.Double, int64(len(dst)), func(p page) error {
		doubles := p.values.Double()
		singles := make([]float32, len(doubles))
		for i, v := range doubles {
			singles[i] = float32(v)
		}
		n, err := gather(t.name, p.index, singles, dst)
		dst = dst[n:]
		return err
	})
}

// gather fills the front of dst with values, or with those that index selects
// unless it is nil, and returns how many it wrote.
func gather[T any](name string, index []int32, values, dst []T) (int, error) {
	if index == nil {
		return copy(dst, values), nil
	}
	for i, v := range index {
		if uint(v) >= uint(len(values)) {
			return 0, corrupt(name, "index %d into a dictionary of %d", v, len(values))
		}
		dst[i] = values[v]
	}
	return len(index), nil
}

// textColumn gathers a string column as indices into its entries. An entry
// may occur twice where a file mixes dictionary and plain pages.
type textColumn struct {
	entries []string

	plain      map[string]int32   // entries of plain pages
	dictionary parquet.Dictionary // the entries of this one start at base
	base       int
}

// texts fills dst with a string column as indices into the entries returned.
func (t *table) texts(group parquet.RowGroup, name string, dst []int32) ([]string, error) {
	column := textColumn{plain: map[string]int32{}}
	err := t.eachPage(group, name, parquet.ByteArray, int64(len(dst)), func(p page) error {
		if p.index == nil {
			dst = dst[column.addPlain(p, dst):]
			return nil
		}
		size := column.addDictionary(p)
		for i, v := range p.index {
			if uint(v) >= uint(size) {
				return corrupt(t.name, "index %d into a dictionary of %d", v, size)
			}
			dst[i] = int32(column.base) + v
		}
		dst = dst[len(p.index):]
		return nil
	})
	return column.entries, err
}

// addPlain fills the front of dst from a plain page and returns how many
// values it has.
func (c *textColumn) addPlain(p page, dst []int32) int {
	data, offsets := p.values.ByteArray()
	size := max(len(offsets)-1, 0)
	for i := range size {
		value := data[offsets[i]:offsets[i+1]]
		index, ok := c.plain[string(value)]
		if !ok {
			index = int32(len(c.entries))
			c.entries = append(c.entries, string(value))
			c.plain[c.entries[index]] = index
		}
		dst[i] = index
	}
	return size
}

// addDictionary makes sure that the page's dictionary is among the entries
// and returns its size.
func (c *textColumn) addDictionary(p page) int {
	data, offsets := p.values.ByteArray()
	size := max(len(offsets)-1, 0)
	if p.dictionary != c.dictionary {
		c.dictionary, c.base = p.dictionary, len(c.entries)
		all := string(data) // one copy that the entries share
		for i := range size {
			c.entries = append(c.entries, all[offsets[i]:offsets[i+1]])
		}
	}
	return size
}
