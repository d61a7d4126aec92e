package sources

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/store"
	"valse/warehouse"
)

var now = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// shelf is a small real [Sink]: it keeps what it is given and decides about
// event ids as a store does.
type shelf struct {
	products map[string]store.Product
	users    map[string]store.User
	events   map[[2]string]store.Interaction
}

func newShelf() *shelf {
	return &shelf{map[string]store.Product{}, map[string]store.User{}, map[[2]string]store.Interaction{}}
}

func (s *shelf) PutProducts(_ context.Context, products []store.Product) (created, updated int, err error) {
	return put(s.products, products, func(p store.Product) string { return p.ID })
}

func (s *shelf) ProductsByID(_ context.Context, ids []string) ([]*store.Product, error) {
	found := make([]*store.Product, len(ids))
	for i, id := range ids {
		if p, ok := s.products[id]; ok {
			found[i] = &p
		}
	}
	return found, nil
}

func (s *shelf) PutUsers(_ context.Context, users []store.User) (created, updated int, err error) {
	return put(s.users, users, func(u store.User) string { return u.ID })
}

func put[V any](stored map[string]V, values []V, id func(V) string) (created, updated int, err error) {
	for _, v := range values {
		old, ok := stored[id(v)]
		switch {
		case !ok:
			created++
		case !cmp.Equal(old, v):
			updated++
		}
		stored[id(v)] = v
	}
	return created, updated, nil
}

func (s *shelf) Append(_ context.Context, batch []store.Interaction) ([]store.Outcome, error) {
	outcomes := make([]store.Outcome, len(batch))
	for i, event := range batch {
		key := [2]string{event.UserID, event.EventID}
		old, ok := s.events[key]
		switch {
		case !ok:
			s.events[key] = event
			outcomes[i] = store.Created
		case old.Same(&event):
			outcomes[i] = store.Exists
		default:
			outcomes[i] = store.Conflict
		}
	}
	return outcomes, nil
}

// described lists the events in words, in order, without their ids.
func (s *shelf) described() []string {
	var all []string
	for _, e := range s.events {
		all = append(all, strings.TrimRight(strings.Join([]string{
			e.UserID, e.Type.String(), e.ProductID, time.Duration(e.Value * float64(time.Second)).String(),
			e.Time.Format(time.DateTime), e.Basket}, " "), " "))
	}
	slices.Sort(all)
	return all
}

func mustImport(t *testing.T, plan Plan, sink Sink) Report {
	t.Helper()
	plan.Now = now
	report, err := Import(t.Context(), plan, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

var tables = []string{
	"ann PURCHASE p1 2s 2026-03-01 12:00:00 o1",
	"ann PURCHASE p1 2s 2026-03-01 12:00:00 o1",
	"ann VIEW p1 1s 2026-03-01 12:00:00",
	"b,ob RATING p2 4.5s 2026-03-01 12:00:00",
}

func TestCSVAndJSONLGiveTheSameEventsUnderTheSameIDs(t *testing.T) {
	fromCSV, fromJSONL := newShelf(), newShelf()
	report := mustImport(t, Plan{Source: CSV{}, Input: Input{Path: "testdata/csv"}}, fromCSV)
	mustImport(t, Plan{Source: JSONL{}, Input: Input{Path: "testdata/jsonl"}}, fromJSONL)
	if diff := cmp.Diff(tables, fromCSV.described()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for what, diff := range map[string]string{
		"events":   cmp.Diff(fromCSV.events, fromJSONL.events),
		"products": cmp.Diff(fromCSV.products, fromJSONL.products),
		"users":    cmp.Diff(fromCSV.users, fromJSONL.users),
	} {
		if diff != "" {
			t.Errorf("%s differ (-csv +jsonl):\n%s", what, diff)
		}
	}
	want := map[string]store.Product{
		"p1": {ID: "p1", Title: `Lamp, "Sun"`, Category: "Home > Light", Vendor: "Acme", Price: 1999, Currency: "EUR",
			PublishedAt: time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC), Attributes: map[string]string{"colour": "red"}},
		"p2": {ID: "p2", Title: "Tea", Category: "Food > Tea", Price: 1200, Currency: "JPY", OutOfStock: true},
	}
	if diff := cmp.Diff(want, fromCSV.products); diff != "" {
		t.Errorf("products (-want +got):\n%s", diff)
	}
	if want := []string{"interactions.csv: column shelf is not used"}; !cmp.Equal(report.Notes, want) {
		t.Errorf("notes = %q, want %q", report.Notes, want)
	}
	if want := (Count{Read: 5, Created: 4, Exists: 1}); report.Interactions != want {
		t.Errorf("interactions = %+v, want %+v", report.Interactions, want)
	}
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	for _, plan := range []Plan{
		{Source: CSV{}, Input: Input{Path: "testdata/csv"}},
		{Source: JSONL{}, Input: Input{Path: "testdata/jsonl"}},
		{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-latest"}},
		{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-1m"}, ContinueOnError: true},
		{Source: OnlineRetail{}, Input: Input{Path: "testdata/online_retail.csv"}, ContinueOnError: true},
	} {
		s := newShelf()
		first := mustImport(t, plan, s)
		second := mustImport(t, plan, s)
		if first.Interactions.Created == 0 || first.Products.Created == 0 {
			t.Errorf("%s: first import created nothing: %+v", plan.Source.Name(), first)
		}
		for what, c := range map[string]Count{"products": second.Products, "users": second.Users, "interactions": second.Interactions} {
			if c.Created+c.Updated+c.Conflict != 0 || c.Exists != c.Read {
				t.Errorf("%s: importing again did %+v to %s", plan.Source.Name(), c, what)
			}
		}
	}
}

func TestOneRejectMeansThatNothingIsApplied(t *testing.T) {
	s := newShelf()
	plan := Plan{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-1m"}, Now: now}
	report, err := Import(t.Context(), plan, s, nil)
	var rejected *RejectedError
	if !errors.As(err, &rejected) || !errors.Is(err, store.ErrInvalid) {
		t.Fatalf("Import = %v, want a RejectedError", err)
	}
	want := []string{
		`movies.dat:3: row "broken line": not MovieID::Title::Genres`,
		`ratings.dat:4: value "7": not a rating from 0.5 to 5 stars, or 0 to take it back`,
		`ratings.dat:5: rating "x": not a number of stars`,
		`ratings.dat:6: row "2::2::3": not four fields: user, movie, rating, timestamp`,
	}
	var got []string
	for _, r := range report.Rejects {
		got = append(got, r.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	if len(s.events)+len(s.products)+len(s.users) != 0 || report.Applied {
		t.Errorf("something was applied: %+v", report)
	}
	if text := err.Error(); !strings.Contains(text, "rejected rows: 4") || !strings.Contains(text, want[0]) {
		t.Errorf("error %q does not say how many and which", text)
	}
}

func TestADryRunAppliesNothing(t *testing.T) {
	s := newShelf()
	report := mustImport(t, Plan{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-latest"}, DryRun: true}, s)
	if len(s.events)+len(s.products) != 0 || report.Applied || report.Interactions.Read != 3 {
		t.Errorf("dry run: %+v, %d events", report, len(s.events))
	}
}

func TestMovieLensKeepsFilmsPeopleAndStars(t *testing.T) {
	s := newShelf()
	mustImport(t, Plan{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-1m"}, ContinueOnError: true}, s)
	if got := s.products["2"]; got.Title != "Café Society (2016)" || got.PublishedAt.Year() != 2016 || got.Category != "Films > Drama" {
		t.Errorf("film 2 = %+v", got)
	}
	if want := map[string]string{"gender": "M", "age": "56 and over", "occupation": "self-employed", "zip": "70072"}; !maps.Equal(s.users["2"].Attributes, want) {
		t.Errorf("user 2 = %v, want %v", s.users["2"].Attributes, want)
	}
	if len(s.events) != 3 {
		t.Errorf("%d ratings, want 3: %q", len(s.events), s.described())
	}
	s = newShelf()
	mustImport(t, Plan{Source: MovieLens{}, Input: Input{Path: "testdata/movielens-latest"}}, s)
	want := store.Product{ID: "1", Title: "Toy Story (1995)", Category: "Films > Adventure", Price: -1,
		PublishedAt: time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC),
		Attributes:  map[string]string{"genres": "Adventure, Animation", "tags": "pixar, fun, really"}}
	if diff := cmp.Diff(want, s.products["1"]); diff != "" {
		t.Errorf("film 1 (-want +got):\n%s", diff)
	}
	if got := s.products["12"]; got.Title != `Say "Cheese"` || got.Category != "Films" || got.Attributes != nil {
		t.Errorf("film 12 = %+v", got)
	}
	if got := s.described(); len(got) != 3 || got[2] != "2 RATING 1 3.5s 2000-07-30 18:37:04" {
		t.Errorf("ratings = %q", got)
	}
}

func TestOnlineRetailTakesSalesOfProductsToKnownCustomers(t *testing.T) {
	s := newShelf()
	report := mustImport(t, Plan{Source: OnlineRetail{}, Input: Input{Path: "testdata/online_retail.csv"}, ContinueOnError: true}, s)
	reasons := map[string]int{
		"a cancellation": 1, "no customer": 1, "not a quantity above 0": 1, "not a price above 0": 1,
		"not a product's stock code, which starts with five digits": 1, "not a date like 2010-12-01 08:26:00": 1,
	}
	if diff := cmp.Diff(reasons, report.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	want := []string{
		"13748 PURCHASE 22728 24s 2010-12-01 09:02:00 536373",
		"17850 PURCHASE 85123A 6s 2010-12-01 08:26:00 536365",
		"17850 PURCHASE 85123A 6s 2010-12-01 08:26:00 536365",
		"17851 PURCHASE 85123A 1s 2010-12-01 08:28:00 536366",
	}
	if diff := cmp.Diff(want, s.described()); diff != "" {
		t.Errorf("sales (-want +got):\n%s", diff)
	}
	heart := store.Product{ID: "85123A", Title: "WHITE HANGING HEART", Price: 255, Currency: "GBP"}
	if diff := cmp.Diff(heart, s.products["85123A"]); diff != "" {
		t.Errorf("product (-want +got):\n%s", diff)
	}
	if got := s.users["17851"].Attributes["country"]; got != "France" {
		t.Errorf("customer 17851 lives in %q, want France", got)
	}
}

func TestAPartitionOfAWarehouseCanBeImported(t *testing.T) {
	root := t.TempDir()
	w, err := warehouse.Open(root, "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	log := make([]store.Interaction, 5000)
	for i := range log {
		log[i] = store.Interaction{EventID: "e" + time.Duration(i).String(), UserID: "u", ProductID: "p", Type: store.View, Value: 1,
			Time: now.Add(-time.Hour), Seq: int64(i + 1), RecordedAt: now}
	}
	if err := w.AppendLog(t.Context(), 0, log, nil); err != nil {
		t.Fatal(err)
	}
	for version := range int64(2) {
		products := []store.Product{{ID: "p", Price: version, Currency: "EUR"}}
		if err := w.PutProducts(t.Context(), version, func(put func([]store.Product) error) error { return put(products) }); err != nil {
			t.Fatal(err)
		}
	}
	s := newShelf()
	report := mustImport(t, Plan{Source: Parquet{}, Input: Input{Path: filepath.Join(root, "main")}}, s)
	if len(s.events) != 5000 || report.Interactions.Created != 5000 || s.products["p"].Price != 1 {
		t.Errorf("%d events, product %+v, report %+v", len(s.events), s.products["p"], report)
	}
}

func TestErrorsNameTheFileTheLineAndWhatWouldBeRight(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"interactions.csv", "user_id,item_id,type\n", "interactions.csv:1: header"},
		{"interactions.csv", "", "it is empty"},
		{"interactions.csv", "user_id,user_id,item_id,type,timestamp\n", "each once"},
		{"interactions.csv", "user_id,item_id,type,timestamp\nu,p,VIEW\n", "interactions.csv:2: row \"u,p,VIEW\": not 4 values"},
		{"interactions.csv", "user_id,item_id,type,timestamp\nu,p,LOOK,1\n", `interactions.csv:2: type "LOOK": not one of VIEW`},
		{"interactions.csv", "user_id,item_id,type,timestamp\nu,p,VIEW,soon\n", `timestamp "soon": not a time like`},
		{"interactions.csv", "user_id,item_id,type,timestamp\nu,p,VIEW,2031-01-01\n", `timestamp "2031-01-01T00:00:00Z": not a time from 1970 to now`},
		{"interactions.csv", "user_id,item_id,type,timestamp\n,p,VIEW,1\n", `user_id "": not 1 to 256 bytes`},
		{"interactions.csv", "user_id,item_id,type,timestamp\nu,p\"q,VIEW,1\n", `interactions.csv:2: not CSV: bare "`},
		{"products.csv", "item_id,price\np,cheap\n", `products.csv:2: price "cheap": not a price like 19.99`},
		{"products.csv", "item_id,hidden\np,perhaps\n", `hidden "perhaps": not true or false`},
		{"interactions.jsonl", "{\"user_id\":\"u\"\n", "interactions.jsonl:1: line"},
		{"interactions.jsonl", `{"user_id":["u"]}`, `user_id "[\"u\"]": not a text`},
	} {
		name := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(name, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		source, err := ByName(strings.TrimPrefix(filepath.Ext(name), "."))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(t.Context(), Plan{Source: source, Input: Input{Path: name}, Now: now}, newShelf(), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Import of %q = %v, want an error that says %q", c.text, err, c.want)
		}
	}
}

// TestASmallFileThatUnpacksToOneRowWithoutEndIsRefused reads 64 MiB that gzip
// packs into 64 KB.
func TestASmallFileThatUnpacksToOneRowWithoutEndIsRefused(t *testing.T) {
	const header = "user_id,item_id,type,timestamp\n"
	for _, c := range []struct{ file, begins, repeats string }{
		{"plain.csv.gz", header, "a"}, {"header.csv.gz", "", "a"}, {"quoted.csv.gz", header + `"`, "a\n"}, {"line.jsonl.gz", "", "["},
	} {
		t.Run(c.file, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), c.file)
			file, err := os.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			packed := gzip.NewWriter(file)
			_, _ = io.WriteString(packed, c.begins)
			for range 64 {
				_, _ = io.WriteString(packed, strings.Repeat(c.repeats, 1<<20/len(c.repeats)))
			}
			if err := errors.Join(packed.Close(), file.Close()); err != nil {
				t.Fatal(err)
			}
			source, _ := ByName(strings.Split(c.file, ".")[1])
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = Import(t.Context(), Plan{Source: source, Input: Input{Interactions: name}, Now: now, ContinueOnError: true}, newShelf(), nil)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), "16 MiB") || len(err.Error()) > 1000 {
				t.Errorf("Import = %.1000v, want an error that says how long a line may be", err)
			}
			if took := int64(after.TotalAlloc-before.TotalAlloc) >> 20; took > 250 {
				t.Errorf("it took %d MiB", took)
			}
		})
	}
}

func TestManyColumnsAreRefusedAndManyFieldsNotedInPart(t *testing.T) {
	folder := t.TempDir()
	var columns, fields strings.Builder
	for n := range 50_000 {
		fmt.Fprintf(&columns, ",c%d", n)
		fmt.Fprintf(&fields, `{"user_id":"u","item_id":"p","type":"VIEW","timestamp":%d,"f%d":1}`+"\n", n, n)
	}
	table, lines := filepath.Join(folder, "i.csv"), filepath.Join(folder, "i.jsonl")
	for name, text := range map[string]string{table: "user_id,item_id,type,timestamp" + columns.String() + "\n", lines: fields.String()} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Import(t.Context(), Plan{Source: CSV{}, Input: Input{Interactions: table}, Now: now}, newShelf(), nil)
	if err == nil || !strings.Contains(err.Error(), "at most 1000 columns") || len(err.Error()) > 1000 {
		t.Errorf("Import = %.1000v, want a short error that says how many columns there may be", err)
	}
	report, err := Import(t.Context(), Plan{Source: JSONL{}, Input: Input{Interactions: lines}, Now: now}, newShelf(), nil)
	if err != nil || report.Interactions.Created != 50_000 || len(report.Notes) != maxNotes {
		t.Errorf("Import = %+v with %d notes, %v; want every row and %d notes", report.Interactions, len(report.Notes), err, maxNotes)
	}
}

func TestProgressEndsWithAllBytesRead(t *testing.T) {
	var last Progress
	plan := Plan{Source: CSV{}, Input: Input{Path: "testdata/csv"}, Now: now}
	if _, err := Import(t.Context(), plan, newShelf(), func(p Progress) { last = p }); err != nil {
		t.Fatal(err)
	}
	if last.Phase != "applying" || last.Bytes != last.TotalBytes || last.Rows != 8 {
		t.Errorf("last progress = %+v, want 8 rows and all bytes applied", last)
	}
}

func TestProductsThatNothingDescribesGoByTheirIDUntilTheyAreDeleted(t *testing.T) {
	name := filepath.Join(t.TempDir(), "clicks.csv")
	rows := "user_id,item_id,type,value,timestamp\nu1,known,VIEW,1,2026-01-01\nu1,bare,VIEW,1,2026-01-01\n"
	if err := os.WriteFile(name, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newShelf()
	s.products["known"] = store.Product{ID: "known", Title: "Known already"}
	plan := Plan{Source: CSV{}, Input: Input{Interactions: name}, Now: now}
	report, err := Import(t.Context(), plan, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]store.Product{
		"known": {ID: "known", Title: "Known already"},
		"bare":  {ID: "bare", Title: "bare", Price: -1},
	}
	if diff := cmp.Diff(want, s.products); diff != "" || report.Products.Created != 1 {
		t.Errorf("created %d; products (-want +got):\n%s", report.Products.Created, diff)
	}
	delete(s.products, "bare")
	if _, err := Import(t.Context(), plan, s, nil); err != nil {
		t.Fatal(err)
	}
	if _, back := s.products["bare"]; back {
		t.Error("importing the same events again brought a deleted product back")
	}
}
