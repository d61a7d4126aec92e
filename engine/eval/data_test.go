package eval

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"valse/engine/als"
	"valse/internal/trial"
)

// numbering gives names numbers in the order of their first use.
type numbering map[string]int32

func (n numbering) of(name string) int32 {
	if number, ok := n[name]; ok {
		return number
	}
	n[name] = int32(len(n))
	return n[name]
}

// table is a log of interactions read from a file.
type table struct {
	user, item []int32
	value      []float32
	time       []int64
}

// readTable reads user, item and, where the file has them, rating and time.
func readTable(tb testing.TB, path string, users, items numbering) table {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	lines := csv.NewReader(unzipped)
	if _, err := lines.Read(); err != nil {
		tb.Fatal(err)
	}
	var t table
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return t
		}
		if err != nil {
			tb.Fatal(err)
		}
		t.user = append(t.user, users.of(fields[0]))
		t.item = append(t.item, items.of(fields[1]))
		if len(fields) == 4 {
			value, _ := strconv.ParseFloat(fields[2], 32)
			t.value = append(t.value, float32(value))
			time, _ := strconv.ParseInt(fields[3], 10, 64)
			t.time = append(t.time, time)
		}
	}
}

// readSplit returns the binary train and test matrices of a data set.
func readSplit(tb testing.TB, set, testFile string) (train, test *als.Matrix) {
	tb.Helper()
	dir := filepath.Join(trial.Data(tb, set), "split")
	users, items := numbering{}, numbering{}
	a := readTable(tb, filepath.Join(dir, "train.csv.gz"), users, items)
	b := readTable(tb, filepath.Join(dir, testFile), users, items)
	train = als.NewMatrix(len(users), len(items), a.user, a.item, nil)
	test = als.NewMatrix(len(users), len(items), b.user, b.item, nil)
	return train, test
}
