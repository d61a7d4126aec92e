package model

import (
	"encoding/json"

	"valse/store"
)

// Run shows a run of the store.
type Run struct{ store.Run }

// NewRuns shows runs.
func NewRuns(runs []store.Run) []Run {
	views := make([]Run, len(runs))
	for i, r := range runs {
		views[i] = Run{r}
	}
	return views
}

// IsNode marks a type with global ids.
func (Run) IsNode() {}

// ID is the global id.
func (r *Run) ID() string { return GlobalID(KindRun, r.Run.ID) }

// RunID is the store's own id.
func (r *Run) RunID() string { return r.Run.ID }

// Error is nil unless it failed.
func (r *Run) Error() *string { return optional(r.Run.Error) }

// Input is what was asked for, as JSON.
func (r *Run) Input() any { return rawJSON(r.Run.Input) }

// Output is what came out, as JSON.
func (r *Run) Output() any { return rawJSON(r.Run.Output) }

// Points is the curve so far.
func (r *Run) Points() []RunPoint {
	points := make([]RunPoint, len(r.Run.Points))
	for i, p := range r.Run.Points {
		points[i] = RunPoint{Step: p.Step, Series: p.Series, Loss: p.Loss, Metric: optional(p.Metric)}
	}
	return points
}

// rawJSON is nil when there is nothing, so that the schema shows null.
func rawJSON(text json.RawMessage) any {
	if len(text) == 0 {
		return nil
	}
	return text
}
