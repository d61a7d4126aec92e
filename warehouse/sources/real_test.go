package sources

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"valse/internal/trial"
)

// readGzipCSV returns the rows of a .csv.gz file without its header.
func readGzipCSV(t *testing.T, name string) [][]string {
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
	return rows[1:]
}

func TestOnlineRetailAgreesWithAnIndependentCleaning(t *testing.T) {
	folder := trial.Data(t, "online-retail")
	s := newShelf()
	report := mustImport(t, Plan{Source: OnlineRetail{}, Input: Input{Path: folder}, ContinueOnError: true}, s)
	if total := report.Rejected + report.Interactions.Read; total != 541_909 {
		t.Errorf("%d lines, want 541,909", total)
	}
	t.Logf("rejected: %v", report.Reasons)
	cut := time.Date(2011, 10, 1, 0, 0, 0, 0, time.UTC)
	train, later := 0, map[[2]string]bool{}
	for _, event := range s.events {
		if event.Time.Before(cut) {
			train++
		} else {
			later[[2]string{event.UserID, event.ProductID}] = true
		}
	}
	if want := len(readGzipCSV(t, filepath.Join(folder, "split/train.csv.gz"))); train != want {
		t.Errorf("%d purchases before %s, the split has %d", train, cut, want)
	}
	for _, row := range readGzipCSV(t, filepath.Join(folder, "split/test_all.csv.gz")) {
		if !later[[2]string{row[0], row[1]}] {
			t.Fatalf("no later purchase of %s by %s, which the split has", row[1], row[0])
		}
	}
	for _, row := range readGzipCSV(t, filepath.Join(folder, "items.csv.gz")) {
		product, ok := s.products[row[0]]
		price, _ := strconv.ParseFloat(row[2], 64)
		if !ok || math.Abs(float64(product.Price)-price*100) > 1 {
			t.Errorf("product %s costs %d (there: %v), want %s", row[0], product.Price, ok, row[2])
		}
	}
}

func TestMovieLensLatestSmallIsReadWhole(t *testing.T) {
	s := newShelf()
	report := mustImport(t, Plan{Source: MovieLens{}, Input: Input{Path: trial.Data(t, "ml-latest-small")}}, s)
	if report.Rejected != 0 || len(s.events) != 100_836 || len(s.products) != 9_742 {
		t.Errorf("%d ratings and %d films, %d rejected; want 100,836 and 9,742 and none", len(s.events), len(s.products), report.Rejected)
	}
}

// BenchmarkMovieLens1M checks a generated ratings.dat of MovieLens 1M's size.
func BenchmarkMovieLens1M(b *testing.B) {
	const rows = 1_000_209
	name := filepath.Join(b.TempDir(), "ratings.dat")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	out := bufio.NewWriter(file)
	for range rows {
		fmt.Fprintf(out, "%d::%d::%d::%d\n", 1+random.IntN(6040), 1+random.IntN(3952), 1+random.IntN(5), 956703932+random.IntN(1e8))
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	file.Close()
	plan := Plan{Source: MovieLens{}, Input: Input{Path: name}, DryRun: true, Now: now}
	for b.Loop() {
		if report, err := Import(b.Context(), plan, nil, nil); err != nil || report.Interactions.Read != rows {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
