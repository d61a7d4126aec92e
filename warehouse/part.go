package warehouse

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// partName is what the path of a part says: the rows of one log shard from
// First to Last that were accepted on one UTC day. Erased rows are missing
// from the range.
type partName struct {
	Day         store.Day
	Shard       int
	First, Last int64
}

// partOf names the part of rows that follow each other in a log.
func partOf(rows []store.Interaction) partName {
	first, last := &rows[0], &rows[len(rows)-1]
	return partName{Day: store.DayOf(first.RecordedAt), Shard: first.Shard, First: first.Seq, Last: last.Seq}
}

const dayLayout = "2006-01-02"

// String is the part's path inside the partition. Numbers are padded so that
// names sort like what they name.
func (p partName) String() string {
	return fmt.Sprintf("interactions/dt=%s/part-%03d-%012d-%012d.parquet",
		p.Day.Time().Format(dayLayout), p.Shard, p.First, p.Last)
}

// parsePartName is the inverse of String; ok is false for anything else.
func parsePartName(name string) (p partName, ok bool) {
	folder, file := path.Split(name)
	day, ok := parseDayFolder(path.Base(folder))
	if !ok {
		return partName{}, false
	}
	file, isPart := strings.CutPrefix(file, "part-")
	file, isParquet := strings.CutSuffix(file, ".parquet")
	numbers := strings.Split(file, "-")
	if !isPart || !isParquet || len(numbers) != 3 {
		return partName{}, false
	}
	shard, err1 := strconv.Atoi(numbers[0])
	first, err2 := strconv.ParseInt(numbers[1], 10, 64)
	last, err3 := strconv.ParseInt(numbers[2], 10, 64)
	p = partName{Day: day, Shard: shard, First: first, Last: last}
	wellFormed := err1 == nil && err2 == nil && err3 == nil && first >= 0 && first <= last
	return p, wellFormed && p.String() == name
}

func parseDayFolder(folder string) (store.Day, bool) {
	text, ok := strings.CutPrefix(folder, "dt=")
	if !ok {
		return 0, false
	}
	t, err := time.Parse(dayLayout, text)
	return store.DayOf(t), err == nil
}

// inLogOrder sorts parts by shard and place in the log; of two that start at
// the same place, the longer comes first, so that the other adds nothing.
func inLogOrder(a, b partName) int {
	return cmp.Or(cmp.Compare(a.Shard, b.Shard), cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last))
}

// parts lists every part of the partition in log order. Files with other
// names are none of ours and left out.
func (w *Warehouse) parts() ([]partName, error) {
	days, err := w.names("interactions")
	if err != nil {
		return nil, fmt.Errorf("list parts: %w", err)
	}
	var parts []partName
	for _, day := range days {
		if _, ok := parseDayFolder(day); !ok {
			continue
		}
		files, err := w.names("interactions", day)
		if err != nil {
			return nil, fmt.Errorf("list parts: %w", err)
		}
		for _, file := range files {
			if p, ok := parsePartName("interactions/" + day + "/" + file); ok {
				parts = append(parts, p)
			}
		}
	}
	slices.SortFunc(parts, inLogOrder)
	return parts, nil
}
