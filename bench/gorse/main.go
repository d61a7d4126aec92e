// Command gorse is the part of github.com/zhenghaoz/gorse in valse's
// benchmarks: its eALS (CCD), an epoch a round. It speaks the protocol of
// valse's bench.Job.
//
// Gorse's Fit evaluates, copies its factors and restores the best by its own
// measure, so a round is one Fit of one epoch less what a Fit of none takes,
// and there are no factors to compare.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/zhenghaoz/gorse/base/task"
	"github.com/zhenghaoz/gorse/model"
	"github.com/zhenghaoz/gorse/model/ranking"
)

type job struct {
	Kind, Matrix  string
	Rank, Threads int
	W0            float64 `json:"w0"`
	Reg           float64 `json:"reg"`
}

type turn struct {
	CPU  float64 `json:"cpu"`
	Wall float64 `json:"wall"`
	Peak int64   `json:"peak"`
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Scan()
	var j job
	if err := json.Unmarshal(in.Bytes(), &j); err != nil {
		log.Fatal(err)
	}
	train, err := read(j.Matrix)
	if err != nil {
		log.Fatal(err)
	}
	idle := fit(j, train, 0)
	_ = out.Encode(turn{})
	for in.Scan() {
		if in.Text() == `"save"` {
			_ = out.Encode(turn{})
			continue
		}
		t := fit(j, train, 1)
		t.CPU -= idle.CPU
		t.Wall -= idle.Wall
		_ = out.Encode(t)
	}
}

// fit trains for some epochs and says what it took.
func fit(j job, train *ranking.DataSet, epochs int) turn {
	m := ranking.NewCCD(model.Params{
		model.NFactors: j.Rank, model.NEpochs: epochs,
		model.Reg: float32(j.Reg), model.Alpha: float32(j.W0),
	})
	nothing := ranking.NewDirectIndexDataset()
	c := ranking.NewFitConfig()
	c.JobsAllocator = task.NewConstantJobsAllocator(j.Threads)
	cpu, _ := usage()
	start := time.Now()
	m.Fit(train, nothing, c)
	after, peak := usage()
	return turn{CPU: (after - cpu).Seconds(), Wall: time.Since(start).Seconds(), Peak: peak}
}

func read(path string) (*ranking.DataSet, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	var head [3]int64
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, err
	}
	ptr := make([]int64, head[0]+1)
	if err := binary.Read(r, binary.LittleEndian, &ptr); err != nil {
		return nil, err
	}
	d := ranking.NewDirectIndexDataset()
	for u := range head[0] {
		d.AddUser(strconv.FormatInt(u, 10))
	}
	for i := range head[1] {
		d.AddItem(strconv.FormatInt(i, 10))
	}
	var column [4]byte
	for u := range head[0] {
		name := strconv.FormatInt(u, 10)
		for range ptr[u+1] - ptr[u] {
			if _, err := io.ReadFull(r, column[:]); err != nil {
				return nil, err
			}
			d.AddFeedback(name, strconv.Itoa(int(binary.LittleEndian.Uint32(column[:]))), false)
		}
	}
	return d, nil
}

func usage() (cpu time.Duration, peak int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0
	}
	peak = u.Maxrss << 10
	// What Linux keeps for the program alone.
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &peak); n == 1 {
			peak <<= 10
			break
		}
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), peak
}
