package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report is what a benchmark found.
type Report struct {
	Benchmark string   `json:"benchmark"`
	Unit      string   `json:"unit"`    // of Entry.CPU
	Setting   string   `json:"setting"` // what all cases share
	Skipped   []string `json:"skipped,omitempty"`
	Cases     []Case   `json:"cases"`
}

// Case is one matrix at one rank.
type Case struct {
	Name    string  `json:"name"`
	Size    string  `json:"size"`
	Rank    int     `json:"rank"`
	Entries []Entry `json:"entries"`
}

// Entry is what one contestant did.
type Entry struct {
	Name   string  `json:"name"`
	CPU    float64 `json:"cpu"`  // median of the rounds, in the report's unit
	Wall   float64 `json:"wall"` // median, likewise
	Peak   int64   `json:"peak"` // bytes resident at most
	Loss   float64 `json:"loss,omitempty"`
	Recall float64 `json:"recall,omitempty"` // Recall@20 of the items held out
	Same   string  `json:"same,omitempty"`   // how its lists compare with a full sort
	Turns  []Turn  `json:"turns,omitempty"`
	Failed string  `json:"failed,omitempty"`
}

// skip names the peers that take no part.
func (r *Report) skip(peers []Peer) {
	for _, p := range peers {
		if p.Missing != "" {
			r.Skipped = append(r.Skipped, p.Name+": "+p.Missing)
		} else if p.Version != "" {
			r.Setting += ", " + p.Name + " " + p.Version
		}
	}
}

// settle computes what the turns come to. The first turn counts only where it
// is the only one: it is also the one that touches memory for the first time.
func (c *Case) settle() {
	for i := range c.Entries {
		e := &c.Entries[i]
		turns := e.Turns
		if len(turns) > 1 {
			turns = turns[1:]
		}
		var cpu, wall []float64
		for _, t := range turns {
			cpu, wall = append(cpu, t.CPU), append(wall, t.Wall)
		}
		for _, t := range e.Turns {
			e.Peak = max(e.Peak, t.Peak)
		}
		e.CPU, e.Wall = median(cpu), median(wall)
	}
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	x = slices.Sorted(slices.Values(x))
	return (x[len(x)/2] + x[(len(x)-1)/2]) / 2
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteTable writes the report for people: a table for each case, with each
// contestant's time over that of valse's own contestants.
func (r *Report) WriteTable(w io.Writer) error {
	fmt.Fprintf(w, "%s: %s; %s/%s\n", r.Benchmark, r.Setting, runtime.GOOS, runtime.GOARCH)
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "without %s\n", s)
	}
	for _, c := range r.Cases {
		fmt.Fprintf(w, "\n%s (%s), rank %d\n", c.Name, c.Size, c.Rank)
		if err := c.writeTable(w, r.Unit); err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) writeTable(w io.Writer, unit string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	var own []Entry
	head := []string{"", unit, "wall", "peak MB"}
	for _, e := range c.Entries {
		if strings.HasPrefix(e.Name, "valse") && e.CPU > 0 {
			own = append(own, e)
			head = append(head, "× "+e.Name)
		}
	}
	fmt.Fprintln(t, strings.Join(append(head, "loss", "recall@20", "lists", ""), "\t"))
	for _, e := range c.Entries {
		if e.Failed != "" {
			fmt.Fprintf(t, "%s\t%s\t\n", e.Name, e.Failed)
			continue
		}
		row := []string{e.Name, number(e.CPU), number(e.Wall), fmt.Sprintf("%.0f", float64(e.Peak)/1e6)}
		for _, o := range own {
			row = append(row, number(e.CPU/o.CPU))
		}
		row = append(row, unlessZero("%.6g", e.Loss), unlessZero("%.4f", e.Recall), e.Same, "")
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// number prints three digits that matter.
func number(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

func unlessZero(format string, x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprintf(format, x)
}
