package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"valse/engine/als"
)

// Shape is the size of a generated matrix.
type Shape struct {
	Name         string
	Users, Items int
	Entries      int
}

// Shapes are those that can be asked for by name: as many users, items and
// interactions as MovieLens 1M and 20M have, and a shop of two million people.
var Shapes = []Shape{
	{Name: "100k", Users: 2000, Items: 1500, Entries: 100_000},
	{Name: "1m", Users: 6040, Items: 3706, Entries: 1_000_000},
	{Name: "20m", Users: 138_493, Items: 26_744, Entries: 20_000_000},
	{Name: "100m", Users: 2_000_000, Items: 200_000, Entries: 100_000_000},
}

// ShapeNamed returns the shape of a name.
func ShapeNamed(name string) (Shape, error) {
	for _, s := range Shapes {
		if s.Name == name {
			return s, nil
		}
	}
	return Shape{}, fmt.Errorf("matrix %q: want 100k, 1m, 20m or 100m", name)
}

// Data is a matrix to train on and, for each user, the items held out.
type Data struct {
	Name  string
	Train *als.Matrix
	Test  *als.Matrix
	Path  string // of the file that the contestants read Train from
}

// tastes is the number of groups that users and items fall into.
const tastes = 40

// Generate draws a binary matrix whose users and items follow power laws. Every
// other interaction falls into the user's own taste, a fortieth of the items, so
// that there is something to learn; one interaction of each user with five or
// more is held out. The same shape and seed give the same matrix.
func Generate(s Shape, seed uint64) *Data {
	random := rand.New(rand.NewPCG(seed, 20))
	skewed := func(n int) int { return int(float64(n) * math.Pow(random.Float64(), 2.2)) }
	degree := make([]int32, s.Users)
	for left := s.Entries; left > 0; {
		if u := skewed(s.Users); int(degree[u]) < s.Items/3 {
			degree[u]++
			left--
		}
	}
	random.Shuffle(s.Users, func(i, j int) { degree[i], degree[j] = degree[j], degree[i] })
	name := random.Perm(s.Items) // so that popularity and place have nothing in common
	m := &als.Matrix{Rows: s.Users, Cols: s.Items, Ptr: make([]int64, 1, s.Users+1)}
	m.Index = make([]int32, 0, s.Entries)
	var heldUser, heldItem []int32
	drawn := make([]int32, s.Items) // the last user, from one, that an item was drawn for
	for u, n := range degree {
		from := len(m.Index)
		taste := random.IntN(tastes)
		for len(m.Index) < from+int(n) {
			item := skewed(s.Items)
			if random.IntN(2) == 0 {
				item = taste + tastes*skewed((s.Items-taste+tastes-1)/tastes)
			}
			if drawn[item] != int32(u)+1 {
				drawn[item] = int32(u) + 1
				m.Index = append(m.Index, int32(name[item]))
			}
		}
		if n >= 5 {
			at := from + random.IntN(int(n))
			heldUser, heldItem = append(heldUser, int32(u)), append(heldItem, m.Index[at])
			m.Index = slices.Delete(m.Index, at, at+1)
		}
		slices.Sort(m.Index[from:])
		m.Ptr = append(m.Ptr, int64(len(m.Index)))
	}
	return &Data{Name: s.Name, Train: m, Test: als.NewMatrix(s.Users, s.Items, heldUser, heldItem, nil)}
}

// store writes the training matrix to where contestants read it.
func (d *Data) store(cache string) error {
	d.Path = filepath.Join(cache, fmt.Sprintf("matrix-%s-%d.bin", d.Name, os.Getpid()))
	f, err := os.Create(d.Path)
	if err != nil {
		return err
	}
	w := newWriter(f)
	w.ints(int64(d.Train.Rows), int64(d.Train.Cols), int64(d.Train.NNZ()))
	w.ints(d.Train.Ptr...)
	w.put(d.Train.Index)
	return w.close()
}

// readMatrix is the inverse of store.
func readMatrix(path string) (*als.Matrix, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := newReader(f)
	var head [3]int64
	r.get(head[:])
	m := &als.Matrix{Rows: int(head[0]), Cols: int(head[1])}
	m.Ptr, m.Index = make([]int64, m.Rows+1), make([]int32, head[2])
	r.get(m.Ptr)
	r.get(m.Index)
	return m, r.err
}
