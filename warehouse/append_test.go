package warehouse

import (
	"bufio"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/internal/leak"
	"valse/store"
)

func TestAppendingAgainChangesNothing(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 1000)
	mustAppend(t, w, log[:600], 600)
	before := files(t, w)
	mustAppend(t, w, log[:600], 250)
	if diff := cmp.Diff(before, files(t, w)); diff != "" {
		t.Errorf("appending again changed the files (-before +after):\n%s", diff)
	}
	mustAppend(t, w, log, 1000)
	if diff := cmp.Diff(spellLog(log), spell(mustEvents(t, mustSnapshot(t, w, "s")))); diff != "" {
		t.Errorf("appending an overlapping range lost or doubled rows (-log +events):\n%s", diff)
	}
}

func TestPartsAreSplitWhereTheDayOfAcceptanceChanges(t *testing.T) {
	w := newWarehouse(t)
	mustAppend(t, w, makeLog(2, 700, 100), 100) // one a minute from 12:00: 23:59 is seq 719
	want := []string{
		"interactions/dt=2026-03-01/part-002-000000000700-000000000719.parquet",
		"interactions/dt=2026-03-02/part-002-000000000720-000000000799.parquet",
	}
	if diff := cmp.Diff(want, files(t, w)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestOverlappingPartsOfTwoTransportersAreReadOnce(t *testing.T) {
	w := newWarehouse(t)
	log := makeLog(0, 1, 500)
	for _, piece := range [][2]int{{0, 300}, {0, 200}, {150, 400}, {250, 300}, {400, 500}} {
		rows := log[piece[0]:piece[1]]
		if err := w.writePart(t.Context(), partOf(rows), rows, nil); err != nil {
			t.Fatal(err)
		}
	}
	s := mustSnapshot(t, w, "raced")
	if s.Rows != 500 {
		t.Errorf("snapshot counts %d rows, want 500", s.Rows)
	}
	if diff := cmp.Diff(spellLog(log), spell(mustEvents(t, s))); diff != "" {
		t.Errorf("events differ from the log (-log +events):\n%s", diff)
	}
}

func TestAppendLogRefusesWhatIsNoPieceOfTheLog(t *testing.T) {
	good := func() []store.Interaction { return makeLog(0, 1, 3) }
	for name, spoil := range map[string]func([]store.Interaction){
		"another shard":         func(log []store.Interaction) { log[1].Shard = 1 },
		"out of order":          func(log []store.Interaction) { log[2].Seq = 1 },
		"no time of acceptance": func(log []store.Interaction) { log[0].RecordedAt = time.Time{} },
	} {
		log := good()
		spoil(log)
		w := newWarehouse(t)
		if err := w.AppendLog(t.Context(), 0, log, nil); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: AppendLog = %v, want ErrInvalid", name, err)
		}
		if left := files(t, w); len(left) != 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
}

func TestOpenRefusesAnObjectStoreAndNamesThatAreNoFolder(t *testing.T) {
	for _, c := range []struct{ root, partition string }{
		{"s3://bucket/x", "main"}, {t.TempDir(), ""}, {t.TempDir(), "../up"}, {t.TempDir(), ".tmp"},
	} {
		if _, err := Open(c.root, c.partition, nil); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Open(%q, %q) = %v, want ErrInvalid", c.root, c.partition, err)
		}
	}
}

// files lists the partition's files by path, without what is temporary.
func files(t testing.TB, w *Warehouse) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(w.dir, func(name string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			relative, _ := filepath.Rel(w.dir, name)
			found = append(found, relative)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found = slices.DeleteFunc(found, func(name string) bool { return strings.HasPrefix(name, tempFolder) })
	return found
}

const killedRows = 3000

// TestMain runs the child of the kill test when asked to: it appends the log
// from where the warehouse stands and says so after each batch. Else it fails
// when a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	root := os.Getenv("VALSE_TEST_APPEND")
	if root == "" {
		leak.Main(m)
	}
	// So long a line that it is soon held up where nobody reads.
	line := strings.Repeat("appended ", 5_000) + "\n"
	if err := appendRest(root, func() { os.Stdout.WriteString(line) }); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}

// appendRest appends what the warehouse at root lacks of the log.
func appendRest(root string, appended func()) error {
	w, err := Open(root, "main", nil)
	if err != nil {
		return err
	}
	positions, err := w.Positions(context.Background())
	if err != nil {
		return err
	}
	log := makeLog(0, 1, killedRows)[positions[0]:]
	for batch := range slices.Chunk(log, 37) {
		if err := w.AppendLog(context.Background(), 0, batch, nil); err != nil {
			return err
		}
		appended()
	}
	return nil
}

func TestAWriterKilledAnywhereLosesAndDoublesNothing(t *testing.T) {
	root := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	kills := 0
	for range 12 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "VALSE_TEST_APPEND="+root)
		out, err := child.StdoutPipe()
		if err == nil {
			err = child.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 1 + random.IntN(6); n > 0 && lines.Scan(); n-- {
		}
		time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond)
		child.Process.Kill()
		if child.Wait() != nil {
			kills++
		}
	}
	if kills == 0 {
		t.Fatal("no child was killed before it was done: the test shows nothing")
	}
	if err := appendRest(root, func() {}); err != nil {
		t.Fatal(err)
	}
	w, err := Open(root, "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := spellLog(makeLog(0, 1, killedRows))
	if diff := cmp.Diff(want, spell(mustEvents(t, mustSnapshot(t, w, "after")))); diff != "" {
		t.Errorf("after %d kills events differ from the log (-log +events):\n%s", kills, diff)
	}
	if report, err := w.Verify(t.Context()); err != nil || len(report.Damaged) != 0 {
		t.Errorf("after %d kills Verify() = %v, %v", kills, report, err)
	}
	if left, err := w.Sweep(time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	} else {
		t.Logf("%d kills left %d temporary files, which Sweep removed", kills, left)
	}
}
