package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"valse/warehouse/sources"
)

// python is the independent importer: the standard library's CSV reader and a
// bulk insert into SQLite, once per user, film and time, as durable as ours.
const python = `
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.execute("pragma journal_mode = wal")
db.execute("pragma synchronous = full")
db.execute("create table ratings (user text, item text, stars real, time integer)")
db.execute("create unique index once on ratings (user, item, time)")
with open(sys.argv[1], encoding="latin-1", newline="") as file, db:
    rows = csv.reader((line.replace("::", "\t") for line in file), delimiter="\t")
    db.executemany("insert or ignore into ratings values (?, ?, ?, ?)",
        ((user, item, float(stars), int(time)) for user, item, stars, time in rows))
print(db.execute("select count(*) from ratings").fetchone()[0])
`

// BenchmarkImportBesidePython imports a file of MovieLens 1M's format and size
// with the whole program, the copy to the warehouse included, and by turns with
// the importer above. It reports how many times the processor time and the time
// on the wall of the other one it takes, and the memory. The second import of
// the same must change nothing.
func BenchmarkImportBesidePython(b *testing.B) {
	if _, err := exec.LookPath("python3"); err != nil {
		b.Skip("there is no python3 to compare with")
	}
	for _, shuffled := range []bool{false, true} {
		b.Run(map[bool]string{false: "by-user", true: "shuffled"}[shuffled], func(b *testing.B) {
			file := writeRatings(b, shuffled)
			var theirs, ours, again cost
			for b.Loop() {
				theirs.add(measure(b, "python3", "-c", python, file, filepath.Join(b.TempDir(), "ratings.db")))
				args := []string{"import", "--format", "movielens", "--json",
					"--store", "sqlite:" + b.TempDir(), "--warehouse", b.TempDir(), filepath.Dir(file)}
				for _, round := range []struct {
					*cost
					created int
				}{{&ours, ratingRows}, {&again, 0}} {
					out := round.add(measure(b, "valse", args...))
					var report sources.Report
					if err := json.Unmarshal(out, &report); err != nil || report.Interactions.Created != round.created || report.Interactions.Read != ratingRows {
						b.Fatalf("import = %+v, %v; want %d created", report.Interactions, err, round.created)
					}
				}
			}
			b.ReportMetric(ours.cpu.Seconds()/theirs.cpu.Seconds(), "cpu-ratio")
			b.ReportMetric(ours.wall.Seconds()/theirs.wall.Seconds(), "wall-ratio")
			b.ReportMetric(ours.cpu.Seconds()/float64(b.N), "cpu-s")
			b.ReportMetric(again.cpu.Seconds()/float64(b.N), "again-cpu-s")
			b.ReportMetric(float64(max(ours.peak, again.peak))/1024, "peak-MiB")
		})
	}
}

// cost is what processes took.
type cost struct {
	cpu, wall time.Duration
	peak      int64 // KiB
}

// add adds what one process took and passes its output on.
func (c *cost) add(one cost, out []byte) []byte {
	c.cpu, c.wall, c.peak = c.cpu+one.cpu, c.wall+one.wall, max(c.peak, one.peak)
	return out
}

// measure runs a program.
func measure(b *testing.B, name string, args ...string) (cost, []byte) {
	b.Helper()
	cmd := exec.Command(name, args...)
	begin := time.Now()
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", name, err, out)
	}
	wall := time.Since(begin)
	used := cmd.ProcessState
	return cost{cpu: used.UserTime() + used.SystemTime(), wall: wall, peak: used.SysUsage().(*syscall.Rusage).Maxrss}, out
}

// What MovieLens 1M has.
const ratingUsers, ratingFilms, ratingRows = 6_040, 3_706, 1_000_209

// writeRatings writes a ratings.dat of that size and shape: each user rates
// many films once within an evening, some films far more often than others.
func writeRatings(b *testing.B, shuffled bool) string {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	popular := rand.NewZipf(random, 1.1, 100, ratingFilms-1)
	lines := make([]string, 0, ratingRows)
	for user := range ratingUsers {
		evening := 956_703_932 + random.Int64N(80_000_000)
		films := map[uint64]bool{}
		for n := (ratingRows - len(lines)) / (ratingUsers - user); len(films) < n; {
			film := popular.Uint64()
			if films[film] {
				continue
			}
			films[film] = true
			lines = append(lines, fmt.Sprintf("%d::%d::%d::%d\n", user+1, film+1, 1+random.IntN(5), evening+random.Int64N(7_200)))
		}
	}
	if shuffled {
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	}
	name := filepath.Join(b.TempDir(), "ratings.dat")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	for _, line := range lines {
		out.WriteString(line)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	return name
}
