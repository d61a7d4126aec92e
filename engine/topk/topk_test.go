package topk

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine/internal/kernel"
	"valse/engine/internal/kernel/kerneltest"
)

// table is a set of items with the plain way to search it.
type table struct {
	rows, rank int
	data, bias []float32
}

// newTable draws items, many of them with the same vectors so that scores tie.
func newTable(rows, rank int, biased bool, seed uint64) table {
	random := rand.New(rand.NewPCG(seed, 1))
	t := table{rows: rows, rank: rank, data: make([]float32, rows*rank)}
	for i := range rows {
		scale := math.Exp(random.NormFloat64())
		for k := range rank {
			t.data[i*rank+k] = float32(scale * random.NormFloat64())
		}
		if i > 0 && random.IntN(4) == 0 {
			twin := random.IntN(i)
			copy(t.data[i*rank:][:rank], t.data[twin*rank:][:rank])
		}
	}
	if biased {
		t.bias = make([]float32, rows)
		for i := range t.bias {
			t.bias[i] = float32(random.IntN(3))
		}
	}
	return t
}

// sorted scores everything, sorts it, and leaves out what is not eligible.
func (t table) sorted(query []float32, n int, eligible func(int32) bool) []Hit {
	hits := []Hit{}
	for i := range t.rows {
		row := slices.Clone(t.data[i*t.rank:][:t.rank])
		q := slices.Clone(query)
		if t.bias != nil {
			row, q = append(row, t.bias[i]), append(q, 1)
		}
		score := make([]float32, 1)
		kernel.DotRows(score, row, len(row), q)
		if eligible(int32(i)) {
			hits = append(hits, Hit{int32(i), score[0]})
		}
	}
	slices.SortFunc(hits, Compare)
	return hits[:min(n, len(hits))]
}

func draw(random *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for k := range v {
		v[k] = float32(random.NormFloat64())
	}
	return v
}

func TestSearchEqualsAFullSort(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, rows := range []int{1, 2, 127, 128, 129, 1000} {
		for _, rank := range []int{1, 7, 64} {
			for _, biased := range []bool{false, true} {
				items := newTable(rows, rank, biased, uint64(rows+rank))
				x := New(rows, rank, items.data, items.bias)
				mask := NewMask(rows)
				for range rows / 3 {
					mask.Set(int32(random.IntN(rows)))
				}
				for _, n := range []int{1, 10, rows + 5} {
					query := draw(random, rank)
					for _, mask := range []Mask{nil, mask} {
						want := items.sorted(query, n, func(i int32) bool { return !mask.Has(i) })
						got := x.Search(nil, query, n, mask)
						if diff := cmp.Diff(want, append([]Hit{}, got...)); diff != "" {
							t.Fatalf("Search, %d × %d, n %d, biased %v, masked %v (-want +got):\n%s", rows, rank, n, biased, mask != nil, diff)
						}
					}
				}
			}
		}
	}
}

func TestSearchBatchEqualsSearch(t *testing.T) {
	const rows, rank, queries, n = 1300, 16, 300, 12
	random := rand.New(rand.NewPCG(4, 4))
	for _, biased := range []bool{false, true} {
		items := newTable(rows, rank, biased, 5)
		x := New(rows, rank, items.data, items.bias)
		mask := NewMask(rows)
		mask.Set(3)
		exclude := make([][]int32, queries)
		for q := range exclude {
			for range random.IntN(50) {
				exclude[q] = append(exclude[q], int32(random.IntN(rows)))
			}
			slices.Sort(exclude[q])
		}
		b := Batch{
			Queries: draw(random, queries*rank), N: n, Mask: mask,
			Exclude: func(q int) []int32 { return exclude[q] },
		}
		for _, b.Threads = range []int{0, 1, 3} {
			for q, got := range x.SearchBatch(b) {
				want := items.sorted(b.Queries[q*rank:][:rank], n, func(i int32) bool {
					return i != 3 && !slices.Contains(exclude[q], i)
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("SearchBatch, query %d (-want +got):\n%s", q, diff)
				}
			}
		}
	}
}

func TestSearchBatchFindsWhatTheSampleMisleadsAbout(t *testing.T) {
	// All vectors are as long, so they lie in order of their items; only those
	// in sampled tiles have good scores, and so the guess is too high.
	const rows, n = 2 * sampled * tile, 100
	x := table{rows: rows, rank: 2}
	for i := range rows {
		good := 0.3
		if i/tile%sampled == sampled/2 {
			good = 0.9
		}
		angle := math.Acos(good + 0.05*math.Sin(float64(i)))
		x.data = append(x.data, float32(math.Cos(angle)), float32(math.Sin(angle)))
	}
	index := New(rows, 2, x.data, nil)
	exclude := []int32{0, tile * sampled / 2, rows - 1}
	b := Batch{Queries: []float32{1, 0, 0, 0}, N: n, Exclude: func(int) []int32 { return exclude }}
	for q, got := range index.SearchBatch(b) {
		want := x.sorted(b.Queries[2*q:][:2], n, func(i int32) bool { return !slices.Contains(exclude, i) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("SearchBatch, query %d (-want +got):\n%s", q, diff)
		}
	}
}

func TestKeysSortLikeHits(t *testing.T) {
	zero := float32(0)
	hits := []Hit{{1, 2}, {2, 2}, {0, 1.5}, {3, -zero}, {4, 0}, {9, -1}, {5, -2}, {7, float32(math.Inf(-1))}}
	for i, h := range hits {
		if got := unkey(key(h)); got != h {
			t.Errorf("unkey(key(%v)) = %v", h, got)
		}
		if i > 0 && key(h) <= key(hits[i-1]) {
			t.Errorf("key(%v) does not come after key(%v)", h, hits[i-1])
		}
	}
	if key(Hit{1, float32(math.Copysign(0, -1))}) != key(Hit{1, 0}) {
		t.Error("the two zeros have two keys")
	}
}

func TestSimilarEqualsSortingByCosine(t *testing.T) {
	const rows, rank = 300, 8
	items := newTable(rows, rank, true, 6)
	clear(items.data[5*rank : 6*rank])
	x := New(rows, rank, items.data, items.bias)
	length := func(i int32) float64 {
		v := items.data[int(i)*rank:][:rank]
		return math.Sqrt(float64(kernel.Dot(v, v)))
	}
	for item := range int32(20) {
		got := x.Similar(nil, item, 10, nil)
		if item == 5 {
			if len(got) != 0 {
				t.Errorf("Similar to an item without a vector = %v, want nothing", got)
			}
			continue
		}
		if len(got) != 10 {
			t.Fatalf("Similar(%d) has %d hits, want 10", item, len(got))
		}
		for at, hit := range got {
			cosine := float64(kernel.Dot(items.data[int(item)*rank:][:rank], items.data[int(hit.Item)*rank:][:rank])) / length(item) / length(hit.Item)
			if hit.Item == item || hit.Item == 5 || math.Abs(cosine-float64(hit.Score)) > 1e-5 || at > 0 && before(hit, got[at-1]) {
				t.Errorf("Similar(%d)[%d] = %v, cosine %v", item, at, hit, cosine)
			}
		}
	}
}

func TestSearchNeverReturnsWhatIsNotANumber(t *testing.T) {
	nan := float32(math.NaN())
	x := New(3, 1, []float32{1, nan, 2}, nil)
	want := []Hit{{2, 2}, {0, 1}}
	if diff := cmp.Diff(want, x.Search(nil, []float32{1}, 3, nil)); diff != "" {
		t.Errorf("Search (-want +got):\n%s", diff)
	}
	if got := x.Search(nil, []float32{nan}, 3, nil); len(got) != 0 {
		t.Errorf("Search for NaN = %v, want nothing", got)
	}
}

func TestSearchOfNothingIsEmpty(t *testing.T) {
	empty := New(0, 4, nil, nil)
	if got := empty.Search(nil, make([]float32, 4), 5, nil); len(got) != 0 {
		t.Errorf("Search of no items = %v", got)
	}
	if got := New(2, 1, []float32{1, 2}, nil).Search(nil, []float32{1}, 0, nil); len(got) != 0 {
		t.Errorf("Search for no hits = %v", got)
	}
	if got := New(3, 0, nil, nil).Search(nil, nil, 2, nil); len(got) != 2 {
		t.Errorf("Search at rank 0 = %v, want two items with score 0", got)
	}
	if got := empty.SearchBatch(Batch{N: 3}); len(got) != 0 {
		t.Errorf("SearchBatch of no queries = %v", got)
	}
	if got := empty.Similar(nil, 0, 3, nil); len(got) != 0 {
		t.Errorf("Similar in no items = %v", got)
	}
}

func TestSearchReusesItsRoom(t *testing.T) {
	if kerneltest.Race {
		t.Skip("pools forget at random under the race detector")
	}
	items := newTable(1000, 32, true, 1)
	x := New(items.rows, items.rank, items.data, items.bias)
	query := draw(rand.New(rand.NewPCG(1, 1)), items.rank)
	dst := make([]Hit, 0, 10)
	if n := testing.AllocsPerRun(100, func() { dst = x.Search(dst, query, 10, nil) }); n != 0 {
		t.Errorf("Search allocates %v times, want 0", n)
	}
}

func TestMaskIsASet(t *testing.T) {
	m := NewMask(130)
	for _, i := range []int32{0, 63, 64, 129} {
		m.Set(i)
	}
	m.Clear(63)
	m.Clear(5000)
	o := NewMask(64)
	o.Set(7)
	m.Or(o)
	var got []int32
	for i := range int32(500) {
		if m.Has(i) {
			got = append(got, i)
		}
	}
	if want := []int32{0, 7, 64, 129}; !slices.Equal(got, want) || m.Count() != len(want) {
		t.Errorf("mask holds %v (%d), want %v", got, m.Count(), want)
	}
	if Mask(nil).Has(0) {
		t.Error("the nil mask holds an item")
	}
}
