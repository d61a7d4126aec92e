package warehouse

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"

	"valse/engine"
	"valse/engine/als"
)

// maxRank bounds the length of a factor in a file.
const maxRank = 4096

// factorTable is one side of a model.
type factorTable struct {
	ids     []string
	factors als.Factors
	bias    []float32 // nil in a model without biases
}

// factorFiller writes a factor table.
func factorFiller(ids []string, factors als.Factors, bias []float32, metadata map[string]string) filler {
	each := func(put func([]factorRow) error) error {
		batch := make([]factorRow, 0, readBatch)
		for i, id := range ids {
			row := factorRow{ID: id, Factors: factors.Row(i)}
			if bias != nil {
				row.Bias = bias[i]
			}
			if batch = append(batch, row); len(batch) < readBatch && i < len(ids)-1 {
				continue
			}
			if err := put(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		return nil
	}
	return func(to io.Writer) (int64, error) { return writeRows(to, each, metadata) }
}

// loadFactors reads one table of the model in folder and checks it against
// the model's manifest.
func (w *Warehouse) loadFactors(ctx context.Context, folder, file string, about *manifest) (*factorTable, error) {
	name := folder + "/" + file
	promised := about.Tables[file]
	t, err := w.openTable(name)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := t.checkSum(promised); err != nil {
		return nil, err
	}
	if rows := t.NumRows(); rows > promised.Rows || rows < promised.Rows && t.replaces() == "" {
		return nil, corrupt(name, "%d rows, %s promises %d", rows, modelFile, promised.Rows)
	}
	table := &factorTable{}
	if err := guard(name, func() error { return table.read(ctx, t, about.Rank) }); err != nil {
		return nil, err
	}
	if !about.Biases {
		table.bias = nil
	}
	return table, nil
}

// read fills the table page by page.
func (f *factorTable) read(ctx context.Context, t *table, rank int) error {
	rows := int(t.NumRows())
	f.ids = make([]string, 0, rows)
	f.factors = als.NewFactors(rows, rank)
	f.bias = make([]float32, rows)
	data, bias := f.factors.Data, f.bias
	for _, group := range t.RowGroups() {
		n := int(group.NumRows())
		index := make([]int32, n)
		entries, err := t.texts(group, "id", index)
		if err != nil {
			return err
		}
		for _, i := range index {
			f.ids = append(f.ids, entries[i])
		}
		if err := t.singles(group, "bias", bias[:n]); err != nil {
			return err
		}
		if err := t.lists(group, rank, data[:n*rank]); err != nil {
			return err
		}
		data, bias = data[n*rank:], bias[n:]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// singles fills dst with a float column.
func (t *table) singles(group parquet.RowGroup, name string, dst []float32) error {
	return t.eachPage(group, name, parquet.Float, int64(len(dst)), func(p page) error {
		n, err := gather(t.name, p.index, p.values.Float(), dst)
		dst = dst[n:]
		return err
	})
}

// lists fills dst with the factors column, checking that each of its lists
// has rank numbers.
func (t *table) lists(group parquet.RowGroup, rank int, dst []float32) error {
	column := t.Root().Column("factors")
	for column != nil && !column.Leaf() {
		column = column.Columns()[0]
	}
	if column == nil || column.Type().Kind() != parquet.Float || column.MaxRepetitionLevel() != 1 {
		return corrupt(t.name, "no column factors with lists of floats")
	}
	place := 0 // in the column
	return t.eachLeafPage(group, column, int64(len(dst)), func(p page) error {
		for _, level := range p.repetition {
			if begins := place%rank == 0; begins != (level == 0) {
				return corrupt(t.name, "row %d of a row group does not have %d numbers", place/rank, rank)
			}
			place++
		}
		n, err := gather(t.name, p.index, p.values.Float(), dst)
		dst = dst[n:]
		return err
	})
}

// checkModel says what of a model cannot be served.
func checkModel(m *engine.Model) error {
	if err := checkSide("user", m.UserIDs, m.X, m.UserBias, m.X.Rank); err != nil {
		return err
	}
	if err := checkSide("product", m.ProductIDs, m.Y, m.ProductBias, m.X.Rank); err != nil {
		return err
	}
	switch {
	case (m.UserBias == nil) != (m.ProductBias == nil):
		return fmt.Errorf("%w: biases of one side only", ErrCorrupt)
	case !finite(m.Mean):
		return fmt.Errorf("%w: the mean is %v", ErrCorrupt, m.Mean)
	case m.Info.Users != len(m.UserIDs) || m.Info.Products != len(m.ProductIDs):
		return fmt.Errorf("%w: %d users and %d products described, %d and %d there", ErrCorrupt,
			m.Info.Users, m.Info.Products, len(m.UserIDs), len(m.ProductIDs))
	}
	return nil
}

func checkSide(side string, ids []string, factors als.Factors, bias []float32, rank int) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s factors: %s", ErrCorrupt, side, fmt.Sprintf(format, args...))
	}
	switch {
	case factors.Rank < 1 || factors.Rank != rank:
		return bad("rank %d, the other side has %d", factors.Rank, rank)
	case factors.Rows != len(ids) || len(factors.Data) != factors.Rows*factors.Rank:
		return bad("%d rows in %d numbers for %d ids", factors.Rows, len(factors.Data), len(ids))
	case bias != nil && len(bias) != len(ids):
		return bad("%d biases for %d ids", len(bias), len(ids))
	}
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		if seen[id] || id == "" {
			return bad("row %d: the id %q is empty or there twice", i, id)
		}
		seen[id] = true
		if j := slices.IndexFunc(factors.Row(i), func(v float32) bool { return !finite(v) }); j >= 0 {
			return bad("row %d (%q): number %d is %v", i, id, j, factors.Row(i)[j])
		}
	}
	if i := slices.IndexFunc(bias, func(v float32) bool { return !finite(v) }); i >= 0 {
		return bad("row %d (%q): the bias is %v", i, ids[i], bias[i])
	}
	return nil
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
