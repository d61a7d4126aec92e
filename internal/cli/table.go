package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"valse/engine"
)

// table aligns columns of text.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer) table {
	return table{tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)}
}

func (t table) row(cells ...string) { fmt.Fprintln(t.w, strings.Join(cells, "\t")) }
func (t table) flush()              { t.w.Flush() }

func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// printEvaluation shows held-out quality, a block of rows per contender.
func printEvaluation(w io.Writer, ev *engine.Evaluation) {
	if ev == nil {
		return
	}
	if measuresNobody(ev) {
		fmt.Fprintf(w, "\nheld out: %s: nobody has anything to find, too few events to measure\n", ev.Split)
		return
	}
	fmt.Fprintf(w, "\nheld out: %s\n", ev.Split)
	t := newTable(w)
	if ev.TestRMSE > 0 {
		fmt.Fprintf(w, "RMSE: test %.4f, biases alone %.4f", ev.TestRMSE, ev.BiasRMSE)
		if ev.ValidationRMSE > 0 {
			fmt.Fprintf(w, ", validation %.4f", ev.ValidationRMSE)
		}
		fmt.Fprintln(w)
	}
	t.row("", "k", "recall", "ndcg", "map", "hit rate", "coverage", "novelty")
	for _, r := range ev.Reports {
		for i, at := range r.Report.At {
			name := r.Name
			if i > 0 {
				name = ""
			}
			t.row(name, fmt.Sprint(at.K), number(at.Recall), number(at.NDCG), number(at.MAP), number(at.HitRate), number(at.Coverage), fmt.Sprintf("%.2f", at.Novelty))
		}
	}
	t.flush()
}

// measuresNobody tells that no user had an event to be found.
func measuresNobody(ev *engine.Evaluation) bool {
	return ev.TestRMSE == 0 && len(ev.Reports) > 0 && ev.Reports[0].Report.Users == 0
}

// printInterviews shows what the ways of asking newcomers came to.
func printInterviews(w io.Writer, interviews *engine.Interviews) {
	if interviews == nil {
		return
	}
	fmt.Fprintf(w, "\nquestions: %d people asked; newcomers are asked by %s\n", interviews.People, interviews.Asking)
	t := newTable(w)
	t.row("", "recall@20 after 5 answers", "after 10", "better by")
	for _, way := range interviews.Ways {
		gain := ""
		if way.Asking != engine.AskPopular {
			gain = fmt.Sprintf("%+.4f ± %.4f", way.Gain, way.Deviation)
		}
		t.row(string(way.Asking), measured(way.AfterFive), measured(way.AfterTen), gain)
	}
	t.flush()
}

// printTrials shows the leaderboard of a search.
func printTrials(w io.Writer, trials []engine.Trial) {
	if len(trials) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w)
	t.row("rank", "iterations", "reg", "w0", "half-life", "validation", "test", "")
	for _, trial := range trials {
		s, note := trial.Settings, trial.Skipped
		if trial.Best {
			note = "best"
		}
		if trial.Name != "" {
			t.row(trial.Name, "", "", "", "", number(trial.Validation), measured(trial.Test), note)
			continue
		}
		if s.Binary {
			note = strings.TrimSpace(note + " binary")
		}
		t.row(fmt.Sprint(s.Rank), fmt.Sprint(s.Iterations), fmt.Sprint(s.Reg), fmt.Sprint(s.UnobservedWeight),
			fmt.Sprint(s.HalfLife), number(trial.Validation), measured(trial.Test), note)
	}
	t.flush()
}

func number(v float64) string { return fmt.Sprintf("%.4f", v) }

// measured is a number that is 0 where nothing was measured.
func measured(v float64) string {
	if v == 0 {
		return "–"
	}
	return number(v)
}
