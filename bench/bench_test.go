package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/engine/als"
)

// pairs compares matrices by their pairs alone: all of them are binary.
var pairs = cmpopts.IgnoreUnexported(als.Weights{})

// small is a matrix that takes no time.
func small(t *testing.T) *Data {
	t.Helper()
	d := Generate(Shape{Name: "small", Users: 120, Items: 90, Entries: 1500}, 3)
	if err := d.store(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGenerateDrawsWhatWasAskedFor(t *testing.T) {
	d := Generate(Shape{Users: 200, Items: 300, Entries: 4000}, 1)
	if got := d.Train.NNZ() + d.Test.NNZ(); got != 4000 {
		t.Errorf("%d entries, want 4000", got)
	}
	for u := range d.Train.Rows {
		seen, _ := d.Train.Row(u)
		held, _ := d.Test.Row(u)
		if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Fatalf("row %d = %v: want ascending and no item twice", u, seen)
		}
		if len(held) > 1 || len(held) == 1 && slices.Contains(seen, held[0]) {
			t.Errorf("user %d: held out %v of %v", u, held, seen)
		}
	}
	again := Generate(Shape{Users: 200, Items: 300, Entries: 4000}, 1)
	if diff := cmp.Diff(d.Train, again.Train, pairs); diff != "" {
		t.Errorf("the same seed draws another matrix:\n%s", diff)
	}
}

// run lets valse's own part do a job: the questions are lines of JSON.
func run(t *testing.T, job Job, questions ...string) []Turn {
	t.Helper()
	var in, out bytes.Buffer
	e := json.NewEncoder(&in)
	for _, q := range append([]any{job}, toAny(questions)...) {
		if err := e.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := Contest(t.Context(), &in, &out); err != nil {
		t.Fatal(err)
	}
	var turns []Turn
	for d := json.NewDecoder(&out); ; {
		var turn Turn
		if err := d.Decode(&turn); errors.Is(err, io.EOF) {
			return turns
		} else if err != nil {
			t.Fatal(err)
		}
		turns = append(turns, turn)
	}
}

func toAny(s []string) []any {
	var all []any
	for _, v := range s {
		all = append(all, v)
	}
	return all
}

func TestContestTrainsToTheLossOfItsDefinition(t *testing.T) {
	const rank = 6
	d := small(t)
	for _, nu := range []float64{0, 1} {
		a := ALS{UnobservedWeight: 0.2, Reg: 0.05, RegExponent: nu}
		job := Job{
			Kind: "als", Solver: "exact", Matrix: d.Path, Threads: 1, Rounds: 3, Rank: rank,
			UnobservedWeight: a.UnobservedWeight, Reg: a.Reg, RegExponent: nu,
			Factors: filepath.Join(t.TempDir(), "start"), Out: filepath.Join(t.TempDir(), "end"),
		}
		if err := writeFactors(job.Factors, als.NewFactors(120, rank), initial(90, rank)); err != nil {
			t.Fatal(err)
		}
		turns := run(t, job, "round", "round", "round", "save")
		if len(turns) != 5 {
			t.Fatalf("%d answers, want 5: %+v", len(turns), turns)
		}
		users, items, err := readFactors(job.Out, 120, 90, rank)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := turns[3].Loss, loss(d.Train, users, items, a); math.Abs(got-want) > 1e-4*want {
			t.Errorf("nu %g: the contestant says its loss is %v, it is %v", nu, got, want)
		}
		if !(turns[3].Loss < turns[1].Loss) || turns[1].CPU <= 0 {
			t.Errorf("turns %+v", turns)
		}
	}
}

func TestContestListsEqualAFullSort(t *testing.T) {
	const rank, users, n = 5, 40, 12
	d := small(t)
	job := Job{
		Kind: "topk", Matrix: d.Path, Threads: 1, Rounds: 1, Rank: rank, Users: users, N: n,
		Factors: filepath.Join(t.TempDir(), "factors"), Out: filepath.Join(t.TempDir(), "lists"),
	}
	trained, err := als.Train(t.Context(), d.Train, als.Settings{Rank: rank, Iterations: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFactors(job.Factors, trained.Users, trained.Items); err != nil {
		t.Fatal(err)
	}
	run(t, job, "round", "save")
	lists, err := readLists(job.Out, users, n)
	if err != nil {
		t.Fatal(err)
	}
	full := newSorter(trained, d.Train, n)
	if got, want := full.compare(lists, users), "40 of 40 equal"; got != want {
		t.Errorf("compare = %q, want %q", got, want)
	}
	lists[0], lists[1] = lists[1], lists[0]
	if got, want := full.compare(lists, users), "39 of 40 equal"; got != want {
		t.Errorf("compare of a changed list = %q, want %q", got, want)
	}
}

func TestContestRefusesWhatItDoesNotKnow(t *testing.T) {
	var out bytes.Buffer
	if err := Contest(context.Background(), bytes.NewBufferString("{\"kind\":\"chess\"}\n"), &out); err == nil || !bytes.Contains(out.Bytes(), []byte("chess")) {
		t.Errorf("Contest = %v, said %s", err, &out)
	}
}

func TestReadTakesWarmTestPairsOnly(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte("user_id,item_id,time\na,x,1\na,y,2\nb,x,3\n"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("train.csv.gz", packed.Bytes())
	write("test.csv", []byte("user_id,item_id\nb,y\nc,x\na,z\n"))
	d, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(als.NewMatrix(2, 2, []int32{0, 0, 1}, []int32{0, 1, 0}, nil), d.Train, pairs); diff != "" {
		t.Errorf("train (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(als.NewMatrix(2, 2, []int32{1}, []int32{1}, nil), d.Test, pairs); diff != "" {
		t.Errorf("test (-want +got):\n%s", diff)
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("Read of an empty folder = nil, want an error")
	}
}

func TestReportsAreWritten(t *testing.T) {
	c := Case{Name: "a & b", Rank: 8, Entries: []Entry{
		{Name: "valse exact", Loss: 10, Turns: []Turn{{CPU: 9, Loss: 20}, {CPU: 1, Loss: 12}, {CPU: 1, Loss: 11}}},
		{Name: "other", Loss: 12, Turns: []Turn{{CPU: 30, Peak: 5e6}, {CPU: 4}, {CPU: 2}}},
		{Name: "absent", Failed: "no wheel"},
	}}
	c.settle()
	r := Report{Benchmark: "als", Unit: "CPU s", Cases: []Case{c}}
	var table, picture bytes.Buffer
	if err := r.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	if got := table.String(); !bytes.Contains(table.Bytes(), []byte("no wheel")) || c.Entries[1].CPU != 3 {
		t.Errorf("table:\n%s", got)
	}
	if err := r.WriteCurves(&picture); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(&picture); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}

func TestFoldInMeasuresEachRank(t *testing.T) {
	got, err := FoldIn{Data: small(t), Ranks: []int{8}, Lists: 50}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Rank != 8 || got[0].Both.P50 <= 0 || got[0].Both.P99 < got[0].Both.P50 {
		t.Errorf("FoldIn = %+v", got)
	}
}
