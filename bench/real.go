package bench

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"valse/engine/als"
)

// Read reads a real set: a folder, or its folder split, with train.csv and
// test.csv or test_new.csv, packed with gzip or not. Their first two columns are
// user_id and item_id; what else they hold is not looked at. Test pairs of users
// or items that were not trained on are left out.
func Read(folder string) (*Data, error) {
	var s set
	s.users, s.items = map[string]int32{}, map[string]int32{}
	trainUser, trainItem, err := s.read(folder, true, "train")
	if err != nil {
		return nil, err
	}
	testUser, testItem, err := s.read(folder, false, "test_new", "test")
	if err != nil {
		return nil, err
	}
	d := &Data{Name: filepath.Base(folder)}
	d.Train = als.NewMatrix(len(s.users), len(s.items), trainUser, trainItem, nil)
	d.Test = als.NewMatrix(len(s.users), len(s.items), testUser, testItem, nil)
	return d, nil
}

// set numbers the ids of a real set in the order of their appearance.
type set struct {
	users, items map[string]int32
}

// read reads the first of the named files that is there. Unless grow is set, it
// leaves out what has no number yet.
func (s *set) read(folder string, grow bool, names ...string) (user, item []int32, err error) {
	r, err := open(folder, names)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	lines := csv.NewReader(r)
	lines.ReuseRecord, lines.FieldsPerRecord = true, -1
	if _, err := lines.Read(); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", folder, err)
	}
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return user, item, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", folder, err)
		}
		if len(line) < 2 {
			return nil, nil, fmt.Errorf("read %s: a line of %d columns, want user_id,item_id", folder, len(line))
		}
		u, knownUser := numberOf(s.users, line[0], grow)
		i, knownItem := numberOf(s.items, line[1], grow)
		if knownUser && knownItem {
			user, item = append(user, u), append(item, i)
		}
	}
}

func numberOf(numbers map[string]int32, id string, grow bool) (n int32, known bool) {
	n, known = numbers[id]
	if !known && grow {
		n, known = int32(len(numbers)), true
		numbers[strings.Clone(id)] = n
	}
	return n, known
}

// open opens the first file that is there, unpacked.
func open(folder string, names []string) (io.ReadCloser, error) {
	for _, dir := range []string{folder, filepath.Join(folder, "split")} {
		for _, name := range names {
			path := filepath.Join(dir, name+".csv")
			if f, err := os.Open(path); err == nil {
				return f, nil
			}
			f, err := os.Open(path + ".gz")
			if err != nil {
				continue
			}
			unpacked, err := gzip.NewReader(f)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), f.Close())
			}
			return &packed{unpacked, f}, nil
		}
	}
	return nil, fmt.Errorf("%s holds no %s.csv or %[2]s.csv.gz", folder, names[0])
}

type packed struct {
	*gzip.Reader
	file *os.File
}

func (p *packed) Close() error { return errors.Join(p.Reader.Close(), p.file.Close()) }
