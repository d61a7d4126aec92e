package warehouse

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"valse/engine"
	"valse/store"
)

// acceptable is what a decoder may answer to any bytes. A number taken for an
// address is not, even where the run time notices.
func acceptable(err error) bool {
	if errors.Is(err, ErrCorrupt) {
		return !strings.Contains(err.Error(), "unsafe")
	}
	return err == nil || errors.Is(err, store.ErrNotFound)
}

func fileBytes(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzPart(f *testing.F) {
	seed := newWarehouse(f)
	mustAppend(f, seed, makeLog(0, 1, 40), 40)
	f.Add(fileBytes(f, seed.path(files(f, seed)[0])))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows := 0
		err := ReadInteractions(t.Context(), "part", bytes.NewReader(data), int64(len(data)), func(batch []store.Interaction) error {
			rows += len(batch)
			return nil
		})
		if !acceptable(err) {
			t.Fatal(err)
		}
		w := newWarehouse(t)
		name := partName{Shard: 0, First: 1, Last: 40}
		if err := w.ensureDir(w.path("interactions/dt=1970-01-01")); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(w.path(name.String()), data, 0o644)
		if _, err := w.Events(t.Context()); !acceptable(err) {
			t.Fatal(err)
		}
	})
}

func FuzzFactors(f *testing.F) {
	seed := newWarehouse(f)
	m := makeModel("m", engine.Explicit)
	m.UserIDs, m.UserBias, m.Info.Users = m.UserIDs[:9], m.UserBias[:9], 9
	m.X.Rows, m.X.Data = 9, m.X.Data[:27]
	mustPutModel(f, seed, m)
	f.Add(fileBytes(f, seed.path("models/m", userFactorsFile)))
	f.Fuzz(func(t *testing.T, data []byte) {
		err := readOutside("factors", bytes.NewReader(data), int64(len(data)), func(table *table) error {
			var factors factorTable
			return factors.read(t.Context(), table, 3)
		})
		if !acceptable(err) {
			t.Fatal(err)
		}
	})
}

func FuzzManifests(f *testing.F) {
	w, _ := fullWarehouse(f)
	f.Add(fileBytes(f, w.path("snapshots/first.json")))
	f.Add(fileBytes(f, w.path("models/m1/model.json")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := decodeSnapshot(bytes.NewReader(data), "snapshot"); !acceptable(err) {
			t.Fatal(err)
		}
		if _, err := decodeManifest(bytes.NewReader(data), "model"); !acceptable(err) {
			t.Fatal(err)
		}
	})
}

func FuzzArchive(f *testing.F) {
	seed := newWarehouse(f)
	mustPutModel(f, seed, makeModel("m", engine.Implicit))
	var archive bytes.Buffer
	if err := seed.ExportModel(f.Context(), "m", &archive); err != nil {
		f.Fatal(err)
	}
	f.Add(archive.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := newWarehouse(t).ImportModel(t.Context(), bytes.NewReader(data)); !acceptable(err) {
			t.Fatal(err)
		}
	})
}

func FuzzPartName(f *testing.F) {
	f.Add("interactions/dt=2026-03-01/part-002-000000000700-000000000719.parquet")
	f.Fuzz(func(t *testing.T, text string) {
		if name, ok := parsePartName(text); ok && name.String() != text {
			t.Errorf("parsePartName(%q) = %v", text, name)
		}
	})
}
