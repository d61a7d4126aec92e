package eval

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/engine/als"
	"valse/internal/trial"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shop draws purchases of users who like a few of some departments and, within
// them, popular items; the last tenth of what each buys is the test set.
func shop(users, items, departments int, seed uint64) (train, test *als.Matrix) {
	random := rand.New(rand.NewPCG(seed, 3))
	var row, col [2][]int32
	for u := range users {
		liked := [3]int{random.IntN(departments), random.IntN(departments), random.IntN(departments)}
		for n := 5 + random.IntN(40); n > 0; n-- {
			item := int(float64(items) * math.Pow(random.Float64(), 2))
			if random.IntN(5) > 0 {
				item = item/departments*departments + liked[random.IntN(3)]
			}
			part := 0
			if random.IntN(10) == 0 {
				part = 1
			}
			row[part], col[part] = append(row[part], int32(u)), append(col[part], int32(min(item, items-1)))
		}
	}
	train = als.NewMatrix(users, items, row[0], col[0], nil)
	test = als.NewMatrix(users, items, row[1], col[1], nil)
	return train, without(test, train)
}

// without returns the entries of m that o does not have.
func without(m, o *als.Matrix) *als.Matrix {
	var row, col []int32
	for u := range m.Rows {
		index, _ := m.Row(u)
		seen, _ := o.Row(u)
		for _, i := range index {
			if !contains(seen, i) {
				row, col = append(row, int32(u)), append(col, i)
			}
		}
	}
	return als.NewMatrix(m.Rows, m.Cols, row, col, nil)
}

func TestQualityIsAsReviewed(t *testing.T) {
	train, test := shop(1500, 600, 20, 1)
	var lines strings.Builder
	fmt.Fprintf(&lines, "%d × %d, %d train, %d test\n\n", train.Rows, train.Cols, train.NNZ(), test.NNZ())
	fmt.Fprintf(&lines, "%-12s %4s %7s %7s %7s %7s %8s %7s\n", "", "k", "recall", "NDCG", "MAP", "hits", "coverage", "novelty")
	contend := func(name string, r Recommender) {
		for _, at := range Rank(r, train, test, []int{10, 20}, 0).At {
			fmt.Fprintf(&lines, "%-12s %4d %7.3f %7.3f %7.3f %7.3f %8.2f %7.1f\n",
				name, at.K, at.Recall, at.NDCG, at.MAP, at.HitRate, at.Coverage, at.Novelty)
		}
	}
	contend("popularity", NewPopularity(train))
	contend("item-to-item", NewItemKNN(train, 100))
	for _, rank := range []int{8, 32} {
		r, err := als.Train(t.Context(), train, als.Settings{Rank: rank}, nil)
		if err != nil {
			t.Fatal(err)
		}
		contend(fmt.Sprintf("ALS rank %d", rank), NewModel(r.Users, r.Items))
		fmt.Fprintf(&lines, "%17s loss %.4g\n", "", r.Sweeps[len(r.Sweeps)-1].Loss)
	}
	golden(t, "quality.golden", lines.String())
}

func TestFoldingInEqualsTraining(t *testing.T) {
	train, test := shop(600, 200, 8, 5)
	s := als.Settings{Rank: 16}
	r, err := als.Train(t.Context(), train, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	trained := Rank(NewModel(r.Users, r.Items), train, test, []int{10}, 0).At[0].NDCG
	folded := Rank(NewFolded(train, r.Items, s), train, test, []int{10}, 0).At[0].NDCG
	if math.Abs(trained-folded) > 0.02 {
		t.Errorf("NDCG of users folded in = %.4f, trained %.4f", folded, trained)
	}
}

// golden compares text with a file in testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update rewrites it:\n%s", name, diff)
	}
}

func TestRealShopsReachTheReference(t *testing.T) {
	for _, c := range []struct {
		set, test    string
		settings     als.Settings
		recall, ndcg float64
	}{
		{"online-retail", "test_new.csv.gz", als.Settings{UnobservedWeight: 0.3, Reg: 0.003}, 0.083, 0.102},
		{"ml-latest-small", "test.csv.gz", als.Settings{UnobservedWeight: 0.3, Reg: 0.01}, 0.115, 0.072},
	} {
		t.Run(c.set, func(t *testing.T) {
			train, test := readSplit(t, c.set, c.test)
			r, err := als.Train(t.Context(), train, c.settings, nil)
			if err != nil {
				t.Fatal(err)
			}
			at := Rank(NewModel(r.Users, r.Items), train, test, []int{20}, 0).At[0]
			t.Logf("ALS %+v", at)
			if at.Recall < c.recall || at.NDCG < c.ndcg {
				t.Errorf("Recall@20 and NDCG@20 = %.4f, %.4f, want at least %v, %v", at.Recall, at.NDCG, c.recall, c.ndcg)
			}
		})
	}
}

func TestBaselinesOnARealShopEqualTheReference(t *testing.T) {
	train, test := readSplit(t, "online-retail", "test_new.csv.gz")
	for name, c := range map[string]struct {
		r            Recommender
		recall, ndcg float64
	}{
		"popularity":   {NewPopularity(train), 0.0339, 0.0462},
		"item-to-item": {NewItemKNN(train, 100), 0.0637, 0.0779},
	} {
		at := Rank(c.r, train, test, []int{20}, 0).At[0]
		t.Logf("%s %+v", name, at)
		if math.Abs(at.Recall-c.recall) > 0.0002 || math.Abs(at.NDCG-c.ndcg) > 0.0003 {
			t.Errorf("%s: Recall@20 and NDCG@20 = %.4f, %.4f, want %v, %v", name, at.Recall, at.NDCG, c.recall, c.ndcg)
		}
	}
}

func TestRealStarsReachTheReference(t *testing.T) {
	users, items := numbering{}, numbering{}
	log := readTable(t, filepath.Join(trial.Data(t, "ml-latest-small"), "ratings.csv.gz"), users, items)
	split := ByDigit(log.time)
	part := func(positions []int32) *als.Matrix {
		var picked table
		for _, e := range positions {
			picked.user = append(picked.user, log.user[e])
			picked.item = append(picked.item, log.item[e])
			picked.value = append(picked.value, log.value[e])
		}
		return als.NewRatings(len(users), len(items), picked.user, picked.item, picked.value)
	}
	r, err := als.TrainExplicit(t.Context(), part(split.Train), als.ExplicitSettings{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	validation, test := RMSE(r.Predict, part(split.Validation)), RMSE(r.Predict, part(split.Test))
	t.Logf("validation %.4f, test %.4f", validation, test)
	if validation > 0.863 || test > 0.856 {
		t.Errorf("RMSE = %.4f on validation, %.4f on test, want at most 0.863, 0.856", validation, test)
	}
}
