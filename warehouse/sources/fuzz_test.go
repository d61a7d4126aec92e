package sources

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"valse/store"
	"valse/warehouse"
)

// fuzzFile fuzzes a source with one file of that name: whatever the bytes, an
// import ends with a report, and what it takes is valid and is taken alike a
// second time.
func fuzzFile(f *testing.F, source Source, name string, seeds ...string) {
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		in := Input{Interactions: path}
		switch name {
		case "products.csv", "products.jsonl", "movies.dat", "movies.csv":
			in = Input{Products: path}
		case "users.dat":
			in = Input{Users: path}
		}
		plan := Plan{Source: source, Input: in, ContinueOnError: true, Now: now}
		s := newShelf()
		first, err := Import(t.Context(), plan, s, nil)
		if err != nil {
			return // a file that cannot be read on, like a broken gzip
		}
		for _, event := range s.events {
			if err := event.Validate("", now); err != nil {
				t.Fatalf("an event was taken that is not valid: %v", err)
			}
		}
		second, err := Import(t.Context(), plan, s, nil)
		if err != nil || second.Interactions.Created != 0 || second.Interactions.Read != first.Interactions.Read {
			t.Fatalf("first %+v, second %+v, %v", first, second, err)
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzzFile(f, CSV{}, "interactions.csv", "testdata/csv/interactions.csv")
}

func FuzzCSVProducts(f *testing.F) {
	fuzzFile(f, CSV{}, "products.csv", "testdata/csv/products.csv")
}

func FuzzJSONL(f *testing.F) {
	fuzzFile(f, JSONL{}, "interactions.jsonl", "testdata/jsonl/interactions.jsonl")
}

func FuzzJSONLProducts(f *testing.F) {
	fuzzFile(f, JSONL{}, "products.jsonl", "testdata/jsonl/products.jsonl")
}

func FuzzMovieLensRatings(f *testing.F) {
	fuzzFile(f, MovieLens{}, "ratings.csv", "testdata/movielens-latest/ratings.csv")
}

func FuzzMovieLens1MRatings(f *testing.F) {
	fuzzFile(f, MovieLens{}, "ratings.dat", "testdata/movielens-1m/ratings.dat")
}

func FuzzMovieLensMovies(f *testing.F) {
	fuzzFile(f, MovieLens{}, "movies.csv", "testdata/movielens-latest/movies.csv")
}

func FuzzMovieLens1MMovies(f *testing.F) {
	fuzzFile(f, MovieLens{}, "movies.dat", "testdata/movielens-1m/movies.dat")
}

func FuzzMovieLensUsers(f *testing.F) {
	fuzzFile(f, MovieLens{}, "users.dat", "testdata/movielens-1m/users.dat")
}

func FuzzOnlineRetail(f *testing.F) {
	fuzzFile(f, OnlineRetail{}, "online_retail.csv", "testdata/online_retail.csv")
}

func FuzzParquet(f *testing.F) {
	f.Add([]byte("PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "interactions.parquet")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Import(t.Context(), Plan{Source: Parquet{}, Input: Input{Path: path}, Now: now}, newShelf(), nil)
		if err != nil && !errors.Is(err, warehouse.ErrCorrupt) && !errors.Is(err, store.ErrInvalid) {
			t.Fatal(err)
		}
	})
}
