package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeFile writes lines into a file of a new folder and returns its path.
func writeFile(t *testing.T, name string, lines []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Customers and films come in tastes; people buy and like what is of theirs.
const tastes, perTaste = 6, 40

// smallRetail writes invoices in the format of Online Retail, with rows of
// each kind that is no sale, and returns how many of each.
func smallRetail(t *testing.T) (path string, rejects map[string]int) {
	random := rand.New(rand.NewPCG(3, 1))
	lines := []string{"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"}
	day := time.Date(2011, 1, 3, 9, 0, 0, 0, time.UTC)
	line := func(invoice string, code any, quantity int, price float64, customer any) {
		lines = append(lines, fmt.Sprintf("%s,%v,\"CANDLE, NO %v\",%d,%s,%.2f,%v,France", invoice, code, code, quantity, day.Format(time.DateTime), price, customer))
	}
	for n := range 1_500 {
		day = day.Add(5 * time.Hour)
		customer := 12_000 + n%250
		for range 4 {
			taste := customer % tastes
			if random.IntN(5) == 0 {
				taste = random.IntN(tastes)
			}
			line(fmt.Sprint(500_000+n), 20_000+100*taste+random.IntN(perTaste), 1+random.IntN(12), 0.5+random.Float64()*9, customer)
		}
	}
	for n := range 20 {
		line(fmt.Sprintf("C%d", 500_000+n), 20_001, -1, 1, 12_000)
		line("600001", 20_001, 1, 1, "")
		if n < 10 {
			line("600002", "POST", 1, 18, 12_001)
			line("600003", 20_001, 0, 1, 12_001)
		}
		if n < 5 {
			line("600004", 20_001, 1, 0, 12_001)
		}
	}
	return writeFile(t, "online_retail.csv", lines), map[string]int{
		"a cancellation": 20, "no customer": 20, "not a quantity above 0": 10, "not a price above 0": 5,
		"not a product's stock code, which starts with five digits": 10,
	}
}

// smallFilms writes a folder in the format of MovieLens latest.
func smallFilms(t *testing.T) string {
	random := rand.New(rand.NewPCG(3, 2))
	ratings, films := []string{"userId,movieId,rating,timestamp"}, []string{"movieId,title,genres"}
	for film := range tastes * perTaste {
		films = append(films, fmt.Sprintf("%d,\"Film No. %d, The (19%02d)\",Drama|War", film+1, film+1, film%100))
	}
	for user := range 240 {
		for _, film := range random.Perm(tastes * perTaste)[:60] {
			stars := 2 + random.IntN(2)
			if film%tastes == user%tastes {
				stars += 2
			}
			ratings = append(ratings, fmt.Sprintf("%d,%d,%d.0,%d", user+1, film+1, stars, 964_982_703+random.IntN(1e8)))
		}
	}
	folder := filepath.Dir(writeFile(t, "ratings.csv", ratings))
	if err := os.Rename(writeFile(t, "movies.csv", films), filepath.Join(folder, "movies.csv")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// readGzip returns the rows of a gzipped CSV file, its header first.
func readGzip(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// retailBefore writes the invoices of Online Retail from before a day.
func retailBefore(t *testing.T, folder, day string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "online_retail.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := csv.NewWriter(file)
	for n, row := range readGzip(t, filepath.Join(folder, "online_retail.csv.gz")) {
		if n == 0 || row[4] < day {
			if err := out.Write(row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if out.Flush(); out.Error() != nil {
		t.Fatal(out.Error())
	}
	return path
}

// filmsBefore writes everybody's ratings but the last five.
func filmsBefore(t *testing.T, folder string) string {
	lines := []string{"userId,movieId,rating,timestamp"}
	for _, row := range readGzip(t, filepath.Join(folder, "split", "train.csv.gz"))[1:] {
		lines = append(lines, strings.Join(row, ","))
	}
	return writeFile(t, "ratings.csv", lines)
}

// reaches measures the published model's lists of 20 against what came later:
// the means of recall, which is hits over all that came, and of NDCG.
func (v *visitor) reaches(partition, later string, recall, ndcg float64) {
	v.Helper()
	lists, came := v.lists(partition, 20), map[string]map[string]bool{}
	for _, row := range readGzip(v.T, later)[1:] {
		if came[row[0]] == nil {
			came[row[0]] = map[string]bool{}
		}
		came[row[0]][row[1]] = true
	}
	gain := func(rank int) float64 { return 1 / math.Log2(float64(rank)+1) }
	var recalls, ndcgs float64
	for user, items := range came {
		hits, got, best := 0, 0.0, 0.0
		for n, item := range lists[user] {
			if items[item] {
				hits, got = hits+1, got+gain(n+1)
			}
		}
		for n := range min(20, len(items)) {
			best += gain(n + 1)
		}
		recalls, ndcgs = recalls+float64(hits)/float64(len(items)), ndcgs+got/best
	}
	recalls, ndcgs = recalls/float64(len(came)), ndcgs/float64(len(came))
	v.Logf("%s: Recall@20 %.4f, NDCG@20 %.4f", partition, recalls, ndcgs)
	if recalls < recall || ndcgs < ndcg {
		v.Errorf("%s: Recall@20 %.4f and NDCG@20 %.4f, want at least %v and %v", partition, recalls, ndcgs, recall, ndcg)
	}
}
