package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"valse/internal/pipeline"
	"valse/warehouse/sources"
)

func TestAnImportTellsHowFarTheMoveToTheWarehouseIs(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	file := filepath.Join(t.TempDir(), "events.csv")
	var rows strings.Builder
	rows.WriteString("user_id,item_id,type,value,timestamp,event_id\n")
	for n := range 500 {
		fmt.Fprintf(&rows, "u%d,p%d,PURCHASE,1,2026-01-02T03:04:05Z,e%d\n", n%50, n%7, n)
	}
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := sources.ByName("csv")
	if err != nil {
		t.Fatal(err)
	}
	plan := sources.Plan{Source: source, Input: sources.Input{Interactions: file}, Now: day0.AddDate(1, 0, 0)}
	var phases []string
	var last sources.Progress
	record := func(at sources.Progress) {
		if f := at.Fraction(); f < 0 || f > 1 {
			t.Errorf("%+v is %v of its phase", at, f)
		}
		if at.Phase != last.Phase {
			phases = append(phases, fmt.Sprintf("%s from %v", at.Phase, at.Phase == "moving" && at.Fraction() == 0))
		}
		last = at
	}
	if _, err := w.Import(t.Context(), plan, record); err != nil {
		t.Fatal(err)
	}
	if n := len(phases); n < 2 || phases[n-1] != "moving from true" {
		t.Errorf("phases = %v, want the last to move, from 0 on", phases)
	}
	if last.Rows != 500 || last.Fraction() != 1 || last.String() != "moving to the warehouse: 500 of 500 events" {
		t.Errorf("the last word is %q, %v", last, last.Fraction())
	}
	phases, last = nil, sources.Progress{}
	if _, err := w.Import(t.Context(), plan, record); err != nil {
		t.Fatal(err)
	}
	if last.Phase != "applying" {
		t.Errorf("an import that brings nothing new ends with %q", last)
	}
}
