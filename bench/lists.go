package bench

import (
	"os"

	"valse/engine/topk"
)

// lists makes lists for the first users, all of them a round.
func (p *part) lists() error {
	m, err := readMatrix(p.Matrix)
	if err != nil {
		return err
	}
	users, items, err := readFactors(p.Factors, m.Rows, m.Cols, p.Rank)
	if err != nil {
		return err
	}
	x := topk.New(items.Rows, items.Rank, items.Data, nil)
	batch := topk.Batch{
		Queries: users.Data[:p.Users*p.Rank], N: p.N, Threads: p.Threads,
		Exclude: func(u int) []int32 { seen, _ := m.Row(u); return seen },
	}
	if err := p.ready(); err != nil {
		return err
	}
	var lists [][]topk.Hit
	for {
		asked, err := p.await()
		if err != nil {
			return err
		}
		if asked == "save" {
			if err := writeLists(p.Out, lists, p.N); err != nil {
				return err
			}
			if err := p.ready(); err != nil {
				return err
			}
			continue
		}
		lists = x.SearchBatch(batch)
		if err := p.took(0); err != nil {
			return err
		}
	}
}

// writeLists writes n items a list, -1 where there are fewer.
func writeLists(path string, lists [][]topk.Hit, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := newWriter(f)
	row := make([]int32, n)
	for _, list := range lists {
		for i := range row {
			row[i] = -1
			if i < len(list) {
				row[i] = list[i].Item
			}
		}
		w.put(row)
	}
	return w.close()
}

func readLists(path string, users, n int) ([]int32, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := make([]int32, users*n)
	r := newReader(f)
	r.get(all)
	return all, r.err
}
