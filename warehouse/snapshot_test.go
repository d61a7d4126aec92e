package warehouse

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/engine"
	"valse/store"
)

func TestASnapshotNeverChanges(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 900)
	mustAppend(t, w, log[:400], 100)
	mustSnapshot(t, w, "before")
	mustAppend(t, w, log[400:], 100)
	if _, err := w.Snapshot(t.Context(), "before", day); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Snapshot of a taken name = %v, want ErrConflict", err)
	}
	s, err := w.OpenSnapshot("before")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(spellLog(log[:400]), spell(mustEvents(t, s))); diff != "" {
		t.Errorf("events of the old snapshot (-want +got):\n%s", diff)
	}
	now, err := w.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(spellLog(log), spell(now)); diff != "" {
		t.Errorf("events of now (-want +got):\n%s", diff)
	}
	if _, err := w.OpenSnapshot("never"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("OpenSnapshot of nothing = %v, want ErrNotFound", err)
	}
}

func TestSnapshotsAreListedOldestFirst(t *testing.T) {
	w := newWarehouse(t)
	for i, name := range []string{"c", "a", "b"} {
		if _, err := w.Snapshot(t.Context(), name, day.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.Snapshots()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	if want := []string{"c", "a", "b"}; !cmp.Equal(names, want) {
		t.Errorf("Snapshots() = %v, want %v", names, want)
	}
}

func TestAnEmptyWarehouseHasEmptyEvents(t *testing.T) {
	e := mustEvents(t, mustSnapshot(t, newWarehouse(t), "empty"))
	if e.Len() != 0 || len(e.UserIDs) != 0 || len(e.ProductIDs) != 0 {
		t.Errorf("events of nothing: %d rows, %d users, %d products", e.Len(), len(e.UserIDs), len(e.ProductIDs))
	}
}

func TestEventsAreTheSameToTheBitEachTime(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 5000), 300)
	mustAppend(t, w, makeLog(1, 1, 5000), 450)
	s := mustSnapshot(t, w, "s")
	first := mustEvents(t, s)
	for range 5 {
		if diff := cmp.Diff(first, mustEvents(t, s)); diff != "" {
			t.Fatalf("two reads of one snapshot differ:\n%s", diff)
		}
	}
}

func TestOpenSnapshotNamesTheFileThatIsCutOrMissing(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 300), 300)
	s := mustSnapshot(t, w, "s")
	name := w.path(s.Parts[0].Name)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, whole[:len(whole)-100], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := w.OpenSnapshot("s"); !errors.Is(err, ErrCorrupt) {
		t.Errorf("OpenSnapshot with a cut part = %v, want ErrCorrupt", err)
	}
	os.Remove(name)
	if _, err := w.OpenSnapshot("s"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("OpenSnapshot without a part = %v, want ErrNotFound", err)
	}
}

func TestEventsOfAPartThatWasChangedAreRefused(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 300), 300)
	s := mustSnapshot(t, w, "s")
	name := w.path(s.Parts[0].Name)
	data := fileBytes(t, name)
	data[len(data)/3] ^= 1
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Events(t.Context()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Events of a part with a flipped bit = %v, want ErrCorrupt", err)
	}
}

func TestProductsAndUsersComeBackAsTheyWere(t *testing.T) {
	w := newWarehouse(t)
	products := []store.Product{
		{ID: "p1", Title: "Heat", Category: "Films > Action", Vendor: "WB", Price: 1999, Currency: "EUR",
			PublishedAt: time.Unix(0, 0).UTC(), Attributes: map[string]string{"genres": "Action, Crime", "": "odd"}, UpdatedAt: day},
		{ID: "p2", Description: "ünïcode, \"quoted\"\nline", Price: -1, OutOfStock: true, Hidden: true},
	}
	users := []store.User{{ID: "u1", Name: "Ann", Persona: "likes jazz", Attributes: map[string]string{"age": "25"}, CreatedAt: day}, {ID: "u2"}}
	putProducts(t, w, 7, products)
	err := w.PutUsers(t.Context(), 3, func(put func([]store.User) error) error { return put(users) })
	if err != nil {
		t.Fatal(err)
	}
	s := mustSnapshot(t, w, "s")
	version, ok := s.ProductsVersion()
	if !ok || version != 7 {
		t.Errorf("ProductsVersion() = %d, %v, want 7", version, ok)
	}
	var gotProducts []store.Product
	err = w.EachProduct(t.Context(), 7, func(batch []store.Product) error {
		gotProducts = append(gotProducts, batch...)
		return nil
	})
	if diff := cmp.Diff(products, gotProducts, sameEmptyMap); err != nil || diff != "" {
		t.Errorf("products: %v (-want +got):\n%s", err, diff)
	}
	var gotUsers []store.User
	err = w.EachUser(t.Context(), 3, func(batch []store.User) error {
		gotUsers = append(gotUsers, batch...)
		return nil
	})
	if diff := cmp.Diff(users, gotUsers, sameEmptyMap); err != nil || diff != "" {
		t.Errorf("users: %v (-want +got):\n%s", err, diff)
	}
}

// sameEmptyMap takes a map without entries for no map.
var sameEmptyMap = cmp.FilterValues(
	func(a, b map[string]string) bool { return len(a) == 0 && len(b) == 0 },
	cmp.Comparer(func(a, b map[string]string) bool { return maps.Equal(a, b) }))

func putProducts(t testing.TB, w *Warehouse, version int64, products []store.Product) {
	t.Helper()
	err := w.PutProducts(t.Context(), version, func(put func([]store.Product) error) error { return put(products) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestOldVersionsGoUnlessASnapshotNamesThem(t *testing.T) {
	w := newWarehouse(t)
	for version := int64(1); version <= 4; version++ {
		putProducts(t, w, version, []store.Product{{ID: "p"}})
		if version == 2 {
			mustSnapshot(t, w, "second")
		}
	}
	versions, err := w.versions(productsTable)
	if want := []int64{2, 4}; err != nil || !cmp.Equal(versions, want) {
		t.Errorf("versions = %v, %v, want %v", versions, err, want)
	}
	if newest, err := w.ProductsVersion(); err != nil || newest != 4 {
		t.Errorf("ProductsVersion() = %d, %v, want 4", newest, err)
	}
}

func TestTheSchemaIsAsPublished(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(0, 1, 1), 1)
	putProducts(t, w, 1, []store.Product{{ID: "p"}})
	if err := w.PutUsers(t.Context(), 1, func(put func([]store.User) error) error { return put([]store.User{{ID: "u"}}) }); err != nil {
		t.Fatal(err)
	}
	mustPutModel(t, w, makeModel("m1", engine.Implicit))
	var got bytes.Buffer
	for _, name := range files(t, w) {
		if filepath.Ext(name) != ".parquet" {
			continue
		}
		table, err := w.openTable(name)
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString("-- " + name + "\n" + table.Schema().String() + "\n")
		table.Close()
	}
	golden(t, "testdata/schema.txt", got.Bytes())
}

// golden compares got with a file, or writes it when UPDATE_GOLDEN is set.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got, UPDATE_GOLDEN=1 rewrites):\n%s", name, diff)
	}
}
