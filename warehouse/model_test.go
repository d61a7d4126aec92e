package warehouse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/engine"
	"valse/engine/als"
	"valse/store"
)

// makeModel returns a small model, always the same one but for its id and kind.
func makeModel(id string, feedback engine.Feedback) *engine.Model {
	return makeModelOf(200, id, feedback)
}

func makeModelOf(users int, id string, feedback engine.Feedback) *engine.Model {
	const products, rank = 7, 3
	random := rand.New(rand.NewPCG(1, 2))
	numbers := func(n int) []float32 {
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(random.NormFloat64())
		}
		return values
	}
	ids := func(prefix string, n int) []string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprint(prefix, i)
		}
		return names
	}
	m := &engine.Model{
		Info: engine.Info{
			ID: id, CreatedAt: day, Settings: engine.Settings{Feedback: feedback, Rank: rank}.WithDefaults(),
			Snapshot: "s", Users: users, Products: products, Interactions: 99,
			Sweeps: []als.Sweep{{N: 1, Loss: 2.5}},
		},
		UserIDs: ids("u", users), X: als.Factors{Rows: users, Rank: rank, Data: numbers(users * rank)},
		ProductIDs: ids("p", products), Y: als.Factors{Rows: products, Rank: rank, Data: numbers(products * rank)},
	}
	if feedback == engine.Explicit {
		m.Mean, m.UserBias, m.ProductBias = 3.5, numbers(users), numbers(products)
	}
	return m
}

func mustPutModel(t testing.TB, w *Warehouse, m *engine.Model) {
	t.Helper()
	if err := w.PutModel(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestAModelComesBackToTheBit(t *testing.T) {
	w := newWarehouse(t)
	for _, m := range []*engine.Model{makeModelOf(2*readBatch+1, "m1", engine.Implicit), makeModel("m2", engine.Explicit)} {
		mustPutModel(t, w, m)
		got, err := w.Model(t.Context(), m.Info.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("model %s (-put +loaded):\n%s", m.Info.ID, diff)
		}
		if err := w.PutModel(t.Context(), m); !errors.Is(err, store.ErrConflict) {
			t.Errorf("PutModel again = %v, want ErrConflict", err)
		}
	}
	infos, err := w.Models(t.Context())
	if err != nil || len(infos) != 2 || infos[0].ID != "m1" || infos[1].ID != "m2" {
		t.Errorf("Models() = %v, %v, want m1 and m2", infos, err)
	}
	if err := w.DeleteModel(t.Context(), "m1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Model(t.Context(), "m1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Model after DeleteModel = %v, want ErrNotFound", err)
	}
	if err := w.DeleteModel(t.Context(), "m1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("DeleteModel again = %v, want ErrNotFound", err)
	}
}

func TestPutModelRefusesWhatCannotBeServed(t *testing.T) {
	for want, spoil := range map[string]func(*engine.Model){
		"is NaN":          func(m *engine.Model) { m.Y.Data[4] = float32(math.NaN()) },
		"is +Inf":         func(m *engine.Model) { m.X.Data[0] = float32(math.Inf(1)) },
		"there twice":     func(m *engine.Model) { m.UserIDs[3] = m.UserIDs[8] },
		"rank 2":          func(m *engine.Model) { m.Y = als.NewFactors(7, 2) },
		"for 200 ids":     func(m *engine.Model) { m.X = als.NewFactors(199, 3) },
		"the bias is NaN": func(m *engine.Model) { m.UserBias[1] = float32(math.NaN()) },
		"one side only":   func(m *engine.Model) { m.ProductBias = nil },
		"the mean is NaN": func(m *engine.Model) { m.Mean = float32(math.NaN()) },
		"described":       func(m *engine.Model) { m.Info.Products = 8 },
	} {
		m := makeModel("m", engine.Explicit)
		spoil(m)
		w := newWarehouse(t)
		err := w.PutModel(t.Context(), m)
		if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("PutModel = %v, want ErrInvalid saying %q", err, want)
		}
		if left := files(t, w); len(left) != 0 {
			t.Errorf("%s: left %v", want, left)
		}
	}
}

func TestTheLoaderNamesWhatIsWrong(t *testing.T) {
	edit := func(change func(map[string]any)) func([]byte) []byte {
		return func(data []byte) []byte {
			var m map[string]any
			if err := json.Unmarshal(data, &m); err != nil {
				panic(err)
			}
			change(m)
			delete(m, "sha256")
			var sealed bytes.Buffer
			if err := writeSealed(&sealed, m); err != nil {
				panic(err)
			}
			return sealed.Bytes()
		}
	}
	cases := []struct {
		file, want string
		damage     func([]byte) []byte
	}{
		{modelFile, "model.json: corrupt: it does not end with its own checksum", func(data []byte) []byte { return data[:len(data)/2] }},
		{modelFile, "format 2", edit(func(m map[string]any) { m["format"] = 2 })},
		{modelFile, "rank 0", edit(func(m map[string]any) { m["rank"] = 0 })},
		{modelFile, "user_factors.parquet: corrupt: row 0 of a row group does not have 6 numbers", edit(func(m map[string]any) { m["rank"] = 6 })},
		{modelFile, `unknown field "rang"`, edit(func(m map[string]any) { m["rang"] = 6 })},
		{modelFile, "its tables 200", edit(func(m map[string]any) { m["users"] = 4 })},
		{modelFile, `the id "other"`, edit(func(m map[string]any) { m["id"] = "other" })},
		{modelFile, "tables are not just", edit(func(m map[string]any) { delete(m["tables"].(map[string]any), userFactorsFile) })},
		{itemFactorsFile, "SHA-256", func(data []byte) []byte { data[len(data)/2] ^= 4; return data }},
		{userFactorsFile, ErrCorrupt.Error(), func(data []byte) []byte { return data[:100] }},
		{userFactorsFile, "not found", func([]byte) []byte { return nil }},
	}
	for _, c := range cases {
		w := newWarehouse(t)
		mustPutModel(t, w, makeModel("m", engine.Explicit))
		name := w.path("models/m", c.file)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		os.Remove(name)
		if data = c.damage(data); data != nil {
			os.WriteFile(name, data, 0o644)
		}
		_, err = w.Model(t.Context(), "m")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "models/m") {
			t.Errorf("Model = %v, want an error about %s that says %q", err, c.file, c.want)
		}
	}
}

func TestAnExportedModelCanBeImportedElsewhere(t *testing.T) {
	from, to := newWarehouse(t), newWarehouse(t)
	m := makeModel("m", engine.Explicit)
	mustPutModel(t, from, m)
	var archive bytes.Buffer
	if err := from.ExportModel(t.Context(), "m", &archive); err != nil {
		t.Fatal(err)
	}
	info, err := to.ImportModel(t.Context(), bytes.NewReader(archive.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Info, info, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("imported info (-want +got):\n%s", diff)
	}
	got, err := to.Model(t.Context(), "m")
	if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Errorf("imported model: %v (-want +got):\n%s", err, diff)
	}
	if _, err := to.ImportModel(t.Context(), bytes.NewReader(archive.Bytes())); !errors.Is(err, store.ErrConflict) {
		t.Errorf("ImportModel again = %v, want ErrConflict", err)
	}
	if _, err := to.ImportModel(t.Context(), bytes.NewReader(archive.Bytes()[:archive.Len()/2])); !errors.Is(err, ErrCorrupt) {
		t.Errorf("ImportModel of half = %v, want ErrCorrupt", err)
	}
}
